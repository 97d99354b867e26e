"""What a look reads of lists: once, no further than it takes, and anew after a write."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flow.memory_table import MemoryTable
from presswork import site
from presswork.aws.conflicts import Changed
from presswork.aws.lists import MONTHS
from presswork.aws.look import TableLook
from presswork.aws.stores import Stores
from presswork.aws.table import Put, Table
from presswork.post import Card
from presswork.settings import Site
from presswork.stages.index.members import Members, Reach
from presswork.state import ListMember

YEAR = site.bounds(Site(), "home.2026")
MOST = 40


class CountedTable(MemoryTable):
    """A table that counts what it is asked, and how many items it hands out."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()
        self.items = 0

    def get_item(self, **request: Any) -> Any:
        """Counts."""
        self.calls["get"] += 1
        return super().get_item(**request)

    def batch_get_item(self, **request: Any) -> Any:
        """Counts."""
        self.calls["batch"] += 1
        return super().batch_get_item(**request)

    def query(self, **request: Any) -> Any:
        """Counts."""
        self.calls["query"] += 1
        answer = super().query(**request)
        self.items += len(answer.get("Items", ()))
        return answer


@pytest.fixture
def counted() -> CountedTable:
    """An empty table."""
    return CountedTable()


@pytest.fixture
def stores(counted: CountedTable) -> Stores:
    """The stores over it."""
    return Stores(Table(counted, "content"))


def add(stores: Stores, year: int, count: int) -> list[str]:
    """Adds posts of a year to the list of all, and returns their ids, the newest first."""
    ids = [f"{year}-{number:03}" for number in range(count)]
    for number, id in enumerate(ids):
        date = datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(hours=number)
        card = Card(id=id, path=f"/{id}/", title=id, date=date, lang="en")
        stores.write(stores.lists.put_member("home", ListMember(card=card, words="")))
    return ids[::-1]


def ids(members: Iterable[ListMember]) -> list[str]:
    """Which posts they are."""
    return [member.card.id for member in members]


@pytest.mark.parametrize(("older", "newer", "calls"), [(0, 15, 1), (30, 15, 1), (30, 30, 2)])
def test_one_query_serves_the_newest_and_the_year(
    counted: CountedTable, stores: Stores, older: int, newer: int, calls: int
) -> None:
    """As long as it reaches to the begin of the year; the next look reaches that far at once."""
    add(stores, 2025, older)
    those = add(stores, 2026, newer)
    reach = Reach()
    for expected in (calls, 1):
        counted.calls.clear()
        members = Members(TableLook.at(stores.table), reach, MOST)
        for _ in range(2):
            assert ids(members.newest("home", 21))[:newer] == those[:21]
            assert ids(members.some("home", MOST + 1, YEAR)) == those
            assert members.count("home", MOST + 1, YEAR, is_split=False) == newer
        assert counted.calls == {"query": expected}


def test_a_year_that_is_split_is_counted_and_not_read(
    counted: CountedTable, stores: Stores
) -> None:
    """No item of it comes over the wire but the newest ones."""
    add(stores, 2026, MOST + 20)
    members = Members(TableLook.at(stores.table), Reach(), MOST)
    members.newest("home", 21)
    assert members.count("home", MOST + 1, YEAR, is_split=True) == MOST + 1
    assert counted.items == 21


def test_a_year_far_back_is_read_by_itself(counted: CountedTable, stores: Stores) -> None:
    """A backdated post has the list read around it, and nobody reads that far from then on."""
    those = add(stores, 2020, 3)
    add(stores, 2026, MOST)
    reach = Reach()
    for _ in range(2):
        counted.items = 0
        members = Members(TableLook.at(stores.table), reach, MOST)
        assert ids(members.newest("home", 21))
        assert ids(members.some("home", MOST + 1, site.bounds(Site(), "home.2020"))) == those
        assert counted.items == 24


def test_a_look_reads_what_is_foreseen_in_one_call(counted: CountedTable, stores: Stores) -> None:
    """Items that are there and items that are not; each is known from then on."""
    stores.write(stores.lists.put_name(MONTHS, "2026-05"))
    look = TableLook.at(stores.table)
    counted.calls.clear()
    look.foresee([("LIST#months", "2026-05"), ("LIST#months", "2026-04"), ("SITE", "META")])
    look.foresee([("LIST#months", "2026-05")])
    assert look.get("LIST#months", "2026-05") is not None
    assert look.get("LIST#months", "2026-04") is None
    assert look.get_many(("SITE", "META"), ("SITE", "META")) == [None, None]
    assert counted.calls == {"batch": 1}


def test_more_than_a_hundred_items_are_read_in_several_calls(
    counted: CountedTable, stores: Stores
) -> None:
    """BatchGetItem takes a hundred keys."""
    keys = [("LIST#months", f"{year:04}-01") for year in range(1, 251)]
    assert TableLook.at(stores.table).get_many(*keys) == [None] * 250
    assert counted.calls == {"batch": 3}


def test_what_a_look_wrote_it_reads_anew(stores: Stores) -> None:
    """Also when the write came to nothing, for then another one has written."""
    look = TableLook.at(stores.table)
    key = ("LIST#months", "2026-05")
    assert look.get(*key) is None
    assert list(look.query(key[0])) == []
    stores.write(Put({"PK": key[0], "SK": key[1]}))
    assert look.get(*key) is None
    with pytest.raises(Changed):
        look.write(stores.lists.split("period:2026-05", ("2026-05-01",), None))
    assert look.get(*key) is None, "of another partition"
    look.write(Put({"PK": key[0], "SK": "2026-06"}))
    assert look.get(*key) is not None
    assert [item["SK"] for item in look.query(key[0])] == ["2026-05", "2026-06"]


def test_years_are_written_as_they_were_read(stores: Stores) -> None:
    """Of two workers that each add a year none forgets the other's."""
    first, second = (Stores(TableLook.at(stores.table)).lists for _ in range(2))
    assert first.years("home") == second.years("home") == {}
    stores.write(first.split("home.2026", None, ()))
    with pytest.raises(Changed):
        stores.write(second.split("home.2025", None, ("2025-01",)))
    stores.write(stores.lists.split("home.2025", None, ("2025-01",)))
    assert stores.lists.years("home") == {"2025": ("2025-01",), "2026": ()}
    with pytest.raises(Changed):
        stores.lists.split("home.2025", (), None)
    stores.write(stores.lists.split("home.2025", ("2025-01",), None))
    stores.write(stores.lists.split("home.2026", (), None))
    assert stores.lists.years("home") == {}
    assert stores.table.get("LIST#years:home", "ALL") is None
