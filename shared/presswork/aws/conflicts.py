"""What happens when somebody else wrote first: read again, and try again."""

from collections.abc import Callable
from typing import TypeVar

from presswork.errors import RetryLater

ROUNDS = 8

Result = TypeVar("Result")


class Changed(Exception):
    """What a conditional write relied on has changed since it was read: read again."""


def retry_on_conflict(subject: str, attempt: Callable[[], Result]) -> Result:
    """What the first attempt gives that no other worker disturbs; `subject` names what it is about.

    An attempt reads all that it relies on anew, and raises Changed when that moved meanwhile.
    Raises RetryLater after 8 rounds.
    """
    for _ in range(ROUNDS):
        try:
            return attempt()
        except Changed:
            continue
    raise RetryLater(f"{subject} kept changing for {ROUNDS} rounds")
