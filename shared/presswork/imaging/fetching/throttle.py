"""Manners towards the hosts that images come from: few connections at once, pauses observed."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from presswork.errors import RetryLater

CONNECTIONS = 6
"""How many connections a host gets at once: as many as from a browser."""


class HostThrottle:
    """What the fetches that share it owe a host; safe to use from many threads.

    A host gets at most `connections` at once, and none before the end of a pause it asked for.
    """

    def __init__(
        self, connections: int = CONNECTIONS, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._connections, self._stopwatch = connections, stopwatch
        self._changed = threading.Condition()
        self._open: Counter[str] = Counter()
        self._paused: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, patience: float) -> Iterator[None]:
        """One of the connections to `host`, waited for `patience` seconds; raises `RetryLater`.

        A RetryLater of the work done meanwhile that names a pause is the host's, and begins it.
        """
        self._begin(host, patience)
        try:
            yield
        except RetryLater as later:
            self._pause(host, later.after)
            raise
        finally:
            self._end(host)

    def _begin(self, host: str, patience: float) -> None:
        ends = self._stopwatch() + patience
        with self._changed:
            while True:
                now = self._stopwatch()
                if (over := self._paused.get(host, now)) > now:
                    raise RetryLater(f"{host} asked for a pause, which is not over.", over - now)
                self._paused.pop(host, None)
                if self._open[host] < self._connections:
                    self._open[host] += 1
                    return
                if now >= ends:
                    raise RetryLater(f"{host} is busy with other fetches.")
                self._changed.wait(ends - now)

    def _pause(self, host: str, seconds: float | None) -> None:
        if seconds:
            with self._changed:
                over = self._stopwatch() + seconds
                self._paused[host] = max(over, self._paused.get(host, over))

    def _end(self, host: str) -> None:
        with self._changed:
            self._open[host] -= 1
            if not self._open[host]:
                del self._open[host]
            self._changed.notify_all()
