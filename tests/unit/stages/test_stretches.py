"""What was read around some places of a list tells what is around those near them."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from presswork import site
from presswork.aws.lists import position
from presswork.post import Card
from presswork.stages.render.stretches import Members, Side, find
from presswork.state import ListMember

FIRST = datetime(2026, 5, 1, tzinfo=UTC)


def at(hour: int) -> str:
    """Where the post of an hour stands."""
    return position(FIRST + timedelta(hours=hour), f"p{hour}")


def member(hour: int) -> ListMember:
    """The post of an hour."""
    date = FIRST + timedelta(hours=hour)
    card = Card(id=f"p{hour}", path=f"/p{hour}/", title=str(hour), date=date, lang="en")
    return ListMember(card=card, words="w")


class Listed:
    """Lists of posts by their hours, which note what is asked of them, round by round."""

    def __init__(self, **hours: Iterable[int]) -> None:
        self.lists: Mapping[str, list[ListMember]] = {
            name: [member(hour) for hour in sorted(set(each))] for name, each in hours.items()
        }
        self.rounds: list[int] = []

    @property
    def queries(self) -> int:
        """How many were made."""
        return sum(self.rounds)

    def read(self, sides: Sequence[Side]) -> list[Members]:
        """What is at several sides."""
        if sides:
            self.rounds.append(len(sides))
        return [self.at(side) for side in sides]

    def at(self, side: Side) -> Members:
        """What is at a side."""
        members = self.lists.get(side.list, [])
        places = [(position(each.card.date, each.card.id), each) for each in members]
        if side.is_newer:
            found = [each for place, each in places if place > side.position]
        else:
            found = [each for place, each in reversed(places) if place < side.position]
        return tuple(found[: side.limit])


def sides(name: str, *hours: int, limit: int = 1) -> list[Side]:
    """Both sides of the posts of some hours; with a limit, the older ones alone."""
    ways = (True, False) if limit == 1 else (False,)
    return [Side(name, at(hour), is_newer, limit) for hour in hours for is_newer in ways]


@pytest.mark.parametrize("seed", range(300))
def test_what_is_told_is_what_is_there(seed: int) -> None:
    """However dense a list is, wherever the places are, and whether a post stands there."""
    dice = random.Random(seed)
    span = dice.choice((4, 12, 40, 400))
    listed = Listed(
        home=dice.choices(range(span), k=dice.randrange(30)),
        sea=dice.choices(range(span), k=dice.randrange(30)),
    )
    wanted = [
        Side(dice.choice(("home", "sea")), at(dice.randrange(span)), is_newer, limit)
        for is_newer in (True, False)
        for limit in (1, site.RELATED)
        for _ in range(dice.randrange(12))
    ]
    places = {
        name: sorted({at(dice.randrange(span)) for _ in range(dice.randrange(1, 5))})
        for name in ("home", "sea", "none")
    }
    assert find(wanted, places, listed.read) == [listed.at(side) for side in wanted]


def test_pages_beside_one_place_are_two_queries_of_each_list() -> None:
    """A post, the one before it, and the three after it, all of one tag."""
    listed = Listed(home=range(40), sea=range(40))
    pages = (9, 11, 12, 13)
    wanted = [*sides("home", *pages), *sides("sea", *pages, limit=site.RELATED)]
    places = {"home": [at(10)], "sea": [at(10)], "other": [at(10)]}
    find(wanted, places, listed.read)
    assert listed.rounds == [4]


def test_places_close_to_each_other_are_read_at_once() -> None:
    """Six posts of a batch and all pages beside them take two queries of a list."""
    listed = Listed(home=range(40))
    hours = (10, 12, 15, 17, 20, 21)
    pages = sorted({hour + step for hour in hours for step in (-1, 1)})
    find(sides("home", *pages), {"home": list(map(at, hours))}, listed.read)
    assert listed.rounds == [2]


def test_places_far_from_each_other_are_read_each() -> None:
    """What the first stretch does not hold has one of its own."""
    listed = Listed(home=range(400))
    find(
        sides("home", 9, 11, 199, 201, 299, 301), {"home": [*map(at, (10, 200, 300))]}, listed.read
    )
    assert listed.rounds == [2, 4]


@pytest.mark.parametrize("pages", [(9,), (11,), ()])
def test_few_sides_are_looked_for_as_they_are(pages: tuple[int, ...]) -> None:
    """Where a stretch would take as many queries, there is none; nor a query for nothing."""
    listed = Listed(home=range(40))
    find(sides("home", *pages), {"home": [at(10)]}, listed.read)
    assert listed.queries == 2 * len(pages)


@pytest.mark.parametrize("spread", [1, 2, 5, 50])
def test_one_place_never_takes_more_queries_than_sides(spread: int) -> None:
    """Both neighbours of a place are always in its stretch; others may be far from it."""
    listed = Listed(home=range(400))
    pages = (99, 101, *(101 + spread * step for step in (1, 2)))
    wanted = sides("home", *pages)
    find(wanted, {"home": [at(100)]}, listed.read)
    assert listed.queries < len(wanted)
