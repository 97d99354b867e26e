"""maintain: once an hour, sends on what has fallen due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork.aws.deliveries import CHANNELS, digest_list
from presswork.aws.images import OWED
from presswork.aws.lists import DUE, Lists
from presswork.aws.media import DOOMED
from presswork.aws.queues import Backfill, Collect, Digest, Furnish, Heal, Hint, Queue
from presswork.aws.sites import Sites
from presswork.aws.table import Table

MOST = 1000


@dataclass(frozen=True)
class Maintain:
    """The stage: owed images, unused media, posts due, digests, and a site still unfurnished."""

    table: Table
    images: Queue
    hints: Queue
    notify: Queue
    index: Queue
    bulk: Queue

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            table=Table.from_env(),
            images=Queue.from_env("IMAGES_BULK_QUEUE_URL"),
            hints=Queue.from_env("PARSE_QUEUE_URL"),
            notify=Queue.from_env("NOTIFY_QUEUE_URL"),
            index=Queue.from_env("INDEX_QUEUE_URL"),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
        )

    def run(self, now: datetime) -> None:
        """Sends on at most 1,000 of each kind; what is left is due at the next hour still."""
        site = Sites(self.table).read()
        if site.furnished != site.furnishing:
            self.index.send(Furnish(furnish=site.furnishing))
        if site.swept != site.furnishing:  # a sweep that was lost, or other software
            self.bulk.send(Backfill(sweep=site.furnishing))
        lists = Lists(self.table)
        owed = lists.due(OWED, now, limit=MOST)
        self.images.send_all(Heal(heal=str(item["content"])) for item in owed)
        doomed = lists.due(DOOMED, now, limit=MOST)
        self.images.send_all(Collect(collect=str(item["content"])) for item in doomed)
        due = lists.due(DUE, now, limit=MOST)
        self.hints.send_all(Hint(key=str(item["content"])) for item in due)
        for channel in CHANNELS:
            if next(lists.due(digest_list(channel), now, limit=1), None) is not None:
                self.notify.send(Digest(digest=channel, until=now))
