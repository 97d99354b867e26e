"""The one protocol by which every derived object is made: write, then look again."""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from presswork.aws.buckets import SiteBucket
from presswork.aws.conflicts import ROUNDS, Changed
from presswork.errors import RetryLater
from presswork.object import Object

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

Inputs = TypeVar("Inputs")


def converge(
    bucket: SiteBucket,
    keys: Iterable[str],
    read: Callable[[], Inputs],
    make: Callable[[Inputs], Mapping[str, Object]],
) -> Inputs:
    """Makes the objects at `keys` what their inputs say, and returns these inputs.

    `read` reads the inputs strongly, whoever else writes meanwhile; `make` is pure, and leaves out
    a key whose object is not to be. Inputs are compared by value: they hold all that the bytes
    depend on, and nothing else. Raises RetryLater after 8 rounds, which
    are apart by growing pauses of some five seconds in all.
    """
    left = tuple(keys)
    for done in range(ROUNDS):
        if done:
            _let_others_finish(done)
        etags = {key: bucket.head(key) for key in left}
        inputs = read()
        objects = make(inputs)
        try:
            changed = [k for k in left if _write(bucket, k, etags[k], objects.get(k))]
        except Changed:
            continue
        if not changed or (again := read()) == inputs:
            return inputs
        made_again = make(again)
        left = tuple(key for key in left if made_again.get(key) != objects.get(key))
        if not left:
            return again
    raise RetryLater(f"the inputs of {left[0]} kept changing for {ROUNDS} rounds")


def _let_others_finish(rounds: int) -> None:
    """Waits longer after each round: in a burst of posts the inputs change for some seconds."""
    longest = min(FIRST_PAUSE * 2**rounds, LONGEST_PAUSE)
    time.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - two workers are to part


def _write(bucket: SiteBucket, key: str, etag: str | None, made: Object | None) -> bool:
    if made is None:
        if etag is None:
            return False
        bucket.delete(key, etag=etag)
        return True
    if etag == f'"{made.digest}"':
        return False
    bucket.put(key, made, etag=etag)
    return True
