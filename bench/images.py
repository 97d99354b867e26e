"""Brings 200 images home from an origin 50 ms away, then shows the same again: `make bench`.

The wall time is set beside what it must at least be: the waits, as many at once as its host gives,
and the processor time of decoding and encoding, spread over the processors. Photographs show what
encoding costs, small pictures what the stage itself does. What other programs took of the
processors meanwhile is told too: a machine that is busy with something else makes no image slower,
it makes them wait.
"""

import io
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow.memory import MemoryCloud
from flow.world import Origin, World, plain
from presswork.imaging.fetching.throttle import CONNECTIONS
from presswork.imaging.making import parent
from presswork.post import ImageState

COUNT, LATENCY = 200, 0.05
CORES = os.cpu_count() or 1
WRITES = ("Put", "Delete", "Update", "Transact", "Copy")
_STAT = Path("/proc/stat")


def photograph(number: int) -> bytes:
    """A JPEG of 1600 by 1067 pixels, soft with some grain, other than all others."""
    soft = Image.effect_noise((60, 40), 90 + number / 10).resize((1600, 1067), Image.BICUBIC)
    grain = Image.effect_noise(soft.size, 12)
    grey = Image.blend(soft, grain, 0.25)
    return _jpeg(grey, grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT), soft)


def small_picture(number: int) -> bytes:
    """A JPEG of 320 by 240 pixels, other than all others."""
    soft = Image.effect_noise((60, 40), 90 + number / 10).resize((320, 240), Image.BICUBIC)
    return _jpeg(soft, soft, soft)


def _jpeg(*channels: Image.Image) -> bytes:
    file = io.BytesIO()
    Image.merge("RGB", channels).save(file, "JPEG", quality=88)
    return file.getvalue()


def making_seconds() -> float:
    """The processor time of all processes that made images, once they have ended."""
    parent._workshop.close()  # noqa: SLF001  the kernel counts what a process took when it has ended
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def busy_seconds() -> float:
    """The processor time that this machine has spent on anything; 0 where it does not tell."""
    if not _STAT.exists():
        return 0.0
    # user, nice, system, then idle and iowait, then irq, softirq, steal (proc_stat(5)).
    times = [int(each) for each in _STAT.read_text().split("\n")[0].split()[1:9]]
    return (sum(times) - times[3] - times[4]) / os.sysconf("SC_CLK_TCK")


def written(calls: Counter[str]) -> int:
    """How many of the AWS calls change something."""
    return sum(count for name, count in calls.items() if name.startswith(WRITES))


def measure(name: str, draw: Callable[[int], bytes]) -> None:
    """Prints what came home, how long it took, and what showing the same again cost."""
    files = {f"/{number}.jpg": draw(number) for number in range(COUNT)}
    origin = Origin(files=files, wait=lambda: time.sleep(LATENCY))
    server = origin.serve()
    world = World(origin, server.server_port, MemoryCloud())
    body = "\n\n".join(f"![x](http://images.example{file})" for file in files)
    for key in ("posts/a.md", "posts/b.md"):
        world.put(key, plain(key, body))
        world.at_work(lambda key=key: world.parse.look(key))
    first, second = (world.fed(key).id for key in ("posts/a.md", "posts/b.md"))

    made, busy = -making_seconds(), -busy_seconds()
    began, own = time.monotonic(), -time.process_time()
    world.at_work(lambda: world.images.prepare(first))
    wall = time.monotonic() - began
    own += time.process_time()
    busy += busy_seconds()
    made += making_seconds()
    ready = world.fed("posts/a.md").ready
    states = Counter(image.state for image in ready.images.values()) if ready else Counter()
    others = max(0.0, busy - made - own) / wall
    waits = COUNT * LATENCY / CONNECTIONS
    least, left = waits + made / CORES, waits + made / max(CORES - others, 0.1)
    print(f"{name}: {states[ImageState.REHOSTED]} of {COUNT} home, {len(origin.requests)} fetches")
    print(
        f"  processor time: {made:.1f} s making, {own:.1f} s the stage, the origin and the stores"
    )
    print(f"  wall {wall:.1f} s, at least {least:.1f} s: ratio {wall / least:.2f}")
    if others > CORES / 20:
        print(
            f"  other programs had {others:.1f} of {CORES} processors: with those that were left "
            f"at least {left:.1f} s, ratio {wall / left:.2f}"
        )
    for words, post in (("the same post again", first), ("another post that shows them", second)):
        origin.requests.clear()
        world.calls.clear()
        objects = len(world.keys("site")) + len(world.keys("vault"))
        world.at_work(lambda post=post: world.images.prepare(post))
        objects = len(world.keys("site")) + len(world.keys("vault")) - objects
        print(
            f"  {words}: {len(origin.requests)} fetches, {written(world.calls)} writes, "
            f"{objects} new objects; {world.calls.total()} calls"
        )
    world.close()
    server.shutdown()


def main() -> None:
    """Measures both kinds of images."""
    measure("small pictures", small_picture)
    measure("photographs", photograph)


if __name__ == "__main__":
    main()
