"""Fifty posts at once in the same lists, many workers: no entry is lost, and later none is left."""

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.world import Origin, World, plain
from presswork import site
from presswork.errors import RetryLater

pytestmark = pytest.mark.threads

COUNT = 50
WORKERS = 20
RECEIVES = 5
"""Half of what a queue allows: the rest is for what else goes wrong."""

Message = tuple[str, dict[str, Any], int]


@contextmanager
def worlds(most: int) -> Iterator[World]:
    """A world in memory whose periods list up to so many posts; now and then a worker stalls."""
    dice = random.Random(50)
    world = World(
        Origin(),
        1,
        MemoryCloud(),
        most=most,
        latency=lambda: time.sleep(0.5 * (dice.random() < 0.02)),
    )
    yield world
    world.close()


def work_together(world: World) -> None:
    """Has many workers deliver all messages at the same time, each as often as a queue does."""
    with ThreadPoolExecutor(WORKERS) as pool:
        under_way: dict[Future[None], Message] = {}

        def send(name: str, body: dict[str, Any], tries: int) -> None:
            under_way[pool.submit(world.deliver, name, body)] = (name, body, tries)

        while True:
            for name in world.urls:
                for body in world.take(name):
                    if name != "ear":
                        send(name, body, 1)
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                name, body, tries = under_way.pop(future)
                try:
                    future.result()
                except RetryLater:
                    assert tries < RECEIVES, f"{name} gave up {body}"
                    send(name, body, tries + 1)


@pytest.mark.parametrize("most", [200, 20])
def test_fifty_posts_at_once_stand_in_all_their_lists_and_leave_them(most: int) -> None:
    """Tag, category, month, feeds, sitemap and search name each post, and no removed one.

    With periods of up to twenty posts, the month is split under way, and comes together again.
    """
    names = [f"crowd-{number:02}" for number in range(COUNT)]
    with worlds(most) as world:
        for number, name in enumerate(names):
            date = f"2026-03-{1 + number % 4:02} 09:{number:02}:00"
            text = plain(name, slug=name, date=date, tags="[crowd]", categories="[crowd]")
            world.put(f"posts/{name}.md", text)
        work_together(world)
        pages = world.pages()
        newest = sorted(names, key=lambda each: (int(each[-2:]) % 4, each), reverse=True)[:20]
        for key in ("feed.xml", "tags/crowd/feed.xml", "categories/crowd/feed.xml"):
            assert [n for n in names if f"<title>{n}<".encode() in pages[key]] == sorted(newest)
        found = [
            post[1]
            for key, body in pages.items()
            if key.startswith("-/search/2026")
            for post in json.loads(body)
        ]
        assert sorted(found) == names
        mapped = b"".join(body for key, body in pages.items() if key.startswith("-/sitemap/"))
        assert [n for n in names if f"/{n}/</loc>".encode() not in mapped] == []
        assert_same_site(world)

        for name in names:
            world.delete(f"posts/{name}.md")
        work_together(world)
        kept = {site.key_of(f"/2026/03/{name}/") for name in names}
        assert not [k for k, body in world.pages().items() if b"crowd" in body and k not in kept]
        assert_same_site(world)
