"""The operator is told once a day of what lies in dead-letter queues, and of the way out."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from flow.memory_table import failed
from flow.world import World


def _fail(world: World, queue: str, count: int = 1) -> None:
    for _ in range(count):
        world.sqs.send_message(QueueUrl=world.dead_urls[queue], MessageBody="{}")


def _empty(world: World, queue: str) -> None:
    world.sqs.receive_message(QueueUrl=world.dead_urls[queue], MaxNumberOfMessages=10)


def test_each_queue_that_is_not_empty_is_named_with_the_way_out(world: World) -> None:
    """How many messages lie in each, and since when they were seen."""
    world.maintain.run(world.now)
    assert world.operator() == []
    _fail(world, "ParseDeadLetters", 2)
    _fail(world, "RuleDeadLetters")
    world.maintain.run(world.now)
    ((subject, text),) = world.operator()
    assert subject == "Presswork: 3 messages could not be worked on"
    since = f"seen first at {world.now:%Y-%m-%d %H:%M} UTC"
    assert f"  ParseDeadLetters: 2 messages, {since}\n" in text
    assert f"  RuleDeadLetters: 1 message, {since}\n" in text
    assert "ImagesDeadLetters" not in text
    assert "presswork dead-letters list" in text


def test_it_is_told_once_a_day(world: World) -> None:
    """Whatever comes in between; the next day the mail says since when a message lies there."""
    _fail(world, "ParseDeadLetters")
    first = world.now
    for _ in range(24):
        world.maintain.run(world.now)
        world.later(hours=1)
        _fail(world, "IndexDeadLetters")
    assert len(world.operator()) == 1
    world.maintain.run(world.now)
    ((_, text),) = world.operator()
    assert f"ParseDeadLetters: 1 message, seen first at {first:%Y-%m-%d %H:%M} UTC" in text


def test_a_queue_that_was_empty_in_between_is_seen_anew(world: World) -> None:
    """What lies there is not as old as what was there before."""
    _fail(world, "ParseDeadLetters")
    world.maintain.run(world.now)
    _empty(world, "ParseDeadLetters")
    world.later(hours=1)
    world.maintain.run(world.now)
    world.operator()
    world.later(hours=30)
    _fail(world, "ParseDeadLetters")
    world.maintain.run(world.now)
    ((_, text),) = world.operator()
    assert f"seen first at {world.now:%Y-%m-%d %H:%M} UTC" in text


def test_two_workers_tell_once(world: World) -> None:
    """The clock's own run and one that a deployment caused meet."""

    def run() -> None:
        world.maintain.run(world.now)

    _fail(world, "ParseDeadLetters")
    world.before("PutItem", "DEAD_LETTERS", run)
    world.at_work(lambda: world.maintain.run(world.now))
    assert len(world.operator()) == 1


def test_what_was_not_told_is_told_at_the_next_run(world: World) -> None:
    """A mail that SNS does not take is not counted as told."""

    def refuse() -> None:
        raise failed("InternalError", "Publish")

    _fail(world, "ParseDeadLetters")
    world.before("Publish", "could not be worked on", refuse)
    with pytest.raises(ClientError):
        world.at_work(lambda: world.maintain.run(world.now))
    assert world.operator() == []
    world.later(hours=1)
    world.maintain.run(world.now)
    assert len(world.operator()) == 1


def test_without_an_operator_the_log_has_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Where nobody is to be mailed, a line of the log says what lies where."""
    digest = replace(world.maintain.dead_letters, topic=None)
    _fail(world, "ParseDeadLetters", 2)
    replace(world.maintain, dead_letters=digest).run(world.now)
    (line,) = (record for record in caplog.records if record.message == "dead letters")
    assert line.levelname == "WARNING"
    assert line.queues == {"ParseDeadLetters": 2}  # type: ignore[attr-defined]
    assert world.operator() == []
