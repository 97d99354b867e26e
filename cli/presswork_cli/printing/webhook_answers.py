"""What `webhook` answers to programs; `send` answers as `publish` does."""

from datetime import datetime
from typing import Literal

from presswork.post import Model


class AddedAnswer(Model):
    """`webhook add --json`: where a source sends to, and its secret, which is told only once.

    `curl` is lines for a shell that send a first post.
    """

    format: Literal[1] = 1
    source: str
    url: str
    parameter: str
    secret: str
    curl: str


class RotatedAnswer(Model):
    """`webhook rotate --json`: `secret` is the new one, None where old ones were `dropped`.

    `secrets` is how many are good now.
    """

    format: Literal[1] = 1
    source: str
    url: str
    secret: str | None = None
    secrets: int
    dropped: int


class RemovedAnswer(Model):
    """`webhook remove --json`: `posts` is how many files of the source stay in the bucket."""

    format: Literal[1] = 1
    source: str
    parameter: str
    posts: int


class SourceAnswer(Model):
    """A source: how many secrets it has, `since` when, and what the settings in force give it."""

    source: str
    url: str
    since: datetime
    secrets: int
    paths: str = ""
    authority: str = "source"


class SourcesAnswer(Model):
    """`webhook list --json`: the sources by their names."""

    format: Literal[1] = 1
    sources: tuple[SourceAnswer, ...]
