"""The one protocol by which every derived object is made: write, then look again."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import TypeVar

from presswork.aws.buckets import SiteBucket
from presswork.aws.conflicts import ROUNDS, Changed
from presswork.aws.parallel import in_parallel
from presswork.errors import RetryLater
from presswork.object import Object

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

NO_LONGER_AT_WORK = 120
"""Seconds after which no worker of now writes any more: twice what a function of these may run.

Until then one may write what it made of inputs that are gone, over what has the very ETag that it
saw, and die before it looks again.
"""

ETags = dict[str, str | None]
"""The ETags of objects, None where there is none, as seen since what led to this was written."""

Inputs = TypeVar("Inputs")


def converge(
    bucket: SiteBucket,
    keys: Iterable[str],
    read: Callable[[Sequence[str]], Inputs],
    make: Callable[[Inputs], Mapping[str, Object]],
    *,
    seen: ETags | None = None,
    looks_again: bool = True,
) -> Inputs:
    """Makes the objects at `keys` what their inputs say, and returns the inputs of the last look.

    `read` reads the inputs of the keys that are left, strongly, whoever else writes meanwhile;
    `make` is pure, and leaves out a key whose object is not to be. Inputs are compared by value:
    they hold all that the bytes depend on, and nothing else. A key is left until a look after its
    write asks for what was written. Raises RetryLater after 8 rounds, which are apart by growing
    pauses of some five seconds in all.

    Who converges the same keys again later can leave the second look to that: without
    `looks_again`, and with the same `seen` both times.
    """
    left = list(keys)
    seen = {} if seen is None else seen
    there: dict[str, Object | None] = {}
    for done in range(ROUNDS):
        if done:
            _let_others_finish(done)
        unseen = [key for key in left if key not in seen and key not in bucket.seen]
        seen |= zip(unseen, in_parallel([partial(bucket.head, key) for key in unseen]), strict=True)
        inputs = read(left)
        objects = make(inputs)
        left = _unsettled(left, objects, there)
        written = in_parallel([partial(_write, bucket, k, seen, objects.get(k)) for k in left])
        outcomes = zip(left, written, strict=True)
        there = {key: objects.get(key) for key, each in outcomes if each is not _Write.CLASHED}
        if _Write.CLASHED in written:
            continue
        if _Write.DONE not in written or not looks_again or (again := read(left)) == inputs:
            return inputs
        left = _unsettled(left, make(again), there)
        if not left:
            return again
    raise RetryLater(f"the inputs of {left[0]} kept changing for {ROUNDS} rounds")


def _unsettled(
    keys: Sequence[str], objects: Mapping[str, Object], there: Mapping[str, Object | None]
) -> list[str]:
    """The keys of which a look asks for another object than was there before it."""
    return [key for key in keys if key not in there or there[key] != objects.get(key)]


def _let_others_finish(rounds: int) -> None:
    """Waits longer after each round: in a burst of posts the inputs change for some seconds."""
    longest = min(FIRST_PAUSE * 2**rounds, LONGEST_PAUSE)
    time.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - two workers are to part


class _Write(Enum):
    """What came of an object: it was so, or was made so, or somebody else was there first."""

    NONE = "none"
    DONE = "done"
    CLASHED = "clashed"


def _write(bucket: SiteBucket, key: str, seen: ETags, made: Object | None) -> _Write:
    """Makes an object what it is to be, or takes it away, if it is not."""
    wanted = None if made is None else f'"{made.digest}"'
    etag = seen[key] if key in seen else bucket.seen.get(key)
    if etag == wanted and key not in seen:
        # It was so once: that keeps nobody from making it otherwise, unless it still is so.
        etag = seen[key] = bucket.head(key)
        if etag != wanted:
            return _Write.CLASHED
    if etag == wanted:
        return _Write.NONE
    seen.pop(key, None)
    try:
        if made is None:
            bucket.delete(key, etag=etag)
            seen[key] = None
        else:
            seen[key] = bucket.put(key, made, etag=etag)
    except Changed:
        return _Write.CLASHED
    return _Write.DONE
