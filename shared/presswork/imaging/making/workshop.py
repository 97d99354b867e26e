"""Who makes the next image: as many processes at work as processors, some kept for their series."""

import os
import threading
from dataclasses import dataclass, field

from presswork.errors import RetryLater
from presswork.imaging.limits import Limits, Refused
from presswork.imaging.making.media import Media, Order
from presswork.imaging.making.processes import Maker, Starter

MOST_IDLE = 8
"""How many processes are kept that have nothing to do: as many as a post has sites, mostly."""

_JUDGED_ALONE = ("image.broken", "image.memory")
"""What a process that made other images before may be to blame for."""

_Series = tuple[str, Limits]


class NoTurn(RetryLater):
    """Other images took all the time there was to make one."""


@dataclass
class _Waiting:
    """Somebody whose turn comes with `called`, with a process that made others of the series."""

    series: _Series | None
    called: threading.Event = field(default_factory=threading.Event)
    maker: Maker | None = None


class Workshop:
    """The processes that make images; what becomes of one image never depends on another.

    A process serves one series, and within the same limits. It is retired after whatever is not an
    image made, and when it is worn.
    """

    def __init__(self, places: int | None = None) -> None:
        self.starter = Starter()
        self._lock = threading.Lock()
        self._free = places or os.cpu_count() or 1
        self._line: list[_Waiting] = []
        self._idle: list[tuple[_Series, Maker]] = []

    def make(self, order: Order, data: bytes, series: str | None, patience: float) -> Media:
        """The variants of an image; raises `Refused`, `NoTurn`, OSError without a process."""
        of = None if series is None else (series, order.limits)
        maker, keeps = self._turn(of, patience), False
        try:
            media = None if maker is None else _made_after_others(maker, order, data)
            if maker is None or media is None:
                if maker is not None:
                    maker.end()
                maker = self.starter.fork()
                media = maker.make(order, data)
            keeps = of is not None and not maker.is_worn
            return media
        finally:
            if maker is not None and not keeps:
                maker.end()
            self._next(of, maker if keeps else None)

    def close(self) -> None:
        """Ends all processes; those at work end with what they have begun."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, maker in idle:
            maker.end()
        self.starter.close()

    def _turn(self, series: _Series | None, patience: float) -> Maker | None:
        """Waits for a place; comes with a process of the series if one has nothing to do."""
        with self._lock:
            if self._free:
                self._free -= 1
                return self._idle_of(series)
            waiting = _Waiting(series)
            self._line.append(waiting)
        if not waiting.called.wait(patience):
            with self._lock:
                if waiting in self._line:
                    self._line.remove(waiting)
                    raise NoTurn("Other images take all the time there is to make images.")
        return waiting.maker

    def _next(self, series: _Series | None, maker: Maker | None) -> None:
        """Gives a place on: to the first in line of the same series, who goes on with its process.

        So a few processes do for many series, though all of them are at work at once.
        """
        surplus = None
        with self._lock:
            same = (each for each in self._line if maker and each.series == series)
            following = next(same, None)
            if following is not None:
                following.maker = maker
            elif maker is not None and series is not None:
                self._idle.append((series, maker))
                surplus = self._idle.pop(0)[1] if len(self._idle) > MOST_IDLE else None
            if following is None and self._line:
                following = self._line[0]
                following.maker = self._idle_of(following.series)
            if following is None:
                self._free += 1
            else:
                self._line.remove(following)
                following.called.set()
        if surplus is not None:
            surplus.end()

    def _idle_of(self, series: _Series | None) -> Maker | None:
        for number, (kept, _) in enumerate(self._idle):
            if kept == series:
                return self._idle.pop(number)[1]
        return None


def _made_after_others(maker: Maker, order: Order, data: bytes) -> Media | None:
    """The variants of an image; None where those before it may be to blame that there are none."""
    try:
        return maker.make(order, data)
    except Refused as refused:
        if refused.rule in _JUDGED_ALONE:
            return None
        raise
