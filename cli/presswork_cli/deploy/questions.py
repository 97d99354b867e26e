"""Which parameters a deployment is asked for, and what is held against the answers."""

from collections.abc import Callable, Mapping, Sequence

from presswork_cli.deploy.template import Parameter, Template
from presswork_cli.failure import Exit, Failure

ASKED: Mapping[str, str] = {
    "DomainName": "",
    "CertificateArn": "DomainName",
    "AlarmEmail": "",
    "MonthlyBudget": "AlarmEmail",
    "MailFrom": "",
    "MailIdentity": "MailFrom",
    "MailTo": "MailFrom",
    "AuthorEmail": "MailFrom",
    "HookUrl": "",
}
"""What is asked, and the parameter without which it would mean nothing."""

NEVER = frozenset({"ConnectTo", "LocalPort"})
"""What is set by the local cloud and by tests alone."""

NEEDED = frozenset({"CertificateArn"})
"""What cannot stay empty, once it is asked for."""

Ask = Callable[[Parameter, str], str]
"""Asks for a parameter, with the answer that Enter gives."""


Suggest = Callable[[str, Mapping[str, str]], str | None]
"""What is known of a parameter once those before it have an answer."""


def given(template: Template, words: Sequence[str]) -> dict[str, str]:
    """The answers that came with the command, each as NAME=VALUE."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name in NEVER or name not in template.parameters:
            names = ", ".join(sorted(template.parameters.keys() - NEVER))
            raise Failure(
                f"--parameter {word}: give NAME=VALUE with one of these names: {names}", Exit.USAGE
            )
        refuse(template.parameters[name], value)
        found[name] = value
    return found


def refuse(parameter: Parameter, value: str) -> None:
    """Raises Failure for a value that CloudFormation would not take."""
    if not parameter.accepts(value):
        raise Failure(f"{parameter.name}={value}: {parameter.constraint}", Exit.USAGE)


def answers(
    template: Template,
    said: Mapping[str, str],
    known: Mapping[str, str],
    ask: Ask | None,
    suggest: Suggest,
) -> dict[str, str]:
    """A value for each parameter: as said, else as asked for, else as known, else the default."""
    found: dict[str, str] = {}
    for name, parameter in template.parameters.items():
        if name in NEVER:
            continue
        usual = known[name] if name in known else suggest(name, found) or parameter.default
        if name in said:
            found[name] = said[name]
        elif name not in ASKED or ask is None:
            found[name] = usual
        elif ASKED[name] and not found[ASKED[name]]:
            found[name] = parameter.default
        else:
            found[name] = ask(parameter, usual)
        refuse(parameter, found[name])
    _refuse_halves(found)
    return found


def _refuse_halves(found: Mapping[str, str]) -> None:
    """The rules of the template, told before anything is built."""
    for name in NEEDED:
        if bool(found[name]) is not bool(found[ASKED[name]]):
            there, missing = (name, ASKED[name]) if found[name] else (ASKED[name], name)
            raise Failure(
                f"{there} wants a {missing}: give both, or neither; docs/deploy.md tells how to "
                "get a certificate",
                Exit.USAGE,
            )
