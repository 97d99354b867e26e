"""What readers' caches are to forget: a few paths at once, or everything at the minute's end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from presswork.aws.edge import Edge
from presswork.aws.invalidations import Invalidations
from presswork.aws.queues import Queue
from presswork.clock import utc_now
from presswork.messages import InvalidateSite

MINUTE = 60
GRACE = 10
"""Seconds that the clocks of two workers may lie apart."""


@dataclass(frozen=True)
class Caches:
    """CloudFront is paid by the path: of many paths one stands for all, once for a minute."""

    edge: Edge
    invalidations: Invalidations
    queue: Queue
    clock: Callable[[], datetime] = utc_now

    def forget(self, paths: Iterable[str], why: Iterable[str]) -> None:
        """Has the caches forget some percent-encoded paths, which are out of date already.

        When there are many, in this hour or now, all is forgotten when the present minute is over,
        with what others do away with until then.
        """
        paths = set(paths)
        now = self.clock()
        if self.invalidations.has_room(len(paths), now):
            self.edge.forget(paths, why)
            return
        minute = int(now.timestamp()) // MINUTE + 1
        message = InvalidateSite(before=datetime.fromtimestamp(minute * MINUTE, UTC))
        self.queue.send(message, delay=minute * MINUTE - int(now.timestamp()) + GRACE)

    def forget_everything(self, before: datetime) -> None:
        """Has the caches forget everything that they took before an instant that is over.

        Whoever asks after the first one is given CloudFront's first answer, and nothing is paid.
        """
        self.edge.forget(["/*"], [before.isoformat()])
