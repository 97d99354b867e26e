"""Counts the AWS calls and bytes that one more post costs in sites of several sizes: `make bench`.

With `--table` it writes the table of docs/calls.md anew, in which each call has its reason.

The sites are on AWS in memory, which makes the calls that moto sees (tests/flow/test_memory.py).
Forty posts a month, however many there are: an author does not write faster in a larger site. The
last sites have one busy month, which is split by day: its days hold about ten posts, or a hundred.
A post costs the same calls in both; bytes go up with the posts of its day, of which a page lists up
to 200, as that of a month does.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow import call_table
from flow.growth import A_MONTH, NOW, grow, newest, post
from flow.memory import MemoryCloud
from flow.world import Origin, World, picture
from presswork.aws import parallel

PAGE = Path(__file__).parents[1] / "docs" / "calls.md"
SIZES = (10, 100, 1_000, 10_000)
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


def cases(world: World) -> dict[str, Callable[[], object]]:
    """What an author does, in this order."""
    put = world.put
    images = "\n\n".join(f"![x](http://images.example/{name}.jpg)" for name in ("y", "z"))
    image = "![x](http://images.example/x.jpg)"
    return {
        "a post": lambda: put("posts/new.md", post(3, 0, "[sea]", "New!")),
        "the same again": lambda: put("posts/new.md", post(3, 0, "[sea]", "New!")),
        "an edit": lambda: put("posts/new.md", post(3, 0, "[sea]", "New?")),
        "a new tag": lambda: put("posts/new.md", post(3, 0, "[sea, new]", "New?")),
        "a removed tag": lambda: put("posts/new.md", post(3, 0, "[sea]", "New?")),
        "backdated": lambda: put("posts/old.md", post(5, 1, "[sea]", "Old!")),
        "with an image": lambda: put("posts/image.md", post(9, 0, "[sea]", "Pic!") + image),
        "new terms": lambda: put("posts/terms.md", newest("Terms")),
        "a newest post": lambda: put("posts/newest.md", newest("Newest", minute=1)),
        "newest, 2 images": lambda: put("posts/two.md", newest("Two", images, minute=2)),
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


def pictures() -> Origin:
    """An origin of three images."""
    colours = {"/x.jpg": "teal", "/y.jpg": "navy", "/z.jpg": "olive"}
    return Origin(files={path: picture(colour) for path, colour in colours.items()})


def write_table() -> int:
    """Writes the table of docs/calls.md anew; 1 when a call has no reason there."""
    parallel.WORKERS = 1
    server = (origin := pictures()).serve()
    world = call_table.CountedWorld(origin, server.server_port, MemoryCloud())
    world.now = NOW
    grow(world, STEADY)
    made = call_table.cases(world)
    server.shutdown()
    text = call_table.rewritten(PAGE.read_text(encoding="utf-8"), made)
    PAGE.write_text(text, encoding="utf-8")
    _, why = call_table.read(text)
    unknown = [call for call, reason in why.items() if reason == call_table.UNKNOWN]
    print(*(f"{name}: {counts.total()}" for name, counts in made.items()), sep="\n")
    print(*(f"say why in docs/calls.md: {call}" for call in unknown), sep="\n")
    return int(bool(unknown))


def main() -> int:
    """Prints a row for each size; 1 when a post costs more in a larger site."""
    if sys.argv[1:] == ["--table"]:
        return write_table()
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    sites = [(f"{size} posts", size, A_MONTH) for size in sizes]
    if not sys.argv[1:]:
        sites += [(f"{busy} posts in the month", busy + STEADY, busy) for busy in BUSY]
    server = (origin := pictures()).serve()
    steady: dict[tuple[str, bool], tuple[int, int]] = {}
    grew = False
    for name, size, in_the_month in sites:
        cloud = MemoryCloud()
        world = World(origin, server.server_port, cloud)
        world.now = NOW
        grow(world, size, in_the_month)
        print(name, flush=True)
        for case, change in cases(world).items():
            change()
            calls, bytes = measured(cloud, world)
            note = ""
            if size >= STEADY:
                is_busy = in_the_month > A_MONTH
                before = steady.setdefault((case, is_busy), (calls, bytes))
                more = NAMING_MONTHS.get(case, 0) * size // A_MONTH
                is_within = is_busy or before[1] / WITHIN <= bytes <= before[1] * WITHIN + more
                if calls != before[0] or not is_within:
                    grew, note = True, f"   was {before[0]} and {before[1] / 1000:.0f} kB"
            print(f"    {case:16} {calls:>5} calls {bytes / 1000:>8.0f} kB{note}", flush=True)
        world.close()
    server.shutdown()
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
