"""How many messages are worked on at once, by the caps of the event sources."""

import inspect
import re

from presswork.imaging import HostThrottle
from presswork_cli.operate.doctor import AT_ONCE
from template.stack import REPOSITORY, Stack, name_of

CAPS = {"ParseBulkQueue": 2, "ImagesQueue": 3, "ImagesBulkQueue": 2, "IndexQueue": 2}
NEW_ACCOUNT = 10
"""AWS Lambda Developer Guide, "Lambda quotas": new accounts have less than 1,000; ten was seen."""


def caps(stack: Stack) -> dict[str, int]:
    """The most invocations at once of each queue that has such a limit."""
    return {
        name_of(mapping["EventSourceArn"]): mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
        if "ScalingConfig" in mapping
    }


def test_only_what_must_is_capped(stack: Stack) -> None:
    """A cap has Lambda poll a queue with five instead of two while nothing comes, which costs.

    AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings".
    """
    assert caps(stack) == CAPS


def test_bulk_work_leaves_a_new_account_something(stack: Stack) -> None:
    """All that is capped together leaves room for a post of today."""
    assert sum(caps(stack).values()) < NEW_ACCOUNT


def test_doctor_knows_how_many_run_at_once(stack: Stack) -> None:
    """What is capped, and one more for each function that is also called otherwise."""
    mappings = stack.of("AWS::Lambda::EventSourceMapping").values()
    called = {name_of(m["FunctionName"]) for m in mappings if "ScalingConfig" not in m}
    called |= set(stack.of("AWS::Lambda::Function")) - {
        name_of(m["FunctionName"]) for m in mappings
    }
    assert sum(caps(stack).values()) + len(called) == AT_ONCE


def test_a_host_of_images_meets_no_crowd(stack: Stack) -> None:
    """Each worker is polite by itself alone: docs/images.md tells what all of them come to."""
    each = inspect.signature(HostThrottle).parameters["connections"].default
    workers = sum(most for queue, most in caps(stack).items() if queue.startswith("Images"))
    told = re.search(
        r"at most (\d+) connections in all, (\d+) of each of (\d+) workers",
        (REPOSITORY / "docs/images.md").read_text(),
    )
    assert told is not None
    assert tuple(map(int, told.groups())) == (workers * each, each, workers)
    assert workers * each <= 30
