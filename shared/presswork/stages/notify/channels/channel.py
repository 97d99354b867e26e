"""What every way to tell people has in common."""

from collections.abc import Sequence
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

    def send(self, site: str, posts: Sequence[Announcement], now: datetime) -> None:
        """Tells of some posts at once; RetryLater when it may work later, Rejected when never."""
