"""Brings 200 images home from an origin 50 ms away, then the same again: `make bench`.

The wall time is set beside what it must at least be: the waits, as many at once as the stage has,
and the processor time of decoding and encoding, spread over the processors.
"""

import io
import os
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow.memory import MemoryCloud
from flow.world import Origin, World, plain
from presswork.imaging import making
from presswork.post import ImageState
from presswork.stages.images import AT_ONCE

COUNT, LATENCY = 200, 0.05
WRITES = ("Put", "Delete", "Update", "Transact", "Copy")


def photograph(number: int) -> bytes:
    """A JPEG of 1600 by 1067 pixels, soft with some grain, other than all others."""
    soft = Image.effect_noise((60, 40), 90 + number / 10).resize((1600, 1067), Image.BICUBIC)
    grain = Image.effect_noise(soft.size, 12)
    grey = Image.blend(soft, grain, 0.25)
    colours = (grey, grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT), soft)
    file = io.BytesIO()
    Image.merge("RGB", colours).save(file, "JPEG", quality=88)
    return file.getvalue()


def making_seconds() -> float:
    """The processor time that making images has taken, of all processes that did it."""
    process = making._maker._process  # noqa: SLF001  what it costs is asked of nobody else
    if process is None:
        return 0.0
    times = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def writes(calls: Counter[str]) -> int:
    """How many of the AWS calls change something."""
    return sum(count for name, count in calls.items() if name.startswith(WRITES))


def main() -> None:
    """Prints what came home, how long it took, and what the second time cost."""
    files = {f"/{number}.jpg": photograph(number) for number in range(COUNT)}
    origin = Origin(files=files, delay=LATENCY)
    server = origin.serve()
    world = World(origin, server.server_port, MemoryCloud())
    world.images = replace(world.images, patience=3600.0)
    body = "\n\n".join(f"![x](http://images.example{name})" for name in files)
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.at_work(lambda: world.parse.look("posts/a.md"))
    id = world.fed("posts/a.md").id

    began, burnt = time.monotonic(), time.process_time()
    world.at_work(lambda: world.images.prepare(id))
    wall = time.monotonic() - began
    ready = world.fed("posts/a.md").ready
    states = Counter(image.state for image in ready.images.values()) if ready else Counter()
    cores, made = os.cpu_count() or 1, making_seconds()
    least = COUNT * LATENCY / AT_ONCE + made / cores
    print(f"{states[ImageState.REHOSTED]} of {COUNT} images home, {len(origin.requests)} fetches")
    print(f"processor time: {made:.1f} s making, {time.process_time() - burnt:.1f} s all else")
    print(f"wall {wall:.1f} s, at least {least:.1f} s: ratio {wall / least:.2f}")

    origin.requests.clear()
    world.calls.clear()
    world.at_work(lambda: world.images.prepare(id))
    print(f"again: {len(origin.requests)} fetches, {writes(world.calls)} writes")
    world.close()
    server.shutdown()


if __name__ == "__main__":
    main()
