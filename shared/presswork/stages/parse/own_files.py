"""Authors' own files: one that came, changed or went has its images looked at again."""

from dataclasses import dataclass
from typing import Self

from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.messages import RetryImage
from presswork.post import Status

NO_POST = frozenset({Status.SKIPPED, Status.GONE})
"""The outcomes of a look at a key that may be a file of some post."""


@dataclass(frozen=True)
class OwnFiles:
    """The part of parse for files beside posts: one Query, and nothing where nobody wants them."""

    stores: Stores
    images: Queue

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(Stores.from_env(), Queue.from_env("IMAGES_BULK_QUEUE_URL"))

    def look(self, key: str) -> None:
        """Sends on each image that may lie at a key."""
        self.images.send_all(RetryImage(url=url) for url in self.stores.files.images(key))
