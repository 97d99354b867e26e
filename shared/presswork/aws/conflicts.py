"""What happens when somebody else wrote first: read again, and try again."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from presswork.errors import RetryLater

ROUNDS = 8

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds that are waited at most after the first meeting with another worker, and after any."""

Result = TypeVar("Result")


class Changed(Exception):
    """What a conditional write relied on has changed since it was read: read again."""


def make_way(rounds: int) -> None:
    """Waits at random, longer after each round: workers that met once are not to meet again.

    The way is AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter.
    """
    time.sleep(random.uniform(0, min(FIRST_PAUSE * 2**rounds, LONGEST_PAUSE)))  # noqa: S311


def retry_on_conflict(subject: str, attempt: Callable[[], Result]) -> Result:
    """What the first attempt gives that no other worker disturbs; `subject` names what it is about.

    An attempt reads all that it relies on anew, and raises Changed when that moved meanwhile.
    Raises RetryLater after 8 rounds.
    """
    for done in range(ROUNDS):
        try:
            return attempt()
        except Changed:
            make_way(done)
    raise RetryLater(f"{subject} kept changing for {ROUNDS} rounds")
