"""The queues that stages send to directly, past the topic."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork.aws.clients import client, variable
from presswork.post import Model


class Hint(Model):
    """Look at this key of ContentBucket."""

    key: str


class Heal(Model):
    """Fetch this owed image again."""

    heal: str


class Touch(Model):
    """Bring the images of this post up to date."""

    touch: str


class Furnish(Model):
    """Make what a site has before its first post, for these settings and this software."""

    furnish: str


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

    def send(self, message: Model, *, delay: int = 0) -> None:
        """Sends one message, to be seen after `delay` seconds (at most 900)."""
        self.client.send_message(
            QueueUrl=self.url, MessageBody=message.model_dump_json(), DelaySeconds=delay
        )
