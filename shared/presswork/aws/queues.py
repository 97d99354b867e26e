"""The queues that stages send to directly, past the topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork.aws.clients import client, variable
from presswork.post import Model


class Hint(Model):
    """Look at this key of ContentBucket."""

    key: str


class Heal(Model):
    """Fetch this owed image again; with `anew` also if it was refused or given up.

    With `refresh` the origin of one that is home is asked whether it changed.
    """

    heal: str
    anew: bool = False
    refresh: bool = False


class Collect(Model):
    """Take these media away if nobody shows them."""

    collect: str


class Touch(Model):
    """Bring the images of this post up to date; `hop` counts continuations."""

    touch: str
    hop: int = 0


class Furnish(Model):
    """Make what a site has before its first post, for these settings and this software."""

    furnish: str


class Dress(Model):
    """Look at the theme, if its files are still those that `dress` tells."""

    dress: str


class Copy(Model):
    """Make the object of this static file what the file is now."""

    copy_file: str


class Afresh(Model):
    """Announce this post again, if it was made with other settings or other software."""

    afresh: str


class Backfill(Model):
    """Send all posts on for these settings and this software, a page from `after` on.

    First go the keys of ContentBucket, then the posts that are `gone`.
    """

    sweep: str
    after: str = ""
    gone: bool = False

    @property
    def is_first(self) -> bool:
        """Whether nothing was sent on yet."""
        return not self.after and not self.gone


class Digest(Model):
    """Tell at once, on this channel, what was put off until this instant."""

    digest: str
    until: datetime


class Reminder(Model):
    """Tell the author if this revision of a post still waits."""

    remind: str
    revision: int


@dataclass(frozen=True)
class Queue:
    """An SQS queue that takes one model as JSON per message."""

    client: Any
    url: str

    @classmethod
    def from_env(cls, name: str) -> Self:
        """The queue whose URL is in the environment variable `name`."""
        return cls(client("sqs"), variable(name))

    def send_all(self, messages: Iterable[Model]) -> None:
        """Sends many messages, one by one: for batches the local cloud wants a right of its own."""
        for message in messages:
            self.send(message)

    def send(self, message: Model, *, delay: int = 0) -> None:
        """Sends one message, to be seen after `delay` seconds (at most 900)."""
        self.client.send_message(
            QueueUrl=self.url, MessageBody=message.model_dump_json(), DelaySeconds=delay
        )
