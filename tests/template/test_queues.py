"""Messages: each reaches its stage, is tried again, and is kept when that does not help."""

from typing import Any

import pytest

from presswork.aws.clients import PATIENCE
from presswork.stages.converge import NO_LONGER_AT_WORK
from presswork_cli.recovery.import_state import LONGEST_WORK
from template.stack import Stack, listed, name_of, references

FORTNIGHT = 14 * 24 * 3600

# Which events each stage hears.
HEARD = {
    "ImagesQueue": {"post.parsed"},
    "RenderQueue": {"post.ready"},
    "IndexQueue": {"post.live", "post.removed"},
    "NotifyQueue": {"post.live", "post.rejected", "post.waiting"},
}


def dead_letters(stack: Stack) -> set[str]:
    """The queues that only failed messages come to."""
    queues = stack.of("AWS::SQS::Queue")
    return {
        name_of(properties["RedrivePolicy"]["deadLetterTargetArn"])
        for kind in ("AWS::SQS::Queue", "AWS::SNS::Subscription")
        for properties in stack.of(kind).values()
        if "RedrivePolicy" in properties
    } | {name_of(t["DeadLetterConfig"]["Arn"]) for t in targets(stack)} & set(queues)


def targets(stack: Stack) -> list[dict[str, Any]]:
    """The targets of every rule."""
    return [t for rule in stack.of("AWS::Events::Rule").values() for t in rule["Targets"]]


def writers(stack: Stack, queue: str, service: str) -> set[str]:
    """The sources on whose behalf a service may send to a queue."""
    return {
        source
        for policy in stack.of("AWS::SQS::QueuePolicy").values()
        if queue in references(policy["Queues"])
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": service}
        and statement["Action"] == "sqs:SendMessage"
        and (statement["Resource"] == "*" or queue in references(statement["Resource"]))
        for source in references(statement["Condition"]["ArnEquals"]["aws:SourceArn"])
    }


def test_every_queue_has_a_dead_letter_queue(stack: Stack) -> None:
    """A message that fails ten times is kept for a fortnight.

    What Lambda receives and has no worker for counts as well: AWS Lambda Developer Guide,
    "Configuring scaling behavior for SQS event source mappings".
    """
    queues = stack.of("AWS::SQS::Queue")
    kept = dead_letters(stack)
    for name in set(queues) - kept:
        assert queues[name]["RedrivePolicy"]["maxReceiveCount"] == 10, name
        assert name_of(queues[name]["RedrivePolicy"]["deadLetterTargetArn"]) != name
    for name in kept:
        assert queues[name]["MessageRetentionPeriod"] == FORTNIGHT, name


def test_every_queue_is_encrypted(stack: Stack) -> None:
    """With a key that costs nothing."""
    for name, queue in stack.of("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True, name


def test_no_message_comes_back_while_it_is_worked_on(stack: Stack) -> None:
    """A queue hides a message for at least six times its function's timeout."""
    functions = stack.of("AWS::Lambda::Function")
    queues = stack.of("AWS::SQS::Queue")
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        timeout = functions[name_of(mapping["FunctionName"])]["Timeout"]
        queue = name_of(mapping["EventSourceArn"])
        assert queues[queue]["VisibilityTimeout"] >= 6 * timeout, queue


def test_a_connection_that_says_nothing_ends_no_invocation(stack: Stack) -> None:
    """Within each function's time a call is made a second time, and in a stage's a fourth.

    Between them botocore pauses for up to 1, 2 and 4 seconds.
    """
    mappings = stack.of("AWS::Lambda::EventSourceMapping").values()
    stages = {name_of(mapping["FunctionName"]) for mapping in mappings}
    for name, function in stack.of("AWS::Lambda::Function").items():
        tries, pauses = (4, 1 + 2 + 4) if name in stages else (2, 1)
        assert tries * PATIENCE + pauses < function["Timeout"], name


def test_one_bad_message_does_not_bring_back_its_batch(stack: Stack) -> None:
    """Every mapping takes partial failures, and every queue has exactly one function.

    AWS Lambda API Reference, "CreateEventSourceMapping": more than ten messages at once ask for a
    window of a second or more.
    """
    mappings = stack.of("AWS::Lambda::EventSourceMapping").values()
    for mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        window = mapping.get("MaximumBatchingWindowInSeconds", 0)
        assert mapping["BatchSize"] <= (50 if window >= 1 else 10)
    consumed = [name_of(mapping["EventSourceArn"]) for mapping in mappings]
    assert sorted(consumed) == sorted(set(stack.of("AWS::SQS::Queue")) - dead_letters(stack))


def test_each_stage_hears_its_events(stack: Stack) -> None:
    """One topic, raw delivery, filtered by type, a dead-letter queue, and the right to deliver."""
    heard = {}
    for name, subscription in stack.of("AWS::SNS::Subscription").items():
        if subscription["Protocol"] == "email":
            continue
        assert name_of(subscription["TopicArn"]) == "Topic"
        assert subscription["RawMessageDelivery"] is True
        failed = name_of(subscription["RedrivePolicy"]["deadLetterTargetArn"])
        queue = name_of(subscription["Endpoint"])
        assert writers(stack, queue, "sns.amazonaws.com") == {"Topic"}, name
        assert writers(stack, failed, "sns.amazonaws.com") == {"Topic"}, name
        (key,) = subscription["FilterPolicy"]
        assert key == "type"
        heard[queue] = set(subscription["FilterPolicy"]["type"])
    assert heard == HEARD


def test_every_rule_may_deliver_and_keeps_what_it_cannot(stack: Stack) -> None:
    """Each target has a dead-letter queue, and lets its rule, and no other, in."""
    permitted = {
        (name_of(p["FunctionName"]), source)
        for p in stack.of("AWS::Lambda::Permission").values()
        if p["Principal"] == "events.amazonaws.com"
        for source in references(p["SourceArn"])
    }
    used = set()
    for rule, properties in stack.of("AWS::Events::Rule").items():
        for target in properties["Targets"]:
            arn = name_of(target["Arn"])
            let_in = {source for target, source in permitted if target == arn}
            assert rule in (let_in or writers(stack, arn, "events.amazonaws.com"))
            used |= {(arn, rule)}
            failed = name_of(target["DeadLetterConfig"]["Arn"])
            assert rule in writers(stack, failed, "events.amazonaws.com")
    assert permitted <= used
    for queue in stack.of("AWS::SQS::Queue"):
        if queue not in dead_letters(stack):
            let_in = writers(stack, queue, "events.amazonaws.com")
            assert {(queue, source) for source in let_in} <= used


def test_parse_hears_of_all_content_and_nothing_else(stack: Stack) -> None:
    """Created and deleted, whatever the kind of deletion, of this bucket."""
    pattern = stack.of("AWS::Events::Rule")["ContentRule"]["EventPattern"]
    assert set(pattern) == {"source", "detail-type", "detail"}
    assert pattern["source"] == ["aws.s3"]
    assert pattern["detail-type"] == ["Object Created", "Object Deleted"]
    assert set(pattern["detail"]) == {"bucket", "object"}
    assert name_of(pattern["detail"]["bucket"]) == "ContentBucket"
    # static/ and assets/ hold authors' own images.
    folders = ("posts/", "pages/", "static/", "assets/", "theme/")
    assert pattern["detail"]["object"] == {
        "key": [*({"prefix": folder} for folder in folders), "site.yaml"]
    }
    notices = stack.resources["ContentBucket"]["Properties"]["NotificationConfiguration"]
    assert notices == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}


def test_maintain_keeps_what_it_could_not_do(stack: Stack) -> None:
    """The function that the clock invokes has a place for its failures, and may write there."""
    (config,) = stack.of("AWS::Lambda::EventInvokeConfig").values()
    function = name_of(config["FunctionName"])
    assert function == "MaintainFunction"
    failed = name_of(config["DestinationConfig"]["OnFailure"]["Destination"])
    role = stack.resources[name_of(stack.of("AWS::Lambda::Function")[function]["Role"])]
    (policy,) = role["Properties"]["Policies"]
    assert any(
        "sqs:SendMessage" in listed(statement["Action"])
        and failed in references(statement["Resource"])
        for statement in policy["PolicyDocument"]["Statement"]
    )


@pytest.mark.parametrize("name", ["RenderFunction", "IndexFunction"])
def test_pages_are_looked_at_again_when_no_worker_of_then_is_left(stack: Stack, name: str) -> None:
    """Who had them in hand when a later change was done has written by then, or never will."""
    function = stack.of("AWS::Lambda::Function")[name]
    assert 2 * function["Timeout"] == NO_LONGER_AT_WORK


def test_an_import_waits_as_long_as_any_function_may_run(stack: Stack) -> None:
    """Who read the table before a state is imported has written by then, or never will."""
    timeouts = [each["Timeout"] for each in stack.of("AWS::Lambda::Function").values()]
    assert max(timeouts) == LONGEST_WORK
