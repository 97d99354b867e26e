"""A month of many posts splits by day, a day into parts; and they come to be whole again."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.world import Crash, Origin, World, plain
from presswork.aws import parallel

WRITES = (
    *("PutObject", "DeleteObject"),
    *("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"),
)


@contextmanager
def worlds(most: int) -> Iterator[World]:
    """A world in memory whose periods list up to so many posts."""
    world = World(Origin(), 1, MemoryCloud(), most=most)
    world.now = datetime(2026, 8, 1, tzinfo=UTC)
    yield world
    world.close()


def put(world: World, name: str, day: str) -> None:
    """Uploads a post of a day."""
    world.put(f"posts/{name}.md", plain(name, slug=name, date=f"{day} 09:00:00"))


def go_live(world: World) -> None:
    """Does all but the lists."""
    for name in ("parse", "render"):
        for body in world.take(name):
            world.deliver(name, body)


def links(world: World, key: str) -> list[str]:
    """What an archive's page leads to, but for the frame of every page."""
    main = world.pages()[key].decode().partition("<main")[2].partition("</main")[0]
    return [part.partition('"')[0] for part in main.split('href="')[1:]]


def periods(world: World) -> list[str]:
    """The periods that have a sitemap, newest first; the search reads the whole years in place."""
    pages = world.pages()
    index = pages["sitemap.xml"].decode()
    shards = [key for key in pages if key.startswith("-/sitemap/")]
    assert all(f"/{key}</loc>" in index for key in shards)
    assert index.count("<loc>") == len(shards)
    named = [key[len("-/sitemap/") : -len(".xml")] for key in shards]
    searched = json.loads(pages["-/search/periods.json"])
    assert sorted(f"-/search/{each}.json" for each in [*searched, "periods"]) == sorted(
        key for key in pages if key.startswith("-/search/")
    )
    years = {each for each in searched if "-" not in each}
    assert years == {each[:4] for each in named} - {each[:4] for each in searched if "-" in each}
    assert [each for each in searched if "-" in each] == [
        each for each in sorted(named, reverse=True) if each[:4] not in years
    ]
    return sorted(named, reverse=True)


def searched(world: World) -> list[str]:
    """What the search reads, the newest first."""
    return [str(each) for each in json.loads(world.pages()["-/search/periods.json"])]


def test_a_month_of_many_posts_splits_by_day_and_comes_together_again() -> None:
    """Its page leads to its days, each with its posts; sitemap and search name the days."""
    with worlds(3) as world:
        put(world, "before", "2026-04-30")
        put(world, "after", "2026-06-01")
        for name, day in {"a": "04", "b": "05", "c": "05"}.items():
            put(world, name, f"2026-05-{day}")
        world.run()
        assert periods(world) == ["2026-06", "2026-05", "2026-04"]
        whole = world.pages()

        put(world, "d", "2026-05-31")
        world.run()
        assert periods(world) == ["2026-06", "2026-05-31", "2026-05-05", "2026-05-04", "2026-04"]
        assert links(world, "2026/05/index.html") == [
            *("/2026/", "/2026/05/04/", "/2026/05/05/", "/2026/05/31/"),
            *("/2026/06/", "/2026/04/"),
        ]
        above, *posts = links(world, "2026/05/05/index.html")
        assert above == "/2026/05/"
        assert sorted(posts) == ["/2026/05/b/", "/2026/05/c/"]
        assert_same_site(world)

        world.delete("posts/d.md")
        world.run()
        assert periods(world) == ["2026-06", "2026-05", "2026-04"]
        stubs = ["2026/05/d/index.html"]
        assert {k: v for k, v in world.pages().items() if k not in stubs}.keys() == whole.keys()
        assert_same_site(world)


def test_a_day_of_many_posts_splits_into_parts_and_so_on() -> None:
    """Posts of one instant are parted, each stands in one part, and each part leads back."""
    with worlds(1) as world:
        for number in range(14):
            put(world, f"p{number}", "2026-05-04")
        world.run()
        parts = periods(world)
        assert max(map(len, parts)) > len("2026-05-04-1"), "no part was split again"
        shown = [
            link
            for period in parts
            for link in links(world, f"archives/{period.replace('-', '/')}/index.html")[1:]
        ]
        assert sorted(shown) == sorted(f"/2026/05/p{number}/" for number in range(14))
        assert links(world, "2026/05/index.html") == ["/2026/", "/2026/05/04/"]
        back, *into = links(world, "2026/05/04/index.html")
        assert back == "/2026/05/"
        assert 1 < len(into) <= 10
        assert all(each.startswith("/archives/2026/05/04/") for each in into)
        assert_same_site(world)
        for number in range(1, 14):
            world.delete(f"posts/p{number}.md")
        world.run()
        assert periods(world) == ["2026-05"]
        assert not [key for key in world.pages() if key.startswith("archives/2026")]
        assert_same_site(world)


def test_a_day_that_comes_or_goes_in_a_split_month_is_named_or_not() -> None:
    """Only what names the days is made again; a post that moves takes its day along."""
    with worlds(1) as world:
        put(world, "a", "2026-05-04")
        put(world, "b", "2026-05-05")
        world.run()
        put(world, "c", "2026-05-06")
        world.run()
        assert periods(world) == ["2026-05-06", "2026-05-05", "2026-05-04"]
        put(world, "c", "2026-05-07")
        world.run()
        assert periods(world) == ["2026-05-07", "2026-05-05", "2026-05-04"]
        world.put("site.yaml", "title: Port\ntimezone: Pacific/Auckland\n")
        world.put("posts/a.md", plain("a", slug="a", date="2026-05-03T23:00:00Z"))
        world.run()
        assert_same_site(world)


def test_a_year_of_many_posts_is_searched_by_its_months_and_comes_together_again() -> None:
    """Where its posts are listed together they are searched together; no month of it is split."""
    with worlds(2) as world:
        put(world, "before", "2025-12-31")
        for name, month in {"a": "03", "b": "05"}.items():
            put(world, name, f"2026-{month}-04")
        world.run()
        assert searched(world) == ["2026", "2025"]

        put(world, "c", "2026-05-31")
        world.run()
        assert searched(world) == ["2026-05", "2026-03", "2025"]
        assert periods(world) == ["2026-05", "2026-03", "2025-12"]
        assert_same_site(world)

        world.delete("posts/a.md")
        world.run()
        assert searched(world) == ["2026", "2025"]
        assert periods(world) == ["2026-05", "2025-12"]
        assert_same_site(world)


def test_days_are_searched_whoever_finds_first_that_their_year_is_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One worker finds the month too long and the year not yet; another splits the year alone."""
    monkeypatch.setattr(parallel, "WORKERS", 1)
    with worlds(3) as world:
        for name, day in {"a": "04", "b": "05"}.items():
            put(world, name, f"2026-05-{day}")
        world.run()
        put(world, "c", "2026-05-06")
        go_live(world)

        def overtake() -> None:
            put(world, "d", "2026-05-07")
            go_live(world)

        world.before("Query", "LIST#month:2026-05", overtake)
        first, *_ = world.take("index")
        world.deliver("index", first)
        assert not world.pending_crash()
        assert searched(world) == ["2026"]
        assert "2026/05/04/index.html" in world.pages(), "the month is not split before its year"
        world.run()
        assert periods(world) == [f"2026-05-0{day}" for day in (7, 6, 5, 4)]
        assert_same_site(world)


def at_write(world: World, number: int, action: Callable[[], None]) -> None:
    """Runs `action` right before one of the next calls that write, counted from zero."""
    left = [number]

    def watch(operation: str) -> None:
        def come() -> None:
            left[0] -= 1
            if left[0] == -1:
                action()
            watch(operation)

        world.before(operation, "", come)

    for operation in WRITES:
        watch(operation)


@pytest.mark.parametrize("grows", [True, False])
def test_a_crash_at_any_write_is_made_good(grows: bool) -> None:
    """Whatever was written when a worker died: its redelivery ends with the right site."""
    number = 0
    while True:
        with worlds(2) as world:
            for name, day in {"a": "04", "b": "05"}.items():
                put(world, name, f"2026-05-{day}")
            if not grows:
                put(world, "c", "2026-05-04")
            world.run()
            if grows:
                put(world, "c", "2026-05-04")
            else:
                world.delete("posts/c.md")
            go_live(world)
            died: list[int] = []

            def kill(died: list[int] = died) -> None:
                died.append(1)
                raise Crash

            at_write(world, number, kill)
            world.run()
            assert periods(world) == (["2026-05-05", "2026-05-04"] if grows else ["2026-05"])
            assert_same_site(world)
        if not died:
            break
        number += 1
    assert number > 15


@pytest.mark.parametrize("grows", [True, False])
def test_another_worker_that_turns_a_period_back_at_any_write_is_heard(grows: bool) -> None:
    """Of two workers, one of a post that came and one of a post that went, the later state wins."""
    number = 0
    while True:
        with worlds(2) as world:
            for name, day in {"a": "04", "b": "05"}.items():
                put(world, name, f"2026-05-{day}")
            if not grows:
                put(world, "c", "2026-05-04")
            world.run()
            if grows:
                put(world, "c", "2026-05-04")
            else:
                world.delete("posts/c.md")
            go_live(world)
            came: list[int] = []

            def turn_back(world: World = world, came: list[int] = came) -> None:
                came.append(1)
                if grows:
                    world.delete("posts/a.md")
                else:
                    put(world, "d", "2026-05-06")
                go_live(world)
                for body in world.take("index"):
                    world.deliver("index", body)

            at_write(world, number, turn_back)
            for body in world.take("index"):
                world.deliver("index", body)
            world.run()
            assert_same_site(world)
            if not came:
                break
            days = ["2026-05-06", "2026-05-05", "2026-05-04"]
            assert periods(world) == (["2026-05"] if grows else days)
        number += 1
    assert number > 15


def test_two_days_that_come_at_the_same_time_are_both_named() -> None:
    """Of two workers that add a day to what a month is split into, none forgets the other's."""
    with worlds(1) as world:
        put(world, "a", "2026-05-04")
        put(world, "b", "2026-05-05")
        world.run()
        put(world, "c", "2026-05-06")
        go_live(world)

        def overtake() -> None:
            put(world, "d", "2026-05-07")
            go_live(world)
            for body in world.take("index"):
                world.deliver("index", body)

        world.before("PutItem", "LIST#split", overtake)
        for body in world.take("index"):
            world.deliver("index", body)
        assert not world.pending_crash()
        world.run()
        assert periods(world) == [f"2026-05-0{day}" for day in (7, 6, 5, 4)]
        assert_same_site(world)


def cost(world: World, cloud: MemoryCloud) -> tuple[int, int]:
    """The calls and the bytes of one more post."""
    world.calls.clear()
    cloud.scales.bytes.clear()
    cloud.scales.on = True
    put(world, "new", "2026-05-18")
    world.run()
    cloud.scales.on = False
    return sum(world.calls.values()), sum(cloud.scales.bytes.values())


def test_one_more_post_costs_the_same_in_a_long_month_and_in_a_longer_one() -> None:
    """Whatever the other days of a split month hold: equal calls, and nearly equal bytes."""
    found = []
    for a_day in (4, 9):
        cloud = MemoryCloud()
        world = World(Origin(), 1, cloud, most=10)
        world.now = datetime(2026, 8, 1, tzinfo=UTC)
        for day in range(12, 19):
            for number in range(4 if day == 18 else a_day):
                put(world, f"p{day}{number}", f"2026-05-{day}")
        world.run()
        found.append(cost(world, cloud))
        world.close()
    (calls, bytes), (more_calls, more_bytes) = found
    assert more_calls == calls
    assert more_bytes < bytes * 1.05
