"""What every site has, and an author may have a file for: the error page, and robots.txt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.test_periods import at_write
from flow.world import Crash, Origin, World, plain

ERROR_PAGE = "---\ntitle: Page not found\n---\n\nTry the search.\n"
KEYS = {"pages/404.md": "404.html", "static/robots.txt": "robots.txt"}
FILES = {"pages/404.md": ERROR_PAGE, "static/robots.txt": "User-agent: *\nDisallow: /\n"}
MARKS = {"pages/404.md": b"Try the search.", "static/robots.txt": b"Disallow: /"}


@contextmanager
def worlds() -> Iterator[World]:
    """A world in memory that has one post."""
    world = World(Origin(), 1, MemoryCloud())
    world.now = datetime(2026, 8, 1, tzinfo=UTC)
    world.put("posts/a.md", plain("A"))
    yield world
    world.close()


@pytest.mark.parametrize("key", KEYS)
def test_an_authors_own_file_stands_in_place_of_the_sites(key: str) -> None:
    """As long as it is there, whatever is changed meanwhile; then the site has its own again."""
    with worlds() as world:
        world.run()
        its_own = world.pages()[KEYS[key]]
        world.put(key, FILES[key])
        world.run()
        world.index.publish_base(world.stores.sites.read().build)
        assert MARKS[key] in world.pages()[KEYS[key]]
        assert_same_site(world)
        world.put("site.yaml", "title: Another\n")
        world.run()
        world.maintain.run(world.now)
        world.run()
        assert MARKS[key] in world.pages()[KEYS[key]]
        assert_same_site(world)
        world.delete(key)
        world.put("site.yaml", "")
        world.run()
        assert world.pages()[KEYS[key]] == its_own
        assert world.answer(KEYS[key]) == "200"
        assert_same_site(world)


def test_the_error_page_stands_for_no_address() -> None:
    """It is kept out of search engines and of every list, and is found at one address alone."""
    with worlds() as world:
        world.put("pages/404.md", ERROR_PAGE)
        world.run()
        page = world.pages()["404.html"].decode()
        assert '<meta name="robots" content="noindex">' in page
        assert 'rel="canonical"' not in page
        assert not [key for key in world.keys("site") if key.startswith(("404/", "sitemap/pages"))]
        assert_same_site(world)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("comes", [True, False])
def test_whoever_writes_first_the_authors_wish_wins(key: str, comes: bool) -> None:
    """A file that comes or goes at any write of a worker that makes the site's own, or a crash."""
    number = 0
    while True:
        with worlds() as world:
            if not comes:
                world.put(key, FILES[key])
            world.run()
            world.put("site.yaml", "title: Another\n")
            acted: list[int] = []
            at_write(world, number, _change(world, key, comes, acted))
            world.run()
            world.maintain.run(world.now)
            world.run()
            if acted:
                assert (MARKS[key] in world.pages()[KEYS[key]]) is comes
                assert_same_site(world)
        if not acted:
            break
        number += 1
    assert number > 10


def _change(world: World, key: str, comes: bool, acted: list[int]) -> Callable[[], None]:
    def change() -> None:
        acted.append(1)
        if comes:
            world.put(key, FILES[key])
        else:
            world.delete(key)
        for name in ("parse", "render"):
            for body in world.take(name):
                world.deliver(name, body)

    return change


@pytest.mark.parametrize("key", KEYS)
def test_a_crash_at_any_write_is_made_good(key: str) -> None:
    """Whatever was written when a worker died, its redelivery ends with the author's file."""
    number = 0
    while True:
        with worlds() as world:
            world.run()
            world.put(key, FILES[key])
            died: list[int] = []

            def kill(died: list[int] = died) -> None:
                died.append(1)
                raise Crash

            at_write(world, number, kill)
            world.run()
            assert MARKS[key] in world.pages()[KEYS[key]]
            assert_same_site(world)
        if not died:
            break
        number += 1
    assert number >= 2


@pytest.mark.parametrize("key", KEYS)
def test_what_every_site_has_is_made_by_nobody_else(key: str) -> None:
    """index, that makes the base at any write of the worker that has the file, overwrites none."""
    number = 0
    while True:
        with worlds() as world:
            world.run()
            world.put(key, FILES[key])
            made: list[int] = []

            def publish(world: World = world, made: list[int] = made) -> None:
                made.append(1)
                world.index.publish_base(world.stores.sites.read().build)

            at_write(world, number, publish)
            world.run()
            assert MARKS[key] in world.pages()[KEYS[key]]
            assert_same_site(world)
        if not made:
            break
        number += 1
    assert number >= 2
