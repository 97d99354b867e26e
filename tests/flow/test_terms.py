"""A tag, a category, an author and a series are read to their ends, and all of each kind found."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.test_periods import at_write, go_live
from flow.world import Crash, Origin, World, plain
from presswork.tasks import UpdateMonth

START = datetime(2023, 1, 1, 9, tzinfo=UTC)


@contextmanager
def worlds(most: int) -> Iterator[World]:
    """A world in memory whose lists have up to so many posts on a page."""
    world = World(Origin(), 1, MemoryCloud(), most=most)
    world.now = datetime(2026, 8, 1, tzinfo=UTC)
    yield world
    world.close()


def put(world: World, name: str, day: str, tags: str = "[sea]") -> None:
    """Uploads a post of a day."""
    world.put(f"posts/{name}.md", plain(name, slug=name, date=f"{day} 09:00:00", tags=tags))


def links(world: World, path: str) -> list[str]:
    """What a page leads to, but for the frame of every page."""
    key = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
    main = world.pages()[key].decode().partition("<main")[2].partition("</main")[0]
    return re.findall(r'href="([^"]+)"', main)


def reached(world: World, path: str) -> set[str]:
    """The posts that are reached from the pages of a term alone."""
    seen, left = set[str](), [path]
    found: set[str] = set()
    while left:
        page = left.pop()
        seen.add(page)
        for link in links(world, page):
            if re.fullmatch(r"/\d{4}/\d{2}/[a-z]\w+/", link):
                found.add(link)
            elif link.startswith(path) and link.endswith(".html") and link not in seen:
                left.append(link)
    return found


def pages_of(world: World, folder: str) -> set[str]:
    """The pages below a folder of the site that are named for what is on them."""
    return {
        key.removeprefix(folder)
        for key in world.keys("site")
        if key.startswith(folder) and key.endswith(".html") and not key.endswith("/index.html")
    }


def test_every_post_of_a_tag_is_reached_from_the_pages_of_the_tag() -> None:
    """250 posts of three years, one of which has too many for a page: none is left out."""
    with worlds(200) as world:
        days = [START + timedelta(hours=n if n < 220 else 300 * (n - 190)) for n in range(250)]
        for number, day in enumerate(days):
            put(world, f"p{number}", f"{day:%Y-%m-%d}")
        go_live(world)
        world.index.index(world.fed(f"posts/p{number}.md").id for number in range(250))
        world.run()
        posts = {f"/{day:%Y/%m}/p{number}/" for number, day in enumerate(days)}
        assert len(posts) == 250
        assert reached(world, "/tags/sea/") == posts
        split = f"{START:%Y-%m}.html"
        assert split in pages_of(world, "tags/sea/"), "no year was split"
        assert links(world, "/tags/") == ["/archives/", "/tags/sea/"]
        assert "/tags/" in links(world, "/archives/")
        assert_same_site(world)


def test_a_year_of_a_term_splits_by_month_and_day_and_comes_together_again() -> None:
    """Each part leads up; a day of too many posts leads to that of the whole site."""
    with worlds(2) as world:
        for name, day in {"aa": "2026-05-04", "bb": "2026-05-04", "cc": "2025-03-01"}.items():
            put(world, name, day)
        world.run()
        assert pages_of(world, "tags/sea/") == {"2025.html", "2026.html"}
        assert links(world, "/tags/sea/2026.html") == ["/tags/sea/", "/2026/05/bb/", "/2026/05/aa/"]

        put(world, "dd", "2026-06-01")
        world.run()
        assert links(world, "/tags/sea/2026.html") == [
            *("/tags/sea/", "/tags/sea/2026-05.html", "/tags/sea/2026-06.html"),
        ]
        assert links(world, "/tags/sea/2026-06.html") == [
            *("/tags/sea/", "/tags/sea/2026.html", "/2026/06/dd/"),
        ]
        put(world, "ee", "2026-05-04")
        world.run()
        assert links(world, "/tags/sea/2026-05-04.html") == [
            *("/tags/sea/", "/tags/sea/2026-05.html", "/2026/05/04/"),
        ]
        assert_same_site(world)
        for name in ("bb", "dd", "ee", "cc"):
            world.delete(f"posts/{name}.md")
            world.run()
            assert_same_site(world)
        assert pages_of(world, "tags/sea/") == {"2026.html"}


def test_a_year_of_too_many_posts_names_its_months_alone() -> None:
    """One of few names its posts; the years beside it lead past one that has none left."""
    with worlds(2) as world:
        for name, day in {"aa": "2024-05-04", "bb": "2025-05-04", "cc": "2026-03-01"}.items():
            put(world, name, day)
        world.run()
        assert links(world, "/2025/") == [
            *("/archives/", "/2025/05/", "/2025/05/bb/", "/2026/", "/2024/"),
        ]
        put(world, "dd", "2025-06-01")
        put(world, "ee", "2025-06-02")
        world.run()
        assert links(world, "/2025/") == [
            "/archives/",
            "/2025/06/",
            "/2025/05/",
            "/2026/",
            "/2024/",
        ]
        assert_same_site(world)
        for name in ("bb", "dd", "ee"):
            world.delete(f"posts/{name}.md")
        world.run()
        assert "2025/index.html" not in world.keys("site")
        assert links(world, "/2026/")[-1] == "/2024/"
        assert_same_site(world)


def test_too_many_tags_are_found_by_their_letters_and_few_at_once() -> None:
    """By the first letter, then by two; each tag once, and the one that is a letter as well."""
    with worlds(2) as world:
        put(world, "aa", "2026-05-04", "[sea, sand, salt, s, 海]")
        world.run()
        assert links(world, "/tags/") == [
            *("/archives/", "/tags/index-s.html", "/tags/index-%E6%B5%B7.html"),
        ]
        assert links(world, "/tags/index-s.html") == [
            *("/tags/", "/tags/s/", "/tags/index-sa.html", "/tags/index-se.html"),
        ]
        assert links(world, "/tags/index-sa.html") == [
            *("/tags/index-s.html", "/tags/salt/", "/tags/sand/"),
        ]
        assert_same_site(world)
        put(world, "aa", "2026-05-04", "[sea, SAND]")
        world.run()
        assert links(world, "/tags/") == ["/archives/", "/tags/sand/", "/tags/sea/"]
        assert pages_of(world, "tags/") == {"sand/2026.html", "sea/2026.html"}
        assert b"SAND" in world.pages()["tags/index.html"]
        assert_same_site(world)
        put(world, "aa", "2026-05-04", "[]")
        world.run()
        assert not [key for key in world.keys("site") if key.startswith("tags/")]
        assert links(world, "/archives/") == ["/2026/", "/2026/05/"]
        assert_same_site(world)


def test_a_post_on_the_edge_of_a_year_goes_with_the_zone() -> None:
    """The last evening of a year in one zone is the first morning of the next in another."""
    with worlds(1) as world:
        world.put("posts/aa.md", plain("aa", slug="aa", date="2025-12-31T20:00:00Z", tags="[sea]"))
        put(world, "bb", "2025-06-01")
        world.run()
        assert pages_of(world, "tags/sea/") == {"2025.html", "2025-06.html", "2025-12.html"}
        world.put("site.yaml", "timezone: Asia/Shanghai\n")
        world.run()
        world.maintain.run(world.now)
        world.run()
        assert pages_of(world, "tags/sea/") == {"2025.html", "2026.html"}
        assert_same_site(world)


def few(world: World) -> None:
    """A year of two posts, and two tags."""
    put(world, "aa", "2026-05-04")
    put(world, "bb", "2026-06-04", "[sea, land]")


def grow(world: World) -> None:
    """A third post and a third tag: both are too many."""
    put(world, "cc", "2026-06-05", "[sea, lake]")


def shrink(world: World) -> None:
    """They are few again."""
    world.delete("posts/cc.md")


@pytest.mark.parametrize("grows", [True, False])
def test_a_crash_at_any_write_is_made_good(grows: bool) -> None:
    """Whatever was written when a worker died: its redelivery ends with the right site."""
    number = 0
    while True:
        with worlds(2) as world:
            few(world)
            if not grows:
                grow(world)
            world.run()
            (grow if grows else shrink)(world)
            go_live(world)
            died: list[int] = []

            def kill(died: list[int] = died) -> None:
                died.append(1)
                raise Crash

            at_write(world, number, kill)
            world.run()
            assert ("2026-06.html" in pages_of(world, "tags/sea/")) is grows
            assert_same_site(world)
        if not died:
            break
        number += 1
    assert number > 20


def turn_back(world: World, *, grows: bool) -> None:
    """Another post that goes, or comes, so that the lists are few again, or too many."""
    if grows:
        world.delete("posts/bb.md")
    else:
        put(world, "dd", "2026-06-06", "[sea, lake]")


def meanwhile(world: World, change: Callable[[World], None], came: list[int]) -> None:
    """Another worker makes the lists of another change."""
    came.append(1)
    change(world)
    go_live(world)
    for body in world.take("index"):
        world.deliver("index", body)


@pytest.mark.parametrize("grows", [True, False])
def test_another_worker_at_any_write_is_heard(grows: bool) -> None:
    """Of two workers, one of a post that came and one of a post that went, the later state wins."""
    number = 0
    while True:
        with worlds(2) as world:
            few(world)
            if not grows:
                grow(world)
            world.run()
            (grow if grows else shrink)(world)
            go_live(world)
            came: list[int] = []
            at_write(
                world, number, partial(meanwhile, world, partial(turn_back, grows=grows), came)
            )
            for body in world.take("index"):
                world.deliver("index", body)
            world.run()
            assert_same_site(world)
        if not came:
            break
        number += 1
    assert number > 20


def test_one_more_post_costs_the_same_in_a_long_list_and_in_a_longer_one() -> None:
    """Whatever a tag holds beside the month of the post: equal calls, and nearly equal bytes."""
    found = []
    for a_month in (12, 24):
        cloud = MemoryCloud()
        world = World(Origin(), 1, cloud, most=10)
        world.now = datetime(2026, 8, 1, tzinfo=UTC)
        for month in range(1, 5):
            for number in range(4 if month == 4 else a_month):
                put(world, f"p{month}x{number}", f"2026-0{month}-{1 + number:02}")
        world.run()
        world.calls.clear()
        cloud.scales.bytes.clear()
        cloud.scales.on = True
        put(world, "new", "2026-04-18")
        world.run()
        found.append((sum(world.calls.values()), sum(cloud.scales.bytes.values())))
        world.close()
    (calls, bytes), (more_calls, more_bytes) = found
    assert more_calls == calls
    assert more_bytes < bytes * 1.05


def test_lists_are_made_anew_at_once_when_an_outbox_moves(world: World) -> None:
    """Another worker that notes work of the same post costs a round, and no return of the message.

    A message that failed is back after six minutes only, its queue's visibility timeout.
    """
    world.put("posts/a.md", plain("A", tags="[sea]"))
    for body in world.take("parse"):
        world.deliver("parse", body)
    for body in world.take("render"):
        world.deliver("render", body)
    post = world.fed("posts/a.md")

    def note() -> None:
        world.stores.posts.add(
            world.fed("posts/a.md"), "pending_index", [UpdateMonth(month="2026-05")]
        )

    world.before("UpdateItem", "pending_index", note)
    (body,) = world.take("index")
    world.deliver("index", body)
    assert not world.pending_crash()
    world.run()
    assert world.fed("posts/a.md").pending_index.known == ()
    assert world.fed("posts/a.md").pending_index.version > post.pending_index.version
    assert_same_site(world)
