"""Pages lead to the posts beside theirs: who is made again when one comes, goes or changes."""

from datetime import UTC, datetime

import pytest

from presswork import site
from presswork.aws.lists import position
from presswork.aws.stores import Stores
from presswork.post import Card
from presswork.site import Around
from presswork.stages.render.neighbours import Neighbours, moved_neighbours
from presswork.state import ListMember, Live
from presswork.tasks import RefreshNeighbours

LISTS = ("home", "tag:boats", "series:port", "category:sea", "author:ann", "period:2026-05-04-1")


def card(day: int) -> Card:
    """The card of a day's post."""
    date = datetime(2026, 5, day, tzinfo=UTC)
    return Card(id=f"p{day}", path=f"/p{day}/", title=f"Post {day}", date=date, lang="en")


def live(up: bool = True, lists: tuple[str, ...] = LISTS, **changes: object) -> Live:
    """The live half of a post of the fourth, with another card as far as `changes` say."""
    return Live(
        version=1,
        up=up,
        revision=1,
        generation=1,
        source="posts/a.md",
        version_id="v1",
        fingerprint="f",
        path="/p4/",
        lists=lists,
        card=card(4).model_copy(update=changes),
    )


def beside(*lists: str, day: int = 4) -> set[RefreshNeighbours]:
    """The places of the post in these lists, while it has the date of this day."""
    here = position(card(day).date, "p4")
    return {RefreshNeighbours(list=name, position=here) for name in lists}


LEADING = ("home", "series:port", "tag:boats")
EVERYWHERE = beside(*LEADING)
MOVED = EVERYWHERE | beside(*LEADING, day=9)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(None, None, set(), id="a post that never was"),
        pytest.param(None, live(), EVERYWHERE, id="a post that comes"),
        pytest.param(live(), live(up=False), EVERYWHERE, id="a post that goes"),
        pytest.param(live(up=False), live(), EVERYWHERE, id="a post that returns"),
        pytest.param(live(up=False), live(up=False), set(), id="a post that is down"),
        pytest.param(live(), live(), set(), id="the same again"),
        pytest.param(live(), live(title="New"), EVERYWHERE, id="another title"),
        pytest.param(live(), live(path="/new/"), EVERYWHERE, id="another path"),
        pytest.param(live(), live(summary="New."), set(), id="another summary"),
        pytest.param(live(), live(cover="-/media/a.jpeg"), set(), id="another cover"),
        pytest.param(live(), live(date=card(9).date), MOVED, id="another date"),
        pytest.param(live(), live(lists=("home",)), beside(*LEADING[1:]), id="lists left"),
        pytest.param(live(lists=()), live(lists=("home",)), beside("home"), id="a list joined"),
    ],
)
def test_what_moves_neighbours(
    old: Live | None, new: Live | None, expected: set[RefreshNeighbours]
) -> None:
    """Pages beside a post are made again when the post stands elsewhere, or looks another."""
    assert moved_neighbours(old, new) == expected


def put(stores: Stores, name: str, *days: int, feeds_related: bool = False) -> None:
    """Adds the posts of some days to a list."""
    for day in days:
        member = ListMember(card=card(day), words=name, feeds_related=feeds_related)
        stores.write(stores.lists.put_member(name, member))


@pytest.mark.parametrize("name", ["home", "series:port"])
@pytest.mark.parametrize("is_there", [True, False])
def test_one_page_on_either_side_leads_to_a_post(stores: Stores, name: str, is_there: bool) -> None:
    """The nearest ones do, whether the post stands there still or no more."""
    put(stores, name, 1, 2, 7, 8, *([4] if is_there else []))
    assert Neighbours(stores.lists).paths(beside(name), {}) == {"/p2/": "p2", "/p7/": "p7"}


def test_newer_pages_with_its_tag_lead_to_a_post(stores: Stores) -> None:
    """As many of the nearest as a page has related posts do; older and further ones do not."""
    newer = range(5, 6 + site.RELATED)
    put(stores, "tag:boats", 2, 4, *newer, feeds_related=True)
    found = Neighbours(stores.lists).paths(beside("tag:boats"), {})
    assert list(found) == [f"/p{day}/" for day in newer][: site.RELATED]


def test_a_page_whose_first_tag_is_another_leads_elsewhere(stores: Stores) -> None:
    """Related posts come from a post's first tag alone."""
    put(stores, "tag:boats", 6)
    put(stores, "tag:boats", 7, feeds_related=True)
    assert Neighbours(stores.lists).paths(beside("tag:boats"), {}) == {"/p7/": "p7"}


def test_a_page_beside_a_post_twice_is_named_once(stores: Stores) -> None:
    """Paths come in their order, each once, of however many lists."""
    put(stores, "home", 3, 5)
    put(stores, "series:port", 1, 5)
    found = Neighbours(stores.lists).paths(beside("home", "series:port"), {})
    assert list(found) == ["/p1/", "/p3/", "/p5/"]


def test_nothing_is_newer_elsewhere_than_the_newest_of_all(stores: Stores) -> None:
    """Nor is it looked for: whoever stands in a list stands among all posts."""
    put(stores, "home", 2, 4)
    put(stores, "tag:boats", 6, feeds_related=True)
    put(stores, "series:port", 1, 6)
    tasks = beside("home", "series:port", "tag:boats")
    neighbours = Neighbours(stores.lists)
    assert list(neighbours.paths(tasks, {})) == ["/p1/", "/p2/"]
    here = {position(card(4).date, "p4"): Around(newer=card(5), older=card(3))}
    assert list(neighbours.paths(tasks, here)) == ["/p1/", "/p3/", "/p5/", "/p6/"]


def test_an_edge_has_one_neighbour(stores: Stores) -> None:
    """The newest post has none on its newer side, and one alone in its list has none at all."""
    put(stores, "home", 2, 4)
    put(stores, "series:port", 4)
    assert Neighbours(stores.lists).paths(beside("home", "series:port"), {}) == {"/p2/": "p2"}
