"""Authors' own files: one that came, changed or went has its images looked at again."""

from dataclasses import dataclass
from typing import Self

from presswork.aws.files import Files
from presswork.aws.queues import Heal, Queue
from presswork.aws.table import Table
from presswork.post import Status

NO_POST = frozenset({Status.SKIPPED, Status.GONE})
"""The outcomes of a look at a key that may be a file of some post."""


@dataclass(frozen=True)
class OwnFiles:
    """The part of parse for files beside posts: one Query, and nothing where nobody wants them."""

    table: Table
    images: Queue

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(Table.from_env(), Queue.from_env("IMAGES_BULK_QUEUE_URL"))

    def look(self, key: str) -> None:
        """Sends on each image that may lie at a key."""
        self.images.send_all(Heal(heal=url) for url in Files(self.table).images(key))
