"""Batches of a queue: as large as a mapping asks for, and gathered as long as more may come."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from presswork_cli.local.batches import AT_ONCE, Batches

QUEUE = "http://127.0.0.1:4566/000000000000/index"
OTHER = "http://127.0.0.1:4566/000000000000/parse"


@dataclass
class Queues:
    """One queue of numbered messages, and a clock that is set by hand."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    at_work: dict[str, int] = field(default_factory=dict)
    now: float = 100.0
    asked: list[int] = field(default_factory=list)

    def put(self, count: int) -> None:
        """So many more messages."""
        self.messages += [{"id": n} for n in range(count)]

    def receive(self, _: str, most: int) -> list[dict[str, Any]]:
        """As MiniStack does: ten at most."""
        self.asked.append(most)
        taken = self.messages[: min(most, AT_ONCE)]
        del self.messages[: len(taken)]
        return taken

    def batches(self) -> Batches:
        """The receive of two mappings, one of which has a window."""
        arn = "arn:aws:sqs:us-east-1:000000000000"
        mappings: list[dict[str, Any]] = [
            {"UUID": "parse", "EventSourceArn": f"{arn}:parse"},
            {
                "UUID": "index",
                "EventSourceArn": f"{arn}:index",
                "MaximumBatchingWindowInSeconds": 1,
            },
        ]
        return Batches(
            receive=self.receive,
            mappings=lambda: mappings,
            at_work=self.at_work,
            waiting=lambda _: len(self.messages),
            clock=lambda: self.now,
        )


def test_a_batch_is_as_large_as_asked_for() -> None:
    """A mapping that asks for fifty gets fifty, though one receive gives ten."""
    queues = Queues()
    queues.put(64)
    receive = queues.batches()
    assert [len(receive(QUEUE, 50)) for _ in range(3)] == [50, 14, 0]
    assert max(queues.asked) == AT_ONCE


def test_nothing_is_waited_for_when_nobody_is_at_work() -> None:
    """One post on a quiet day is listed at once: nobody could send another message."""
    queues = Queues()
    queues.put(1)
    assert len(queues.batches()(QUEUE, 50)) == 1


def test_more_is_gathered_while_others_are_at_work() -> None:
    """What comes within the window belongs to the batch, and no more than that is waited for."""
    queues = Queues(at_work={"render": 2})
    receive = queues.batches()
    queues.put(1)
    assert receive(QUEUE, 50) == []
    queues.now += 0.9
    queues.put(1)
    assert receive(QUEUE, 50) == []
    queues.now += 0.2
    assert len(receive(QUEUE, 50)) == 2
    queues.put(1)
    assert receive(QUEUE, 50) == []


def test_a_full_batch_begins_at_once() -> None:
    """There is nothing to gather any more."""
    queues = Queues(at_work={"render": 2})
    queues.put(50)
    assert len(queues.batches()(QUEUE, 50)) == 50


def test_a_batch_at_work_is_waited_for() -> None:
    """Two would make the same lists against each other; what comes meanwhile is one batch."""
    queues = Queues(at_work={"index": 1, "render": 1})
    receive = queues.batches()
    queues.put(3)
    for _ in range(3):
        assert receive(QUEUE, 50) == []
        queues.now += 5
    del queues.at_work["index"]
    assert len(receive(QUEUE, 50)) == 3


def test_a_mapping_without_a_window_waits_for_nothing() -> None:
    """A hint is parsed as soon as a worker is free, whoever is at work."""
    queues = Queues(at_work={"parse": 1, "render": 1})
    queues.put(1)
    assert len(queues.batches()(OTHER, 10)) == 1


def test_a_message_that_is_delayed_or_with_a_worker_does_not_wait() -> None:
    """Only what could be received is gathered, from MiniStack's own records."""
    queue = {"messages": [{"visible_at": 0.0}, {"visible_at": 4e12}]}
    mapping = {"UUID": "i", "EventSourceArn": "a:index", "MaximumBatchingWindowInSeconds": 1}
    functions = SimpleNamespace(
        _iter_all_esms=lambda: [("account", "region", mapping)], _esm_inflight={"i": 1}
    )
    received: list[tuple[str, int]] = []

    def receive(url: str, most: int) -> list[dict[str, Any]]:
        received.append((url, most))
        return [{"id": 1}]

    batches = Batches.of(functions, SimpleNamespace(_get_q={QUEUE: queue}.get), receive)
    assert batches.waiting(QUEUE) == 1
    assert batches(QUEUE, 50) == []
    functions._esm_inflight.clear()
    assert batches(QUEUE, 50) == [{"id": 1}]
    assert received == [(QUEUE, 10)]
