"""What every way to tell people has in common."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from presswork.post import Model


class Announcement(Model):
    """A new post as its followers hear of it; `url` is absolute."""

    id: str
    title: str
    url: str
    date: datetime
    lang: str
    summary: str


class Channel(Protocol):
    """One way to tell people."""

    @property
    def name(self) -> str:
        """The name it has in the table."""

    @property
    def repeatable(self) -> bool:
        """Whether receivers know a repetition by its id."""

    def prepare(
        self, id: str, site: str, posts: Sequence[Announcement], now: datetime
    ) -> Callable[[], None]:
        """What tells of some posts at once, in a message of this id; nothing is sent yet.

        It raises RetryLater when it may work later, InDoubt when it may have worked, and Rejected
        when it never will.
        """
