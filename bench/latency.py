"""How soon one post is live, and in its lists, when each call of AWS takes a while: `make bench`.

In a site in memory. First the calls that wait for each other are counted, which does not depend on
how busy the machine is; then a post is published with threads, and each call waits after its answer
came. What lies between the stages (EventBridge, SNS, SQS) takes no time here.
"""

import os
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow.growth import grow
from flow.in_a_row import TimedSite
from flow.world import Origin

SIZE = 100
MILLISECONDS = 10
"""What a call takes: DynamoDB and S3 answer within 5 to 30."""
TIMES = 5


def seconds(site: TimedSite, pause: float, *, images: bool) -> tuple[float, float]:
    """The time that a post takes with threads; the middle of several."""
    site.after = lambda: time.sleep(pause)
    taken = [site.publish(time.perf_counter, images=images) for _ in range(TIMES)]
    return median(live for live, _ in taken), median(lists for _, lists in taken)


def main() -> int:
    """Prints a row for a post without images, and one with two."""
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "bench")
    server = (origin := Origin()).serve()
    site = TimedSite(origin, server.server_port)
    grow(site.world, SIZE)
    print(f"one more post, five tags, two categories, in a site of {SIZE}, by warm workers")
    print(f"{'':12}{'':8}{'in a row':>10}{f'at {MILLISECONDS} ms':>10}{'with threads':>15}")
    for name, images in (("no images", False), ("two images", True)):
        seconds(site, 0, images=images)  # the first of a worker
        rows = site.in_a_row(images=images)
        taken = seconds(site, MILLISECONDS / 1000, images=images)
        for what, row, took in zip(("live", "lists"), rows, taken, strict=True):
            told = f"{row * MILLISECONDS / 1000:8.2f} s{took:13.2f} s"
            print(f"{name:12}{what:8}{row:>10.0f}{told}", flush=True)
    site.world.close()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
