"""What becomes of the messages of a batch when one of them ends its worker, or takes its time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from presswork import correlation, wire
from presswork.errors import RetryLater
from presswork.messages import Hint
from presswork.suspicion import is_suspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from presswork.wire import Received

Batch = tuple[str, ...]

ARN = "arn:aws:sqs:us-east-1:123456789012:Parse"


class DeathError(BaseException):
    """The worker is gone, with all that it has not acknowledged."""


@dataclass
class Context:
    """What Lambda tells of the time left: `seconds` of it, until somebody takes some."""

    seconds: float = 30

    def get_remaining_time_in_millis(self) -> int:
        """The time left."""
        return int(self.seconds * 1000)


@dataclass
class Queue:
    """SQS as far as batches go: what is not acknowledged comes again, and counts."""

    counts: dict[str, int]
    worked: Counter[str] = field(default_factory=Counter)

    def records(self, batch: Iterable[str]) -> list[dict[str, Any]]:
        """The messages of a batch as Lambda hands them over."""
        for name in batch:
            self.counts[name] += 1
        return [
            {
                "messageId": name,
                "receiptHandle": name,
                "body": json.dumps({"kind": "hint", "key": name}),
                "attributes": {"ApproximateReceiveCount": str(self.counts[name])},
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
            }
            for name in batch
        ]

    def deliver(self, work: Callable[..., dict[str, Any]], batch: Batch) -> None:
        """Has a batch worked; of a worker that lives, what it does not name is acknowledged."""
        try:
            answer = work({"Records": self.records(batch)}, Context())
        except DeathError:
            return
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for name in set(batch) - failed:
            self.counts.pop(name, None)

    def acknowledge(self, arn: str, receipt_handle: str) -> None:
        """Takes one message off."""
        assert arn == ARN
        del self.counts[receipt_handle]


def keys(messages: Sequence[Received]) -> list[str]:
    """The names of messages."""
    return [message.key for message in messages]  # type: ignore[union-attr]  # all are hints


def one_by_one(poison: str) -> Callable[..., dict[str, Any]]:
    """A function that hands on each message, one of which ends it."""

    def handle(message: Received) -> None:
        if keys([message]) == [poison]:
            raise DeathError

    return lambda event, context: wire.process(event, context, handle)


def together(poison: str) -> Callable[..., dict[str, Any]]:
    """A function that hands on all messages of a batch together, one of which ends it."""

    def handle(messages: Sequence[Received]) -> None:
        if poison in keys(messages):
            raise DeathError

    return lambda event, context: wire.process_together(event, context, handle)


def begun_first(poison: str) -> Callable[..., dict[str, Any]]:
    """A function that begins all messages of a batch, one of which ends it."""

    def begin(message: Received) -> str:
        if keys([message]) == [poison]:
            raise DeathError
        return poison

    return lambda event, context: wire.process_in_two(event, context, begin, lambda _: None)


def finished_last(poison: str) -> Callable[..., dict[str, Any]]:
    """A function that finishes all messages of a batch together, one of which ends it."""

    def finish(messages: Sequence[Received]) -> None:
        if poison in keys(messages):
            raise DeathError

    return lambda event, context: wire.process_in_two(event, context, lambda each: each, finish)


def partitions(names: Sequence[str]) -> Iterator[list[Batch]]:
    """Every way in which messages can be put into batches."""
    if not names:
        yield []
        return
    first, rest = names[0], names[1:]
    for batches in partitions(rest):
        yield [(first,), *batches]
        for at, batch in enumerate(batches):
            yield [*batches[:at], (first, *batch), *batches[at + 1 :]]


def walked(
    work: Callable[..., dict[str, Any]],
    counts: dict[str, int],
    receives: int,
    patch: pytest.MonkeyPatch,
) -> Iterator[set[str]]:
    """What is left after so many receives, however the messages are put into batches."""
    states = {tuple(sorted(counts.items()))}
    for _ in range(receives):
        after = set()
        for state in states:
            for batches in partitions([name for name, _ in state]):
                queue = Queue(dict(state))
                patch.setattr("presswork.aws.queues.acknowledge", queue.acknowledge)
                for batch in batches:
                    queue.deliver(work, batch)
                after.add(tuple(sorted(queue.counts.items())))
        states = after
    for state in states:
        yield {name for name, _ in state}


@pytest.mark.parametrize("make", [one_by_one, together, begun_first, finished_last])
@pytest.mark.parametrize("others", ["abc", "bcx", "xyz"])
def test_one_that_ends_its_worker_is_soon_alone(
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[str], Callable[..., dict[str, Any]]],
    others: str,
) -> None:
    """After three receives all others are done, whatever batches they came in, and it is left."""
    counts = dict.fromkeys(("poison", *others), 0)
    left = list(walked(make("poison"), counts, 3, monkeypatch))
    assert left
    assert all(each == {"poison"} for each in left)


@pytest.mark.parametrize("older", range(4))
def test_who_comes_later_is_done_as_soon(monkeypatch: pytest.MonkeyPatch, older: int) -> None:
    """Messages that meet one which came before them are done in as many receives."""
    counts = {"poison": older, "a": 0, "b": 1, "c": 0}
    left = list(walked(one_by_one("poison"), counts, 3, monkeypatch))
    assert all(each == {"poison"} for each in left)


def test_a_message_knows_whether_it_was_received_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read for one that was is read with care, and for no other."""
    queue = Queue({"new": 0, "old": 1})
    monkeypatch.setattr("presswork.aws.queues.acknowledge", queue.acknowledge)
    seen: dict[str, bool] = {}

    def handle(message: Received) -> None:
        seen[keys([message])[0]] = is_suspect()

    wire.process({"Records": queue.records(["old", "new"])}, Context(), handle)
    assert seen == {"new": False, "old": True}
    assert not is_suspect()


@pytest.mark.parametrize("old", "abcdef")
def test_new_messages_come_first(monkeypatch: pytest.MonkeyPatch, old: str) -> None:
    """One that may end the worker is not begun before those that surely have not."""
    queue = Queue({"new": 0, old: 1})
    monkeypatch.setattr("presswork.aws.queues.acknowledge", queue.acknowledge)
    seen: list[str] = []
    records = queue.records([old, "new"])
    wire.process({"Records": records}, Context(), lambda each: seen.extend(keys([each])))
    assert seen == ["new", old]


def test_new_messages_are_acknowledged_with_their_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is acknowledged by itself where all are new, or where there is but one."""
    queue = Queue(dict.fromkeys("ab", 0) | {"old": 3})
    monkeypatch.setattr("presswork.aws.queues.acknowledge", queue.acknowledge)
    for batch in ("ab", ["old"]):
        wire.process({"Records": queue.records(batch)}, Context(), lambda _: None)
    assert set(queue.counts) == {"a", "b", "old"}


def test_what_failed_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that raises comes again, also beside one that was received before."""
    queue = Queue({"good": 0, "bad": 1})
    monkeypatch.setattr("presswork.aws.queues.acknowledge", queue.acknowledge)

    def handle(message: Received) -> None:
        if keys([message]) == ["bad"]:
            raise ValueError

    answer = wire.process({"Records": queue.records(["bad", "good"])}, Context(), handle)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert set(queue.counts) == {"bad"}


def test_nothing_is_begun_at_the_end_of_the_time() -> None:
    """What there is no time for comes again, rather than that the whole batch does."""
    queue, context, begun = Queue(dict.fromkeys("abcd", 0)), Context(), list[str]()

    def handle(message: Received) -> None:
        begun.extend(keys([message]))
        context.seconds -= 11

    answer = wire.process({"Records": queue.records("abcd")}, context, handle)
    assert len(begun) == 2
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    assert failed == set("abcd") - set(begun)


@pytest.mark.parametrize("old", ["", "d"])
def test_what_moves_under_all_comes_again_as_a_whole(old: str) -> None:
    """RetryLater brings back all new messages, none of which is tried by itself at once."""
    queue = Queue({**dict.fromkeys("abc", 0), **dict.fromkeys(old, 1)})
    tried: list[int] = []

    def handle(messages: Sequence[Received]) -> None:
        tried.append(len(messages))
        if len(messages) > 1:
            raise RetryLater("it moves")

    event = {"Records": queue.records(["a", "b", "c", *old])}
    answer = wire.process_together(event, Context(), handle)
    assert answer == {"batchItemFailures": [{"itemIdentifier": each} for each in "abc"]}
    assert tried == [3, *([1] if old else [])]


def in_two(batch: Batch, *bad: str, begin: str = "", old: str = "") -> tuple[set[str], list[str]]:
    """What comes again of a batch, and what was finished, with whom; some cannot be."""
    finished: list[str] = []

    def first(message: Received) -> Received:
        if keys([message]) == [begin]:
            raise ValueError
        return message

    def finish(messages: Sequence[Received]) -> None:
        if set(bad) & set(keys(messages)):
            raise RetryLater("not now")
        finished.append("".join(sorted(keys(messages))))

    queue = Queue({name: int(name == old) for name in batch})
    answer = wire.process_in_two({"Records": queue.records(batch)}, Context(), first, finish)
    return {each["itemIdentifier"] for each in answer["batchItemFailures"]}, finished


def test_what_is_begun_is_finished_together() -> None:
    """But for what could not be begun, which comes again."""
    assert in_two(tuple("abc")) == (set(), ["abc"])
    assert in_two(tuple("abc"), begin="b") == ({"b"}, ["ac"])


def test_what_cannot_be_finished_together_is_finished_by_itself() -> None:
    """One that cannot be finished at all comes again, and takes no other along."""
    failed, finished = in_two(tuple("abcd"), "c", begin="b")
    assert (failed, sorted(finished)) == ({"b", "c"}, ["a", "d"])
    assert in_two(("a",), "a") == ({"a"}, [])


def test_a_batch_with_a_repeated_message_is_done_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody knows whether that one has ended its worker."""
    taken: list[str] = []
    monkeypatch.setattr("presswork.aws.queues.acknowledge", lambda _, name: taken.append(name))
    assert in_two(tuple("abc"), old="b") == (set(), ["a", "c", "b"])
    assert taken == ["a", "c", "b"]


def test_what_is_finished_together_is_done_under_all_ids() -> None:
    """A line of the log names each upload that it was written for."""
    ids: list[tuple[str, ...]] = []

    def begin(message: Received) -> Received:
        correlation.carry(*keys([message]))
        return message

    event = {"Records": Queue(dict.fromkeys("abc", 0)).records("abc")}
    with correlation.scope():  # whatever ran before it in this process
        wire.process_in_two(event, Context(), begin, lambda _: ids.append(correlation.carried()))
        assert correlation.carried() == ()
    assert sorted(*ids) == ["a", "b", "c"]


def test_a_message_alone_that_fails_is_delivered_again() -> None:
    """As one of several is: its batch names it, and one that is done is not named."""

    def work(message: Received) -> None:
        if isinstance(message, Hint) and message.key == "bad":
            raise RetryLater("not now")

    answers = [
        wire.process({"Records": Queue(dict.fromkeys(batch, 0)).records(batch)}, Context(), work)
        for batch in (("bad",), ("good",), ("bad", "good"))
    ]
    failed = {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert answers == [failed, {"batchItemFailures": []}, failed]
