"""An outbox holds what is owed: each task once, until it is done, and unknown ones for good."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest

from presswork.events import Type
from presswork.tasks import (
    AnnounceRevision,
    CheckKeyAt,
    InvalidatePath,
    KnownTask,
    Outbox,
    UnknownTask,
    UpdateList,
)

HOME, TAG = UpdateList(list="home"), UpdateList(list="tag:boats")
NEWER = {"kind": "of_tomorrow", "number": Decimal(7), "names": ["a", "b"]}


def test_a_task_stands_in_it_once() -> None:
    """Adding what is there already adds nothing, but a version: it is to be done again."""
    outbox = Outbox().add(HOME, TAG).add(TAG)
    assert outbox.tasks == (HOME, TAG)
    assert outbox.version == 2


def test_what_is_done_goes_alone() -> None:
    """Other tasks stay, in their order."""
    path = InvalidatePath(path="/a/")
    assert Outbox().add(HOME, TAG, path).clear([TAG]).tasks == (HOME, path)


@pytest.mark.parametrize(
    "task",
    [
        HOME,
        CheckKeyAt(at=datetime(2026, 5, 4, tzinfo=UTC)),
        AnnounceRevision(type=Type.PARSED, revision=3),
    ],
)
def test_a_task_is_read_as_it_was_stored(task: KnownTask) -> None:
    """The table holds each kind of value so that it comes back equal."""
    outbox = Outbox().add(task)
    assert Outbox.model_validate(outbox.stored()) == outbox


def test_a_task_of_newer_software_is_kept_to_the_letter() -> None:
    """After a rollback it is neither done nor lost, whatever else is added and cleared."""
    outbox = Outbox.model_validate({"version": 4, "tasks": [NEWER, HOME.model_dump()]})
    assert outbox.known == (HOME,)
    assert isinstance(outbox.tasks[0], UnknownTask)
    after = outbox.add(TAG).clear(outbox.add(TAG).known)
    assert after.known == ()
    assert after.stored()["tasks"] == [NEWER]


@pytest.mark.parametrize(
    "task",
    [
        {"kind": "announce_revision", "type": "post.of_tomorrow", "revision": 3},
        {"kind": "update_list", "list": "home", "since": "tomorrow"},
        {"kind": "update_list"},
    ],
)
def test_a_known_kind_that_says_more_is_kept_as_well(task: dict[str, object]) -> None:
    """A value or a field of tomorrow makes no post unreadable, and is not lost."""
    outbox = Outbox.model_validate({"version": 1, "tasks": [task]})
    assert outbox.known == ()
    assert outbox.stored()["tasks"] == [task]


def test_each_kind_has_a_name_of_its_own() -> None:
    """No two tasks are told apart by anything but their kind."""
    kinds = [each.model_fields["kind"].default for each in get_args(KnownTask)]
    assert len(kinds) == len(set(kinds))
