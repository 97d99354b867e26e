"""The whole site, planned from all of its posts."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from presswork.post import Post
from presswork.settings import Site
from presswork.site import RELATED
from presswork_cli.offline.entries import Entry, RenderedPost, entry_of
from presswork_cli.offline.lists import Lists
from presswork_cli.offline.planner import (
    Objects,
    Piece,
    PlannedNeighbours,
    plan,
    plan_site,
    plan_units,
    replaced,
)

SITE = Site(title="Harbour", base_url="https://press.example")
ATOM = "{http://www.w3.org/2005/Atom}"


def _post(number: int, **values: object) -> RenderedPost:
    post = Post(
        id=f"p{number}",
        title=f"Post {number}",
        date=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        path=f"/p/{number}/",
        slug=str(number),
        lang="en",
        html=f"<p>Text {number}.</p>",
    )
    return RenderedPost(post.model_copy(update=values))


def _text(objects: Objects, key: str) -> str:
    return objects[key].body.decode()


def test_a_site_without_posts_has_its_base_pages() -> None:
    """Home, error page, feed, sitemap and assets stand before the first post."""
    keys = set(plan_site(SITE, []))
    assert {"index.html", "404.html", "robots.txt", "feed.xml", "sitemap.xml"} <= keys


def test_every_post_stands_wherever_it_belongs() -> None:
    """Each post has a page and its data, and is in its month, its terms and its sitemap."""
    posts = [
        _post(1, tags=("Sea",), categories=(("News", "Port"),), aliases=("/old/",)),
        _post(40, tags=("sea",)),
    ]
    objects = plan_site(SITE, posts)
    assert {
        "p/1/index.html",
        "p/1/index.json",
        "p/40/index.html",
        "old/index.html",
        "2026/01/index.html",
        "2026/02/index.html",
        "tags/sea/index.html",
        "categories/news/index.html",
        "categories/news/port/index.html",
        "-/sitemap/2026-01.xml",
        "-/sitemap/2026-02.xml",
    } <= objects.keys()
    assert objects["old/index.html"].metadata["presswork-location"] == "/p/1/"
    tag = _text(objects, "tags/sea/index.html")
    assert tag.index("Post 40") < tag.index("Post 1<")
    assert "Post 40" not in _text(objects, "2026/01/index.html")
    assert "/p/1/" in _text(objects, "-/sitemap/2026-01.xml")
    assert "-/sitemap/2026-02.xml" in _text(objects, "sitemap.xml")


def test_lists_show_the_newest_and_lead_on() -> None:
    """Home, a term and the feed show the newest twenty, and lead to the rest by time."""
    objects = plan_site(SITE, [_post(number, tags=("sea",)) for number in range(40)])
    for key, rest in {"index.html": "/2026/01/", "tags/sea/index.html": "/sea/2026.html"}.items():
        page = _text(objects, key)
        assert "Post 20" in page
        assert "Post 19<" not in page
        assert f'{rest}"' in page
    entries = ET.fromstring(_text(objects, "feed.xml")).iter(f"{ATOM}title")
    titles = [entry.text for entry in entries]
    assert titles[1:] == [f"Post {number}" for number in range(39, 19, -1)]


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_of_the_posts_does_not_matter(*, reverse: bool) -> None:
    """The same posts in any order make the same bytes."""
    posts = [_post(number, date=datetime(2026, 1, 1, tzinfo=UTC)) for number in range(30)]
    assert plan_site(SITE, sorted(posts, key=lambda s: s.post.id, reverse=reverse)) == plan_site(
        SITE, posts
    )


def test_months_lead_to_their_neighbours() -> None:
    """A month's archive links the months with posts on either side, over those without any."""
    objects = plan_site(SITE, [_post(0), _post(100), _post(200)])
    middle = _text(objects, "2026/04/index.html")
    assert 'href="/2026/01/"' in middle
    assert 'href="/2026/07/"' in middle


def test_pages_are_in_the_sitemap_alone() -> None:
    """A page has its own object and its data; no list, feed or archive knows of it."""
    about = _post(2, page=True, path="/about/", title="Imprint", tags=("Sea",))
    objects = plan_site(SITE, [_post(1), about])
    naming = {key for key, made in objects.items() if b"/about/" in made.body}
    (shard,) = (key for key in objects if key.startswith("-/sitemap/pages-"))
    assert naming == {"about/index.html", "about/index.json", shard}
    assert f"https://press.example/{shard}" in _text(objects, "sitemap.xml")
    assert not any(key.startswith("tags/") for key in objects)
    assert "/about/" not in _text(objects, "p/1/index.html")


class Handed(list[Entry]):
    """A list that counts the items that it hands out one by one or in slices."""

    handed = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.handed += len(found) if isinstance(place, slice) else 1
        return found


@pytest.mark.parametrize("size", [20, 200])
def test_neighbours_cost_each_post_the_same(size: int) -> None:
    """Who stands beside a post is looked up, however many others there are."""
    entries = [entry_of(SITE, _post(number, tags=("Sea",))) for number in range(size)]
    home, tag = Handed(entries), Handed(entries)
    neighbours = PlannedNeighbours({"home": home, "tag:sea": tag})
    for entry in entries:
        neighbours.around(entry)
    assert home.handed <= 2 * size
    assert tag.handed <= RELATED * size


def test_a_piece_differs_by_what_it_is_made_of() -> None:
    """A new title changes the digests of its page, its neighbours and its lists, and of no more."""
    posts = [_post(number * 40, tags=("Sea",)) for number in range(8)]
    before = {piece.keys[0]: piece.digest for piece in plan(SITE, _entries(posts))}
    posts[1] = _post(40, tags=("Sea",), title="Another")
    after = {piece.keys[0]: piece.digest for piece in plan(SITE, _entries(posts))}
    changed = {key for key in after if after[key] != before[key]}
    assert {f"p/{number}/index.html" for number in (0, 40, 80, 120, 160)} <= changed
    assert not changed & {f"p/{number}/index.html" for number in (200, 240, 280)}
    assert {"index.html", "feed.xml", "tags/sea/index.html", "tags/sea/2026.html"} <= changed
    assert not changed & {"404.html", "sitemap.xml", "archives/index.html", "2026/05/index.html"}


def _entries(posts: Iterable[RenderedPost]) -> list[Entry]:
    return [entry_of(SITE, post) for post in posts]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_planned_again_is_all_that_differs(seed: int) -> None:
    """After any changes the units that are planned again, with the rest as it was, are the plan."""
    chance = Random(seed)
    posts = {number: _any_post(chance, number) for number in range(30)}
    lists = Lists(_entries(posts.values()))
    known = {piece.keys: piece for piece in _planned(lists, None)}
    for _ in range(12):
        numbers = chance.sample(range(40), chance.randint(1, 3))
        old = [posts.pop(number) for number in numbers if number in posts]
        new = {number: _any_post(chance, number) for number in numbers if chance.random() < 0.7}
        posts |= new
        units = replaced(lists, _entries(old), _entries(new.values()))
        kept = {keys: piece for keys, piece in known.items() if piece.unit not in {"", *units}}
        again = {piece.keys: piece for piece in _planned(lists, units)}
        assert not kept.keys() & again.keys()
        known = kept | again
        whole = _planned(Lists(_entries(posts.values())), None)
        assert {k: p.digest for k, p in known.items()} == {p.keys: p.digest for p in whole}


def _planned(lists: Lists, units: Collection[str] | None) -> list[Piece]:
    searched = SITE.model_copy(update={"theme": SITE.theme.model_copy(update={"search": True})})
    return plan_units(searched, lists, units, most=12)


def _any_post(chance: Random, number: int) -> RenderedPost:
    """A post of some day, in some lists; few are pages."""
    return _post(
        number,
        date=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(500)),
        title=f"Post {chance.random()}",
        tags=tuple(chance.sample(("Sea", "Salt", "Sand"), chance.randint(0, 2))),
        categories=(("News", "Port"),) if chance.random() < 0.3 else (),
        series="Tides" if chance.random() < 0.3 else None,
        page=chance.random() < 0.1,
    )
