"""Batches of a queue as Lambda makes them: as large as its mapping says, and gathered for a while.

MiniStack takes what is there, ten messages at most, and begins at once. So in a burst the lists
were made anew for every second post.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Receive = Callable[[str, int], list[dict[str, Any]]]
Mappings = Callable[[], Iterable[Mapping[str, Any]]]

AT_ONCE = 10
"""What one receive takes, here and on AWS."""


@dataclass(frozen=True)
class Batches:
    """Stands in for MiniStack's receive for the mappings of queues.

    A mapping with a batching window waits for more until the window is over, and as long as a batch
    of its own is at work. It waits for nothing when nobody is at work who could send more.
    """

    receive: Receive
    mappings: Mappings
    """All mappings, with `UUID`, `EventSourceArn` and `MaximumBatchingWindowInSeconds`."""
    at_work: Mapping[str, int]
    """How many batches of a mapping are at work, by its id."""
    waiting: Callable[[str], int]
    """How many messages of a queue could be received."""
    clock: Callable[[], float] = time.monotonic
    _since: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, functions: Any, queues: Any, receive: Receive) -> Self:
        """The batches of MiniStack's functions and queues, which are modules of it."""
        queue, mappings, at_work = map(
            getattr, (queues, functions, functions), ("_get_q", "_iter_all_esms", "_esm_inflight")
        )

        def waiting(url: str) -> int:
            now = time.time()
            return sum(message.get("visible_at", now) <= now for message in queue(url)["messages"])

        return cls(receive, lambda: (mapping for *_, mapping in mappings()), at_work, waiting)

    def __call__(self, queue: str, size: int) -> list[dict[str, Any]]:
        """The next batch of a queue; none as long as it is being gathered."""
        if size > AT_ONCE and self._is_gathered(queue, size):
            return []
        self._since.pop(queue, None)
        batch: list[dict[str, Any]] = []
        while len(batch) < size:
            wanted = min(size - len(batch), AT_ONCE)
            more = self.receive(queue, wanted)
            batch += more
            if len(more) < wanted:
                break
        return batch

    def _is_gathered(self, queue: str, size: int) -> bool:
        """Whether there may be more for a batch soon."""
        waiting = self.waiting(queue)
        if not 0 < waiting < size or not self.at_work:
            return False
        now = self.clock()
        since = self._since.setdefault(queue, now)
        mapping = self._mapping(queue)
        if self.at_work.get(mapping.get("UUID", "")):
            return True
        window: float = mapping.get("MaximumBatchingWindowInSeconds", 0)
        return now - since < window

    def _mapping(self, queue: str) -> Mapping[str, Any]:
        name = queue.rpartition("/")[2]
        found = (m for m in self.mappings() if m["EventSourceArn"].rpartition(":")[2] == name)
        return next(found, {})
