"""maintain: once an hour, sends on what has fallen due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from presswork.aws.alarm_topic import AlarmTopic
from presswork.aws.dead_letters import DeadLetterQueues
from presswork.aws.deliveries import CHANNELS, LEFT_TO_SQS, digest_list
from presswork.aws.images import OWED
from presswork.aws.lists import DUE
from presswork.aws.media import DOOMED
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.messages import (
    BackfillPage,
    CollectMedia,
    Hint,
    PublishBase,
    RetryImage,
    SendDigest,
)
from presswork.stages.dead_letters import DeadLetterDigest

MOST = 1000

PATIENCE = LEFT_TO_SQS + timedelta(minutes=10)
"""How long a telling is left to the message that began it, and that may still be under way."""


@dataclass(frozen=True)
class Maintain:
    """The function: owed images, unused media, posts due, tellings, base pages and backfills.

    Once a day it also tells of dead letters.
    """

    stores: Stores
    images: Queue
    hints: Queue
    notify: Queue
    index: Queue
    bulk: Queue
    dead_letters: DeadLetterDigest

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        stores = Stores.from_env()
        return cls(
            stores=stores,
            images=Queue.from_env("IMAGES_BULK_QUEUE_URL"),
            hints=Queue.from_env("PARSE_QUEUE_URL"),
            notify=Queue.from_env("NOTIFY_QUEUE_URL"),
            index=Queue.from_env("INDEX_QUEUE_URL"),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
            dead_letters=DeadLetterDigest(
                stores, DeadLetterQueues.from_env(), AlarmTopic.from_env()
            ),
        )

    def run(self, now: datetime) -> int:
        """Sends on at most 1,000 of each kind; what is left is due at the next hour still.

        The answer is how many images are owed, no more than 1,000 of them counted.
        """
        site = self.stores.sites.read()
        if site.base_published != site.build:
            self.index.send(PublishBase(build=site.build))
        if site.backfilled != site.build:  # a backfill that was lost, or other software
            self.bulk.send(BackfillPage(build=site.build))
        lists = self.stores.lists
        owed = lists.due(OWED, now, limit=MOST)
        self.images.send_all(RetryImage(url=work.content, bulk=True) for work in owed)
        doomed = lists.due(DOOMED, now, limit=MOST)
        self.images.send_all(CollectMedia(media=work.content) for work in doomed)
        due = lists.due(DUE, now, limit=MOST)
        self.hints.send_all(Hint(key=work.content) for work in due)
        for channel in CHANNELS:
            if next(lists.due(digest_list(channel), now, limit=1), None) is not None:
                self.notify.send(SendDigest(channel=channel, until=now))
        self.notify.send_all(self.stores.deliveries.unsettled(now - PATIENCE, MOST))
        self.dead_letters.send(now)
        return lists.count(OWED, MOST)
