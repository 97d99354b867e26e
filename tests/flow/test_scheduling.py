"""Posts that come and go by the clock: each at its time, whatever is lost on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flow.memory_table import failed
from flow.world import World, plain
from presswork.aws.lists import DUE
from presswork.aws.queues import Queue
from presswork.messages import Hint, Message
from presswork.post import Status

KEY = "posts/f.md"
PATH = "/2026/05/f/"
DATE = "2026-05-06 09:00:00"


def due(world: World) -> list[Any]:
    """What maintain would find due in the end."""
    return list(world.stores.lists.due(DUE, datetime(9999, 1, 1, tzinfo=UTC)))


def test_a_future_post_appears_when_its_schedule_fires(world: World) -> None:
    """Nobody else has to look: maintain does not run here."""
    world.put(KEY, plain("F", date=DATE))
    world.run()
    assert world.source(KEY).status is Status.SCHEDULED
    world.now = datetime(2026, 5, 6, 8, 59, 59, tzinfo=UTC)
    assert world.fire() == 0
    world.later(seconds=1)
    assert world.fire() == 1
    world.run()
    assert world.page(PATH) is not None
    assert b">F<" in world.pages()["index.html"]
    assert (world.scheduled(), due(world)) == ({}, [])


def test_a_post_with_an_end_goes_when_its_schedule_fires(world: World) -> None:
    """One that is scheduled and ends has one schedule after the other."""
    world.put(KEY, plain("F", date=DATE, expires="2026-05-07 09:00:00"))
    world.run()
    world.later(days=2)
    assert world.fire() == 1
    world.run()
    assert world.page(PATH) not in (None, "410")
    assert len(world.scheduled()) == 1
    world.later(days=1)
    assert world.fire() == 1
    world.run()
    assert world.page(PATH) == "410"
    assert b">F<" not in world.pages()["index.html"]
    assert (world.scheduled(), due(world)) == ({}, [])


def test_looking_again_schedules_nothing_twice(world: World) -> None:
    """However often a key is looked at, one time is one schedule."""
    for _ in range(3):
        world.put(KEY, plain("F", date=DATE))
        world.hint(KEY)
    world.run()
    assert len(world.scheduled()) == 1
    assert len(due(world)) == 1


def test_another_date_counts_at_once(world: World) -> None:
    """The old schedule still fires, and changes nothing; nothing else is left of the old date."""
    world.put(KEY, plain("F", date=DATE, slug="f"))
    world.run()
    world.put(KEY, plain("F", date="2026-05-05 09:00:00", slug="f"))
    world.run()
    assert len(world.scheduled()) == 2
    assert [work.sort_key[:10] for work in due(world)] == ["2026-05-05"]
    world.later(days=1)
    assert world.fire() == 1
    world.run()
    page = world.page(PATH)
    assert page is not None
    world.later(days=1)
    assert world.fire() == 1
    world.run()
    assert world.page(PATH) == page
    assert world.types()["post.live"] == 1


def test_a_draft_is_due_no_more(world: World) -> None:
    """Who takes a date back leaves nothing for maintain."""
    world.put(KEY, plain("F", date=DATE))
    world.run()
    world.put(KEY, plain("F", date=DATE, draft="true"))
    world.run()
    assert due(world) == []
    world.put(KEY, plain("F", date=DATE))
    world.run()
    assert len(due(world)) == 1
    world.delete(KEY)
    world.run()
    assert due(world) == []


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "CreateSchedule"])
def test_a_crash_loses_no_time(world: World, operation: str) -> None:
    """A worker dies before or after its commit, or before its schedule: the next delivery mends."""
    world.crash_at(operation)
    world.put(KEY, plain("F", date=DATE))
    world.run()
    assert not world.pending_crash()
    assert len(world.scheduled()) == 1
    world.later(days=2)
    world.fire()
    world.run()
    assert world.page(PATH) is not None


def test_maintain_finds_what_scheduler_lost(world: World) -> None:
    """A lost schedule costs an hour at most."""
    world.put(KEY, plain("F", date=DATE))
    world.run()
    for name in world.scheduled():
        world.scheduler.delete_schedule(GroupName="group", Name=name)
    world.later(days=2)
    world.maintain.run(world.now)
    world.run()
    assert world.page(PATH) is not None
    assert due(world) == []


def test_what_maintain_sends_too_early_is_still_due(world: World) -> None:
    """Its clock is ahead of parse's: the post's time is not struck out."""
    world.put(KEY, plain("F", date=DATE))
    world.run()
    world.maintain.run(world.now + timedelta(days=2))
    world.run()
    assert world.source(KEY).status is Status.SCHEDULED
    assert len(due(world)) == 1


class Kept(Queue):
    """A queue that keeps what it was sent, with its delay."""

    def __init__(self) -> None:
        super().__init__(None, "")
        self.sent: list[tuple[Message, int]] = []

    def send(self, message: Message, *, delay: int = 0) -> None:
        """Keeps a message."""
        self.sent.append((message, delay))


@pytest.mark.parametrize(("seconds", "delay"), [(1, 1), (45, 45), (60, 60), (61, None)])
def test_the_last_minute_passes_in_the_queue(world: World, seconds: int, delay: int | None) -> None:
    """Scheduler, which knows no seconds, may be too early: the key is looked at again in time."""
    queue = Kept()
    parse = replace(world.parse, hints=queue)
    world.put(KEY, plain("F", date=f"{world.now + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"))
    assert parse.look(KEY) is Status.SCHEDULED
    assert queue.sent == ([] if delay is None else [(Hint(key=KEY), delay)])
    assert len(world.scheduled()) == (1 if delay is None else 0)
    assert len(due(world)) == 1


def test_a_time_that_passed_meanwhile_is_looked_at_at_once(world: World) -> None:
    """A look that takes longer than a post's time has to come sends the key on without delay."""
    queue, times = Kept(), iter([world.now, world.now + timedelta(seconds=9)])
    parse = replace(world.parse, hints=queue, clock=lambda: next(times))
    world.put(KEY, plain("F", date=f"{world.now + timedelta(seconds=5):%Y-%m-%d %H:%M:%S}"))
    parse.look(KEY)
    assert queue.sent == [(Hint(key=KEY), 0)]


def test_what_scheduler_refuses_is_left_to_maintain(world: World) -> None:
    """The look ends well, and the time stands among what is due."""
    world.put(KEY, plain("F", date=DATE))
    parse = replace(world.parse, schedules=replace(world.schedules, client=Refusing))
    assert parse.look(KEY) is Status.SCHEDULED
    assert len(due(world)) == 1


class Refusing:
    """A Scheduler that takes nothing."""

    def create_schedule(self, **_: object) -> None:
        """Refuses."""
        raise failed("ServiceQuotaExceededException", "CreateSchedule")
