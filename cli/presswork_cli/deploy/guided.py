"""`deploy`: asks what it needs to know, builds, shows what would change, and does it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import typer
from botocore.exceptions import ClientError

from presswork_cli.deploy import questions, sam_cli
from presswork_cli.deploy.sam_cli import Sam
from presswork_cli.deploy.template import Parameter, Template
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.layout import Layout
from presswork_cli.operate import samconfig
from presswork_cli.operate.commands import OnAws
from presswork_cli.operate.finding import missing_outputs
from presswork_cli.operate.stack import Deployed
from presswork_cli.options import STACK
from presswork_cli.printing import terminal

_CLEAR = "-"
_NAME = Parameter(
    name="Stack",
    description="The name of the stack: it is part of the names of functions, logs and secrets.",
    default=STACK,
    pattern="[A-Za-z][A-Za-z0-9-]{0,127}",
    allowed=(),
    constraint="A stack's name is letters, digits and hyphens, and begins with a letter.",
)
_REGION = Parameter(
    name="Region",
    description="Where it lies. Readers are served from near them, wherever that is.",
    default="",
    pattern="[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}",
    allowed=(),
    constraint="A region is named like eu-west-1: give one, or say it with --region.",
)


@dataclass(frozen=True)
class Deployment:
    """All that a deployment needs to know."""

    stack: Deployed
    sam: Sam
    parameters: Mapping[str, str]

    def run(self, layout: Layout, *, yes: bool) -> Deployed:
        """Builds and deploys; the stack as it is then."""
        self.sam.build(layout.template, self.parameters)
        config = Path.cwd() / samconfig.NAME
        if not config.exists():  # SAM refuses the name of one that is not there
            config.write_text("version = 0.1\n", encoding="utf-8")
        self.sam.deploy(self.stack.name, self.parameters, config, yes=yes)
        # What is remembered of the stack before is out of date.
        return Deployed(self.stack.name, self.sam.region, self.sam.profile, self.sam.endpoint)


def plan(target: OnAws, layout: Layout, words: Sequence[str], *, yes: bool) -> Deployment:
    """What is to be deployed, by the words of the command, what was kept, and who is asked."""
    template = Template.read(layout.template)
    said = questions.given(template, words)
    saved = samconfig.nearest(Path.cwd())
    ask = None if yes else _ask
    if target.name not in (None, saved.stack):
        saved = samconfig.Saved()
    profile = target.profile or saved.profile
    region = target.region or _chosen(_REGION, saved.region or _usual_region(profile), ask)
    known = target.name or saved.stack
    usual = known or Deployed(None, region, profile, target.endpoint).name
    name = target.name or _chosen(_NAME, usual, ask)
    if name != known:
        saved = samconfig.Saved()
    sam = Sam.found(layout, region, profile, target.endpoint)
    stack = Deployed(name, region, profile, target.endpoint)
    kept = {**_deployed(stack), **saved.parameters}
    parameters = questions.answers(template, said, kept, ask, partial(_suggested, stack))
    wanted = said.get("PythonRuntime") or kept.get("PythonRuntime")
    chosen = parameters | {"PythonRuntime": sam_cli.runtime(wanted)}
    return Deployment(stack, sam, chosen)


def _chosen(parameter: Parameter, usual: str, ask: questions.Ask | None) -> str:
    value = usual if ask is None else ask(parameter, usual)
    questions.refuse(parameter, value)
    return value


def _usual_region(profile: str | None) -> str:
    return boto3.Session(profile_name=profile).region_name or ""


def _deployed(stack: Deployed) -> dict[str, str]:
    """The parameters of a stack that is there; Failure where it cannot be changed.

    AWS CloudFormation User Guide, "Stack status codes": what rolled back its creation can only be
    deleted.
    """
    stack.client("sts").get_caller_identity()  # before anybody answers questions in vain
    found = _described(stack)
    if found is None:
        return {}
    status = found["StackStatus"]
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
        raise Failure(
            f"the stack {stack.name} is {status} and cannot be changed: take it away with "
            "`presswork destroy`, and deploy again",
            Exit.REJECTED,
        )
    if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        raise Failure(
            f"the stack {stack.name} is being changed ({status}): wait until it ended",
            Exit.NO_CLOUD,
        )
    if status != "REVIEW_IN_PROGRESS" and missing_outputs(found):
        raise Failure(
            f"the stack {stack.name} is another's: it is none of Presswork; choose another name "
            "with --stack",
            Exit.USAGE,
        )
    listed = found.get("Parameters", ())
    return {each["ParameterKey"]: each["ParameterValue"] for each in listed}


def _suggested(stack: Deployed, name: str, found: Mapping[str, str]) -> str | None:
    """SES refuses to create an identity that exists, and with it CloudFormation the whole stack."""
    sender = found.get("MailFrom")
    if name != "MailIdentity" or not sender:
        return None
    for identity in (sender, sender.partition("@")[2]):
        with suppress(ClientError):  # it is not there, or nobody may look
            stack.client("sesv2").get_email_identity(EmailIdentity=identity)
            return "existing"
    return None


def _described(stack: Deployed) -> Mapping[str, Any] | None:
    paginator = stack.client("cloudformation").get_paginator("describe_stacks")
    every = (each for page in paginator.paginate() for each in page["Stacks"])
    return next((each for each in every if each["StackName"] == stack.name), None)


def _ask(parameter: Parameter, usual: str) -> str:
    """Asks until the answer is one that CloudFormation takes; Enter is the usual answer."""
    terminal.say(f"\n{parameter.description}")
    if parameter.allowed:
        terminal.say(f"One of: {', '.join(parameter.allowed)}")
    if usual and not parameter.allowed and parameter.accepts(""):
        terminal.say(f"{_CLEAR} for none.")
    while True:
        try:
            answer = typer.prompt(parameter.name, default=usual, show_default=bool(usual), err=True)
        except typer.Abort as nobody:
            raise Failure(
                "nothing was deployed: nobody answered; without questions it goes with --yes, and "
                "--parameter NAME=VALUE for each answer",
                Exit.USAGE,
            ) from nobody
        value = "" if answer.strip() == _CLEAR else answer.strip()
        if parameter.accepts(value) and not (parameter.name in questions.NEEDED and not value):
            return value
        terminal.say(parameter.constraint)
