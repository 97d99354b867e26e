"""Whoever stalls, wherever, while others work: the site is that of the final content."""

import os
import random
from functools import cache
from itertools import count

import pytest

from flow.stalls import OPERATIONS, Base, Pair, Triple

SOAK = int(os.environ.get("SOAK", "0"))
EVERY = 1 if SOAK else 25
"""Of how many pairs one is walked; `make soak` walks all."""
TRIPLES = SOAK * 5 // 2 or 80


@cache
def base() -> Base:
    """The site before anything happens."""
    return Base()


@pytest.mark.parametrize("first", OPERATIONS)
def test_another_operation_within_one_that_stalls(first: str) -> None:
    """Before every write of an operation, each of the others is done from its beginning to its end.

    At each place where a worker can stall another one may have changed all that it read.
    """
    walked, wrong = 0, []
    offsets = min(EVERY, base().length(first))
    for second in OPERATIONS:
        for write in count(random.Random(f"{first} {second}").randrange(offsets), EVERY):
            pair = Pair(first, write, second)
            came, why = base().outcome(pair)
            if not came:
                break
            walked += 1
            if why:
                wrong.append(f"{pair}: {why}")
    print(f"{first}: {walked} pairs walked, {len(wrong)} wrong")
    assert wrong == []
    assert walked > 0


@pytest.mark.parametrize("part", range(4))
def test_three_operations_of_which_two_stall(part: int) -> None:
    """One within another, two within one, or each going on when the other has stalled."""
    lengths = {name: base().length(name) for name in OPERATIONS}
    walked, wrong = 0, []
    for seed in range(part, TRIPLES, 4):
        triple = Triple.of(random.Random(seed), lengths)
        came, why = base().outcome(triple)
        walked += came
        if why:
            wrong.append(f"{seed}: {triple}: {why}")
    print(f"{walked} triples walked, {len(wrong)} wrong")
    assert wrong == []
    assert walked > TRIPLES / 12
