"""Counts the AWS calls and bytes that one more post costs in sites of several sizes: `make bench`.

The sites are on AWS in memory, which makes the calls that moto sees (tests/flow/test_memory.py).
Forty posts a month, however many there are: an author does not write faster in a larger site.
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
from presswork.stages.render import Render

SIZES = (10, 100, 1_000, 10_000)
A_MONTH = 40
RECENT = 2
"""How many months have their pages; posts are published into the newest, and the one before."""

STEADY = 100
"""From this size on a post costs the same number of calls, and bytes within 5 %."""

WITHIN = 1.05


def post(number: int, month: int, tags: str, title: str = "Post") -> str:
    """A post of a month, counted backwards from February 2026."""
    years, months = divmod(2 - 1 - month, 12)
    date = datetime(2026 + years, months + 1, 1 + number % 28, 9, number % 60, tzinfo=UTC)
    words = "Words that fill a line of the text of a post. " * 40
    return plain(f"{title} {number:06}", words, date=f"{date:%Y-%m-%d %H:%M:%S}", tags=tags)


def grow(world: World, size: int) -> None:
    """A site of this many posts, oldest first; each list is made once, when all are there.

    Pages and archives of long ago stay unmade, to save time: no case looks at them.
    """
    lists: set[str] = set()
    for number in reversed(range(size)):
        is_old = number >= RECENT * A_MONTH
        world.put(f"posts/{number}.md", post(number, number // A_MONTH, f"[sea, t{number % 10}]"))
        with patch.object(Render, "_converge", _nothing) if is_old else nullcontext():
            for name in ("parse", "render"):
                for body in world.take(name):
                    world.deliver(name, body)
        live = world.fed(f"posts/{number}.md").live
        lists.update(() if is_old or live is None else live.lists)
        for name in ("index", "notify", "ear"):
            world.take(name)
    world.maintain.run(world.now)
    world.run()
    months = {site.month_in(name) for _, _, name in (n.partition("period:") for n in lists) if name}
    world.index.bring_up_to_date(
        [*lists, *(f"archive:{month}" for month in months)], note=lambda _: None
    )


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
    server = (origin := Origin(files={"/x.jpg": picture()})).serve()
    steady: dict[str, tuple[int, int]] = {}
    grew = False
    for size in sizes:
        cloud = MemoryCloud()
        world = World(origin, server.server_port, cloud)
        world.now = datetime(2026, 3, 1, tzinfo=UTC)
        grow(world, size)
        print(f"{size:>6} posts", flush=True)
        for case, change in cases(world).items():
            change()
            calls, bytes = measured(cloud, world)
            note = ""
            if size >= STEADY:
                before = steady.setdefault(case, (calls, bytes))
                if calls != before[0] or not 1 / WITHIN <= bytes / before[1] <= WITHIN:
                    grew, note = True, f"   was {before[0]} and {before[1] / 1000:.0f} kB"
            print(f"    {case:15} {calls:>5} calls {bytes / 1000:>8.0f} kB{note}", flush=True)
        world.close()
    server.shutdown()
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
