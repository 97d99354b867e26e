"""Counts the AWS calls and bytes that one more post costs in sites of several sizes: `make bench`.

The sites are on AWS in memory, which makes the calls that moto sees (tests/flow/test_memory.py).
Forty posts a month, however many there are: an author does not write faster in a larger site. The
last sites have one busy month, which is split by day: its days hold about ten posts, or a hundred.
A post costs the same calls in both; bytes go up with the posts of its day, of which a page lists up
to 200, as that of a month does.
"""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow.memory import MemoryCloud
from flow.world import Origin, World, picture, plain
from presswork import site
from presswork.stages.render.stage import Render
from presswork.tasks import UpdateList, UpdateMonth

SIZES = (10, 100, 1_000, 10_000)
A_MONTH = 40
BUSY = (300, 3_000)
"""How many posts the newest month of a site with a busy month has."""

STEADY = 100
"""From this size on a post costs the same number of calls, and bytes within 5 %."""

WITHIN = 1.05
NAMING_MONTHS = {"a page": 130, "a delete": 80}
"""Where all months are looked at, for one may have come or gone: bytes that each month adds.

A first page adds a sitemap to the map of sitemaps, which names that of each month; a delete reads
which months there are.
"""


def post(number: int, month: int, tags: str, title: str = "Post") -> str:
    """A post of a month, counted backwards from February 2026."""
    years, months = divmod(2 - 1 - month, 12)
    date = datetime(2026 + years, months + 1, 1 + number % 28, 9, number % 60, tzinfo=UTC)
    words = "Words that fill a line of the text of a post. " * 40
    return plain(f"{title} {number:06}", words, date=f"{date:%Y-%m-%d %H:%M:%S}", tags=tags)


def grow(world: World, size: int, newest: int) -> None:
    """A site of this many posts, oldest first; each list is made once, when all are there.

    Posts go into the newest month, of `newest` posts, and the one before: pages and archives older
    than that stay unmade, to save time, for no case looks at them.
    """
    lists: set[str] = set()
    for number in reversed(range(size)):
        month = 0 if number < newest else 1 + (number - newest) // A_MONTH
        is_old = month > 1
        world.put(f"posts/{number}.md", post(number, month, f"[sea, t{number % 10}]"))
        with patch.object(Render, "_converge", _nothing) if is_old else nullcontext():
            for name in ("parse", "render"):
                for body in world.take(name):
                    world.deliver(name, body)
        live = world.fed(f"posts/{number}.md").live
        lists.update(() if is_old or live is None else site.positions(live.lists))
        for name in ("index", "notify", "ear"):
            world.take(name)
    world.maintain.run(world.now)
    world.run()
    months = {site.month_in(name) for _, _, name in (n.partition("period:") for n in lists) if name}
    tasks = [*(UpdateList(list=name) for name in lists), *(UpdateMonth(month=m) for m in months)]
    world.index.bring_up_to_date(tasks, note=lambda _: None)
    world.take("index")  # the documents of old posts are never made


def _nothing(*_: object) -> None:
    """Makes no page."""


def cases(world: World) -> dict[str, Callable[[], object]]:
    """What an author does, in this order."""
    put = world.put
    image = "![x](http://images.example/x.jpg)"
    return {
        "a post": lambda: put("posts/new.md", post(3, 0, "[sea]", "New!")),
        "the same again": lambda: put("posts/new.md", post(3, 0, "[sea]", "New!")),
        "an edit": lambda: put("posts/new.md", post(3, 0, "[sea]", "New?")),
        "a new tag": lambda: put("posts/new.md", post(3, 0, "[sea, new]", "New?")),
        "a removed tag": lambda: put("posts/new.md", post(3, 0, "[sea]", "New?")),
        "backdated": lambda: put("posts/old.md", post(5, 1, "[sea]", "Old!")),
        "with an image": lambda: put("posts/image.md", post(9, 0, "[sea]", "Pic!") + image),
        "a page": lambda: put("pages/new.md", "# New\n\nWords.\n"),
        "an edited page": lambda: put("pages/new.md", "# New\n\nMore words.\n"),
        "a delete": lambda: world.delete("posts/new.md"),
    }


def measured(cloud: MemoryCloud, world: World) -> tuple[int, int]:
    """The calls, and about the bytes, until no message is left."""
    world.calls.clear()
    cloud.scales.bytes.clear()
    cloud.scales.on = True
    world.run()
    cloud.scales.on = False
    return sum(world.calls.values()), sum(cloud.scales.bytes.values())


def main() -> int:
    """Prints a row for each size; 1 when a post costs more in a larger site."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    sites = [(f"{size} posts", size, A_MONTH) for size in sizes]
    if not sys.argv[1:]:
        sites += [(f"{busy} posts in the month", busy + STEADY, busy) for busy in BUSY]
    server = (origin := Origin(files={"/x.jpg": picture()})).serve()
    steady: dict[tuple[str, bool], tuple[int, int]] = {}
    grew = False
    for name, size, newest in sites:
        cloud = MemoryCloud()
        world = World(origin, server.server_port, cloud)
        world.now = datetime(2026, 3, 1, tzinfo=UTC)
        grow(world, size, newest)
        print(name, flush=True)
        for case, change in cases(world).items():
            change()
            calls, bytes = measured(cloud, world)
            note = ""
            if size >= STEADY:
                is_busy = newest > A_MONTH
                before = steady.setdefault((case, is_busy), (calls, bytes))
                more = NAMING_MONTHS.get(case, 0) * size // A_MONTH
                is_within = is_busy or before[1] / WITHIN <= bytes <= before[1] * WITHIN + more
                if calls != before[0] or not is_within:
                    grew, note = True, f"   was {before[0]} and {before[1] / 1000:.0f} kB"
            print(f"    {case:15} {calls:>5} calls {bytes / 1000:>8.0f} kB{note}", flush=True)
        world.close()
    server.shutdown()
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
