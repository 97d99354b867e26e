"""What the roles of the local cloud asked for, as its IAM decided."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from e2e.local import Local
from presswork_cli.local.layout import Layout
from presswork_cli.options import STACK
from template import rights
from template.rights import Reason, Use

_RECORDING = Path(__file__).parent / "recording"
_CONDITIONS = frozenset(
    {
        ("dynamodb:LeadingKeys", "IDEMPOTENCY#webhook"),
        ("dynamodb:LeadingKeys", "POST#"),
        ("dynamodb:LeadingKeys", "SRC#posts/hooks/"),
        ("iam:PassedToService", "scheduler.amazonaws.com"),
    }
)
"""What each use is taken to fulfil: the local cloud enforces neither."""

REASONS = (
    *rights.REASONS,
    Reason("s3:ListBucket", "*Bucket", "the local cloud tells everybody that a key is absent"),
    Reason(
        "scheduler:CreateSchedule", "schedule/ScheduleGroup/[*]", "the local cloud mistakes groups"
    ),
    Reason("iam:PassRole", "ScheduleRole", "the local cloud does not ask for it"),
    Reason("sqs:SendMessage", "ParseQueue", "the local cloud sends as nobody", "ScheduleRole"),
    Reason(
        "s3:DeleteObject", "SiteBucket/-/media/[*]", "two days after the last use", "ImagesRole"
    ),
    Reason("dynamodb:PutItem", "Table", "a period of more posts than a page lists", "IndexRole"),
    Reason("dynamodb:PutItem", "Table", "a dead letter at the full hour", "MaintainRole"),
    Reason("sqs:SendMessage", "IndexQueue", "a document that has yet to be put right", "IndexRole"),
)
"""Why a right may go unused here; the last four are used in `tests/flow`, where time is cheap."""


def log(layout: Layout) -> Path:
    """Where every decision is noted, one JSON list a line."""
    return layout.state / "rights.jsonl"


def recorded(
    environment: Callable[..., dict[str, str]],
) -> Callable[..., dict[str, str]]:
    """The environment of a local cloud that notes its decisions."""
    return lambda layout, record, save=None: (
        environment(layout, record, save)
        | {
            "PYTHONPATH": str(_RECORDING),
            "RIGHTS_LOG": str(log(layout)),
        }
    )


def uses(local: Local) -> Iterator[Use]:
    """What roles of the stack did, with resources by their logical ids."""
    resources = local.cloud.client("cloudformation").describe_stack_resources(StackName=STACK)
    names = {
        each["PhysicalResourceId"].rpartition("/")[2]: each["LogicalResourceId"]
        for each in resources["StackResources"]
    }
    for line in set(log(local.layout).read_text().splitlines()):
        principal, action, resource, decision = json.loads(line)
        role = names.get(principal.split("/")[1]) if ":assumed-role/" in principal else None
        if role is not None and decision == "Allow":
            yield Use(role, action, _spelled(resource, names), _CONDITIONS)


def _spelled(arn: str, names: dict[str, str]) -> str:
    """A resource as `template.rights` spells it."""
    if arn in names:  # of a topic, which is its id
        return names[arn]
    name = arn.split(":", 5)[-1]
    for part in ("table/", "role/"):
        name = name.removeprefix(part)
    name = name.replace(f"parameter/presswork/{STACK}/", "parameter/presswork/StackName/")
    return "/".join(names.get(each, each) for each in name.split("/"))
