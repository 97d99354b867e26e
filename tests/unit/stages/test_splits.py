"""A period is split once it has too many members, and the record of that is right in the end."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from flow.memory_table import Item, Key, MemoryTable
from presswork.aws.look import TableLook
from presswork.aws.stores import Stores
from presswork.aws.table import Table
from presswork.errors import RetryLater
from presswork.post import Card, Status
from presswork.settings import Site
from presswork.stages.index.members import Members, Reach
from presswork.stages.index.splits import Note, Notes, OutboxMoved, Splits
from presswork.state import ListMember, PostState
from presswork.tasks import Task, UpdateMonth, UpdateParts

MONTH, FOURTH, FIFTH, SIXTH = "2026-05", "2026-05-04", "2026-05-05", "2026-05-06"
AGAIN = UpdateMonth(month=MONTH)
PUT, TAKE = True, False


def place(post: str) -> str:
    """The smallest period of a post that is called by its day and its part, as in `04-1`."""
    return f"{MONTH}-{post.ljust(len('04-123456789012'), '0')}"


def change(stores: Stores, *posts: str, put: bool = PUT) -> None:
    """Adds posts to their periods, or takes them out."""
    for post in posts:
        date = datetime(2026, 5, int(post[:2]), tzinfo=UTC)
        card = Card(id=post, path=f"/{post}/", title=post, date=date, lang="en")
        name = f"period:{place(post)}"
        member = ListMember(card=card, words=name)
        lists = stores.lists
        stores.write(lists.put_member(name, member) if put else lists.delete_member(name, card))


def settle(
    stores: Stores, post: str, *, note: Note = lambda _: None, most: int = 2
) -> tuple[str, ...]:
    """The periods on the way to a post, once their record is right."""
    members = Members(TableLook.at(stores.table), Reach(), most)
    found = Splits(members, Site()).settle(f"period:{place(post)}", note)
    return tuple(name.removeprefix("period:") for name in found)


@pytest.mark.parametrize(
    ("posts", "found", "splits"),
    [
        ([], (MONTH,), {}),
        (["04-1", "05-1"], (MONTH,), {}),
        (["04-1", "05-1", "06-1"], (MONTH, FOURTH), {MONTH: (FOURTH, FIFTH, SIXTH)}),
        (
            ["04-1", "04-2", "04-3", "05-1"],
            (MONTH, FOURTH, f"{FOURTH}-1"),
            {MONTH: (FOURTH, FIFTH), FOURTH: (f"{FOURTH}-1", f"{FOURTH}-2", f"{FOURTH}-3")},
        ),
        (
            ["04-11", "04-12", "04-13"],
            (MONTH, FOURTH, f"{FOURTH}-1", f"{FOURTH}-11"),
            {
                MONTH: (FOURTH,),
                FOURTH: (f"{FOURTH}-1",),
                f"{FOURTH}-1": (f"{FOURTH}-11", f"{FOURTH}-12", f"{FOURTH}-13"),
            },
        ),
    ],
)
def test_a_period_with_too_many_members_is_split(
    stores: Stores, posts: list[str], found: tuple[str, ...], splits: dict[str, tuple[str, ...]]
) -> None:
    """It is split into the parts that have members, and so is each of those on the way."""
    change(stores, *posts)
    assert settle(stores, "04-11") == found
    assert stores.lists.splits() == splits


@pytest.mark.parametrize(
    ("put", "posts", "parts", "tasks"),
    [
        pytest.param(PUT, ["04-2"], (FOURTH, FIFTH, SIXTH), set(), id="a day has more"),
        pytest.param(PUT, ["07-1"], (FOURTH, FIFTH, SIXTH, f"{MONTH}-07"), {AGAIN}, id="new day"),
        pytest.param(TAKE, ["06-1"], (FOURTH, FIFTH), {AGAIN}, id="a day has none"),
        pytest.param(
            TAKE,
            ["05-2", "06-1"],
            None,
            {AGAIN, *(UpdateParts(period=each) for each in (MONTH, FIFTH))},
            id="few are left",
        ),
    ],
)
def test_what_is_to_be_done_is_noted(
    stores: Stores, put: bool, posts: list[str], parts: tuple[str, ...] | None, tasks: set[Task]
) -> None:
    """What names a month's parts, once they change; its parts and theirs, once it is whole."""
    change(stores, "04-1", "05-1", "05-2", "06-1")
    settle(stores, "05-1", most=1 if parts is None else 2)
    noted: list[Task] = []
    change(stores, *posts, put=put)
    settle(stores, posts[-1], note=noted.extend)
    assert set(noted) == tasks
    assert stores.lists.parts(f"period:{MONTH}") == parts
    assert (stores.lists.splits() == {}) is (parts is None)


class WatchedTable(MemoryTable):
    """A table that tells, in order, what is written to the record of periods."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def _write(self, kind: str, key: Key, item: Item) -> None:
        pk, sk = key
        if pk == "LIST#split":
            self.steps.append(f"{kind} {sk}")
        super()._write(kind, key, item)


def test_a_note_comes_before_the_record_and_the_record_of_parts_before_their_own() -> None:
    """A worker that dies in between has left a note, and a record that says what is to be done."""
    table = WatchedTable()
    stores, steps = Stores(Table(table, "content")), table.steps

    def note(tasks: Iterable[Task]) -> None:
        steps.append(f"note {len(list(tasks))}")

    change(stores, "04-11", "04-12")
    settle(stores, "04-11", note=note, most=1)
    split = [MONTH, FOURTH, f"{FOURTH}-1"]
    assert steps == [step for each in split for step in ("note 2", f"Put {each}")]
    steps.clear()
    change(stores, "04-12", put=TAKE)
    settle(stores, "04-11", note=note, most=1)
    assert steps == ["note 4", *(f"Delete {each}" for each in reversed(split))]


def once(action: Callable[[], None]) -> tuple[Note, list[set[Task]]]:
    """What notes tasks and lets another worker act, the first time; and what it was told."""
    noted: list[set[Task]] = []

    def note(tasks: Iterable[Task]) -> None:
        noted.append(set(tasks))
        if len(noted) == 1:
            action()

    return note, noted


def test_members_that_change_before_the_record_are_seen_after_it(stores: Stores) -> None:
    """A month from which a post is taken meanwhile is whole again, and that is noted, too."""
    change(stores, "04-1", "05-1", "06-1")
    note, noted = once(lambda: change(stores, "06-1", put=TAKE))
    assert settle(stores, "04-1", note=note) == (MONTH,)
    assert stores.lists.parts(f"period:{MONTH}") is None
    assert noted == [{AGAIN, UpdateParts(period=MONTH)}] * 2


def test_a_record_that_another_worker_wrote_is_kept(stores: Stores) -> None:
    """Of two workers that each add a day at the same time, none forgets the other's."""
    change(stores, "04-1", "05-1", "05-2")
    settle(stores, "04-1")

    def overtake() -> None:
        change(stores, "07-1")
        settle(stores, "07-1")

    change(stores, "06-1")
    note, _ = once(overtake)
    settle(stores, "06-1", note=note)
    assert stores.lists.parts(f"period:{MONTH}") == (FOURTH, FIFTH, SIXTH, f"{MONTH}-07")


def test_a_record_that_does_not_come_to_rest_is_left_for_later(stores: Stores) -> None:
    """The message comes again when others keep changing what the period is made of."""
    change(stores, "04-1", "05-1")
    is_there = [False]

    def disturb(_: Iterable[Task]) -> None:
        is_there[0] = not is_there[0]
        change(stores, "06-1", put=not is_there[0])

    change(stores, "06-1")
    with pytest.raises(RetryLater, match=MONTH):
        settle(stores, "04-1", note=disturb)


@pytest.fixture
def notes(stores: Stores) -> Notes:
    """The notes of a post."""
    date = datetime(2026, 5, 4, tzinfo=UTC)
    post = PostState(id="p", source="posts/p.md", status=Status.LIVE, first_date=date)
    stores.write(stores.posts.save(None, post))
    return Notes(stores.posts, post)


def test_notes_are_kept_with_the_post(stores: Stores, notes: Notes) -> None:
    """What is new to its outbox is written; nothing is written when nothing is."""
    parts = UpdateParts(period=MONTH)
    notes([AGAIN])
    notes([AGAIN, parts])
    notes([parts, AGAIN])
    post = stores.posts.read("p")
    assert post == notes.post
    assert post.pending_index.tasks == (AGAIN, parts)
    assert post.pending_index.version == 2


def test_notes_are_begun_anew_when_another_worker_notes(stores: Stores, notes: Notes) -> None:
    """Nothing that another worker noted is lost: the post is read again."""
    Notes(stores.posts, notes.post)([AGAIN])
    with pytest.raises(OutboxMoved):
        notes([UpdateParts(period=MONTH)])
    post = stores.posts.read("p")
    assert post is not None
    assert post.pending_index.tasks == (AGAIN,)


def test_no_loop_of_a_list_outlives_an_outbox_that_moved(stores: Stores, notes: Notes) -> None:
    """Settling ends at once: with the post as it was read, each round would fail alike."""
    change(stores, "04-1", "05-1", "06-1")
    Notes(stores.posts, notes.post)([AGAIN])
    with pytest.raises(OutboxMoved):
        settle(stores, "04-1", note=notes)
