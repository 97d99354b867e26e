"""Objects are made what their inputs say, whatever other workers do meanwhile."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from flow.memory import MemoryCloud
from presswork.aws import parallel
from presswork.aws.buckets import SiteBucket
from presswork.errors import RetryLater
from presswork.object import Object
from presswork.stages import converge as protocol
from presswork.stages.converge import ETags, converge

KEYS = ("a", "b", "c")
Inputs = Mapping[str, str]


@pytest.fixture(autouse=True, params=[parallel.WORKERS, 1])
def _workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side, as on AWS, or one after another, as the flow's tests have it."""
    monkeypatch.setattr(parallel, "WORKERS", request.param)
    monkeypatch.setattr(protocol, "FIRST_PAUSE", 0.0)


class Desk:
    """A bucket, its calls, and what its objects are to be made of."""

    def __init__(self) -> None:
        self.s3: Any = MemoryCloud().client("s3")
        self.s3.create_bucket(Bucket="site")
        self.bucket, self.another = SiteBucket(self.s3, "site"), SiteBucket(self.s3, "site")
        self.inputs: Inputs = {}
        self.calls: Counter[str] = Counter()
        self.before: list[Callable[[str], None]] = []
        self.s3.meta.events.register("before-call", self._note)

    def _note(self, model: Any, **_: object) -> None:
        self.calls[model.name] += 1
        for each in list(self.before):
            each(model.name)

    def make(self, bucket: SiteBucket | None = None, **how: Any) -> None:
        """One worker makes all three objects, which name the input of their key."""
        converge(bucket or self.bucket, KEYS, lambda _: self.inputs, _objects, **how)

    def texts(self) -> dict[str, str]:
        """What stands in the bucket."""
        found = {key: self.bucket.get(key) for key in KEYS}
        return {key: data.decode() for key, data in found.items() if data is not None}


def _objects(inputs: Inputs) -> dict[str, Object]:
    return {key: Object(text.encode(), "text/plain", "", {}) for key, text in inputs.items()}


@pytest.fixture
def desk() -> Desk:
    """An empty bucket."""
    return Desk()


def test_what_was_written_before_is_not_asked_for(desk: Desk) -> None:
    """A worker knows the ETags of its own writes: a change costs the writes alone."""
    desk.inputs = {"a": "1", "b": "1"}
    desk.make()
    assert desk.calls == {"HeadObject": 3, "PutObject": 2}
    desk.inputs = {"a": "2", "c": "2"}
    desk.calls.clear()
    desk.make()
    assert desk.calls == {"PutObject": 2, "DeleteObject": 1}
    assert desk.texts() == {"a": "2", "c": "2"}


def test_what_is_right_by_memory_is_asked_for(desk: Desk) -> None:
    """Another worker may have made it otherwise since: that is not taken to be right."""
    desk.inputs = {"a": "1", "b": "1"}
    desk.make()
    desk.inputs = {"a": "2", "c": "2"}
    desk.make(desk.another)
    desk.inputs = {"a": "1", "b": "1"}
    desk.make()
    assert desk.texts() == {"a": "1", "b": "1"}


def test_what_is_right_is_not_written(desk: Desk) -> None:
    """By whatever worker it was made, and however little is known of that."""
    desk.inputs = {"a": "1", "b": "1"}
    desk.make()
    for bucket in (desk.bucket, desk.another, desk.another):
        desk.calls.clear()
        desk.make(bucket)
        assert desk.calls == {"HeadObject": 3}


def test_a_conflict_has_all_asked_for_anew(desk: Desk) -> None:
    """Who is overtaken by one who wrote everything needs one round more, not one for each."""
    desk.inputs = {"a": "1", "b": "1", "c": "1"}
    desk.make()
    desk.inputs = {"a": "2", "b": "2", "c": "2"}
    desk.make(desk.another)
    desk.inputs = {"a": "3", "b": "3", "c": "3"}
    rounds: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "_let_others_finish", rounds.append)
        desk.make()
    assert rounds == [1]
    assert desk.texts() == desk.inputs


def test_a_key_that_is_right_is_not_looked_at_again(desk: Desk) -> None:
    """One that keeps moving, or that somebody else wrote, has no other one read or asked for."""
    numbers = iter(range(100))
    looks: list[list[str]] = []

    def read(keys: Sequence[str]) -> Inputs:
        looks.append(list(keys))
        return {"a": str(min(next(numbers), 3)), "b": "1", "c": "1"}

    converge(desk.bucket, KEYS, read, _objects)
    assert looks == [["a", "b", "c"], ["a", "b", "c"], *[["a"]] * 4]
    assert desk.texts() == {"a": "3", "b": "1", "c": "1"}

    desk.inputs = {"a": "9"}
    converge(desk.another, ["a"], lambda _: desk.inputs, _objects)
    desk.calls.clear()
    looks.clear()

    def read_again(keys: Sequence[str]) -> Inputs:
        looks.append(list(keys))
        return {"a": "4", "b": "2", "c": "2"}

    converge(desk.bucket, KEYS, read_again, _objects)
    assert desk.calls == {"PutObject": 4, "HeadObject": 1}, "only the one that clashed again"
    assert looks == [["a", "b", "c"], ["a", "b", "c"], ["a"]]


def test_who_was_overtaken_looks_again_at_what_was_written(desk: Desk) -> None:
    """What moves after its write is made anew, too, when another key was not written at once."""
    desk.inputs = {"a": "1", "b": "1"}
    desk.make()
    desk.inputs = {"a": "2", "b": "1"}
    desk.make(desk.another)
    texts = iter([{"a": "3", "b": "3"}, {"a": "3", "b": "4"}])

    def read(_: Sequence[str]) -> Inputs:
        desk.inputs = next(texts, desk.inputs)
        return desk.inputs

    converge(desk.bucket, KEYS, read, _objects)
    assert desk.texts() == {"a": "3", "b": "4"}


def test_inputs_that_move_meanwhile_are_followed(desk: Desk) -> None:
    """What they are after the write counts; inputs that never rest are left for later."""

    def move(operation: str) -> None:
        if operation == "PutObject":
            desk.before.clear()
            desk.inputs = {"a": "2", "b": "1"}

    desk.inputs = {"a": "1", "b": "1"}
    desk.before.append(move)
    desk.make()
    assert desk.texts() == {"a": "2", "b": "1"}
    numbers = iter(range(100))
    with pytest.raises(RetryLater, match="8 rounds"):
        converge(desk.bucket, KEYS, lambda _: {"a": str(next(numbers))}, _objects)


def test_the_second_look_may_be_that_of_who_comes_after(desk: Desk) -> None:
    """With what was seen since; then equal inputs cost no call, and others are followed."""
    desk.inputs = {"a": "1", "b": "1"}
    seen: ETags = {}
    reads: list[Inputs] = []

    def read(_: Sequence[str]) -> Inputs:
        reads.append(desk.inputs)
        return desk.inputs

    converge(desk.bucket, KEYS, read, _objects, seen=seen, looks_again=False)
    assert len(reads) == 1
    desk.calls.clear()
    converge(desk.bucket, KEYS, read, _objects, seen=seen)
    assert len(reads) == 2
    assert not desk.calls
    desk.inputs = {"a": "2"}
    converge(desk.bucket, KEYS, read, _objects, seen=seen)
    assert len(reads) == 4
    assert desk.calls == {"PutObject": 1, "DeleteObject": 1}
    assert desk.texts() == {"a": "2"}


def test_of_many_objects_the_oldest_are_forgotten(desk: Desk) -> None:
    """What a worker keeps in mind is bounded; it asks for what it does not."""
    desk.inputs = {"a": "1"}
    desk.make()
    for number in range(10_000):
        desk.bucket.seen.put(str(number), None)
    assert "a" not in desk.bucket.seen
    assert "1" in desk.bucket.seen
