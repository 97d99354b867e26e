"""What the roles of the template may do, and how that compares with what they did."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from template.stack import Stack, listed, name_of

_NAME = re.compile(r"\$\{(?:AWS::)?(\w+)(?:\.Arn)?\}")
_ARN_FIELDS = 5


@dataclass(frozen=True, order=True)
class Use:
    """One action of a role on one resource; `context` holds what a condition may ask about it."""

    role: str
    action: str
    resource: str
    context: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, order=True)
class Grant:
    """One action that a role may take on the resources of one pattern, under a condition.

    The condition names a pattern for the value of each key.
    """

    role: str
    action: str
    resource: str
    condition: frozenset[tuple[str, str]] = frozenset()

    def allows(self, use: Use) -> bool:
        """Whether IAM lets the use pass because of this grant."""
        return (
            (self.role, self.action) == (use.role, use.action)
            and _pattern(self.resource).fullmatch(use.resource) is not None
            and all(
                any(key == name and _pattern(asked).fullmatch(value) for name, value in use.context)
                for key, asked in self.condition
            )
        )


@dataclass(frozen=True)
class Reason:
    """Why a role may do what it was not seen to do; `[*]` is a star that stands in the grant."""

    action: str
    resource: str
    why: str
    role: str = "*"

    def excuses(self, grant: Grant) -> bool:
        """Whether a grant is one of those that the reason is about."""
        return (
            self.action == grant.action
            and _pattern(self.role).fullmatch(grant.role) is not None
            and _pattern(self.resource).fullmatch(grant.resource) is not None
        )


_POLLS = "Lambda polls the queue with the role of the function"
REASONS = (
    Reason("logs:CreateLogStream", "*Logs", "Lambda writes the function's log with its role"),
    Reason("logs:PutLogEvents", "*Logs", "Lambda writes the function's log with its role"),
    Reason("sqs:ReceiveMessage", "*Queue", _POLLS),
    Reason("sqs:DeleteMessage", "*Queue", _POLLS),
    Reason("sqs:GetQueueAttributes", "*Queue", _POLLS),
    Reason("sqs:SendMessage", "RuleDeadLetters", "Lambda keeps what maintain failed at"),
    Reason("scheduler:CreateSchedule", "schedule/default/[*]", "the local cloud mistakes groups"),
)
"""The whole list of what no code of ours asks for, in a stack without traces."""

TRACING = (
    Reason("xray:PutTraceSegments", "[*]", "Lambda traces the function with its role"),
    Reason("xray:PutTelemetryRecords", "[*]", "Lambda traces the function with its role"),
)
"""What a stack with traces grants besides."""


def grants(stack: Stack) -> list[Grant]:
    """Every right of every role of a stack, one action and one pattern each."""
    return sorted(
        {
            Grant(role, action, spelled(resource), frozenset(asked))
            for role, properties in stack.of("AWS::IAM::Role").items()
            for policy in properties["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            for asked in product(*_asked(statement))
        }
    )


def consumers(stack: Stack) -> dict[str, str]:
    """The role under which the messages of each queue are worked on."""
    functions = stack.of("AWS::Lambda::Function")
    return {
        name_of(mapping["EventSourceArn"]): name_of(
            functions[name_of(mapping["FunctionName"])]["Role"]
        )
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
    }


def spelled(resource: Any) -> str:
    """A resource of a policy by its logical id, without what all ARNs of a service begin with."""
    match resource:
        case str(text):
            return text
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
        case {"Fn::Sub": str(text)}:
            spelled = _NAME.sub(r"\1", text)
            is_arn = spelled.startswith("arn:")
            return spelled.split(":", _ARN_FIELDS)[-1] if is_arn else spelled
    raise AssertionError(resource)


def refused(granted: Iterable[Grant], used: Iterable[Use]) -> list[Use]:
    """The uses that no grant allows."""
    granted = list(granted)
    return [use for use in used if not any(grant.allows(use) for grant in granted)]


def unused(
    granted: Iterable[Grant], used: Iterable[Use], reasons: Sequence[Reason] = REASONS
) -> list[Grant]:
    """The grants that nobody made use of, and that no reason excuses."""
    used = list(used)
    return [
        grant
        for grant in granted
        if not any(grant.allows(use) for use in used)
        and not any(reason.excuses(grant) for reason in reasons)
    ]


def table(
    granted: Iterable[Grant], used: Iterable[Use], reasons: Sequence[Reason] = REASONS
) -> Iterator[str]:
    """What is printed: a line for each role, and one for each grant that was never used."""
    granted, used = list(granted), list(used)
    left = unused(granted, used, reasons)
    for role in sorted({grant.role for grant in granted}):
        own = [grant for grant in granted if grant.role == role]
        excused = [grant for grant in own if any(reason.excuses(grant) for reason in reasons)]
        never = [grant for grant in left if grant.role == role]
        yield (
            f"{role:14} {len(own):3} granted, {len(excused):2} of them for a reason; "
            f"granted and never used: {len(never)}"
        )
        yield from (f"    {grant.action} on {grant.resource}" for grant in never)


def _asked(statement: Mapping[str, Any]) -> Iterator[list[tuple[str, str]]]:
    """What a statement's condition asks for: of each key one of some values, which a use has."""
    for operator, keys in statement.get("Condition", {}).items():
        assert operator.removeprefix("ForAllValues:") in {"StringEquals", "StringLike"}, operator
        for key, values in keys.items():
            assert operator.endswith("Like") or not any("*" in spelled(v) for v in listed(values))
            yield [(key, spelled(value)) for value in listed(values)]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of IAM in which `*` stands for anything; `[*]` is the star itself."""
    parts = (re.escape(part).replace(r"\*", ".*") for part in text.split("[*]"))
    return re.compile(r"\*".join(parts), re.DOTALL)
