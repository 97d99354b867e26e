"""How many calls of AWS wait for each other, whatever the machine is busy with.

Calls that a stage makes side by side are made one after another here, and counted as if as many of
them were under way as it allows.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any, Self
from unittest.mock import patch

from flow.growth import NOW, newest
from flow.memory import MemoryCloud
from flow.world import Origin, World, picture
from presswork import imaging
from presswork.aws import parallel
from presswork.stages.images import stage

COLOURS = ("teal", "navy", "olive", "gold", "red", "green", "blue", "pink", "gray", "brown")


class Rows:
    """The calls in a row so far; each call is one more."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> None:
        """One more call has ended."""
        self.made += 1

    def together(self, works: Iterable[Callable[[], Any]], workers: int) -> list[Any]:
        """Does works one after another, and counts them as if so many workers shared them."""
        begin, free = self.made, [0] * workers
        found = []
        for work in works:
            self.made = begin
            found.append(work())
            heapq.heappush(free, heapq.heappop(free) + self.made - begin)
        self.made = begin + max(free)
        return found


class Pool:
    """Takes the place of a pool of threads."""

    def __init__(self, rows: Rows, workers: int) -> None:
        self._rows, self._workers = rows, workers
        self._works: list[tuple[Future[Any], Callable[[], Any]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is under way any more."""

    def map(self, work: Callable[..., Any], *of: Iterable[Any]) -> list[Any]:
        """What a work gives for each of several things."""
        calls = [partial(work, *given) for given in zip(*of, strict=True)]
        return self._rows.together(calls, self._workers)

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Keeps a work until its end is waited for."""
        self._works.append((Future(), partial(work, *given)))
        return self._works[-1][0]

    def wait(self, _: object) -> None:
        """Does what was kept."""
        works, self._works = self._works, []
        self._rows.together([partial(_settle, *each) for each in works], self._workers)


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - as a pool of threads does
        future.set_exception(error)
    finally:
        parallel._place.is_taken = False  # in a pool, a thread is at its place for good


@contextmanager
def counted(rows: Rows) -> Iterator[None]:
    """The block's calls are counted in `rows`, which each call has called when it ends."""
    pool = Pool(rows, 16)
    with (
        patch.object(parallel, "WORKERS", 16),
        patch.object(parallel, "_pool", lambda: pool),
        patch.object(parallel, "wait", pool.wait),
        patch.object(stage, "ThreadPoolExecutor", lambda workers, **_: Pool(rows, workers)),
        # One host may be asked for six images at once: for more than a post has here.
        patch.object(imaging, "work_by_host", lambda pool, work, items, _: pool.map(work, items)),
    ):
        yield


class TimedSite:
    """A site to which posts are added, and what follows each call that its stages make."""

    def __init__(self, origin: Origin, port: int) -> None:
        self.after: Callable[[], None] = lambda: None
        self.world = World(origin, port, MemoryCloud(), latency=self._after)
        self.world.now = NOW
        self._posts = 0

    def publish(self, clock: Callable[[], float], *, images: bool) -> tuple[float, float]:
        """What a clock says when another post is live, and when its lists are."""
        self._posts += 1
        names = [f"{self._posts}-{each}.jpg" for each in range(2)] if images else []
        for number, name in enumerate(names):
            colour = COLOURS[(self._posts + number) % len(COLOURS)]
            self.world.origin.files[f"/{name}"] = picture(colour, (60 + self._posts, 40))
        body = "\n\n".join(f"![x](http://images.example/{name})" for name in names)
        text = newest(f"Newest {self._posts}", body, minute=self._posts % 60)
        self.world.put(f"posts/newest-{self._posts}.md", text)
        begin = clock()
        for name in ("parse", "images", "render"):
            self._deliver(name)
        live = clock() - begin
        self._deliver("index")
        lists = clock() - begin
        self.world.take("notify")
        return live, lists

    def _after(self) -> None:
        self.after()

    def _deliver(self, name: str) -> None:
        for body in self.world.take(name):
            self.world.deliver(name, body)

    def in_a_row(self, *, images: bool) -> tuple[float, float]:
        """How many calls wait for each other."""
        self.after = rows = Rows()
        with counted(rows):
            return self.publish(lambda: rows.made, images=images)
