"""site.yaml: looks at the settings file, and puts the newest good one in force."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.changed import Changed
from presswork.aws.queues import Backfill, Queue
from presswork.aws.sites import Sites, SiteState
from presswork.aws.table import Table
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import Rejected, RetryLater
from presswork.events import Event, Type
from presswork.post import Error
from presswork.settings import Site
from presswork.stages.parse.theme import DEBOUNCE

KEY = "site.yaml"
ROUNDS = 8


@dataclass(frozen=True)
class SiteSettings:
    """The part of parse that looks at site.yaml: new settings send everything through again."""

    content: ContentBucket
    table: Table
    topic: Topic
    bulk: Queue
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            table=Table.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
        )

    def look(self) -> None:
        """Commits the settings; a broken file leaves those in force, and is announced."""
        for _ in range(ROUNDS):
            before = Sites(self.table).read()
            after = self._find(before)
            try:
                Sites(self.table).commit(after)
            except Changed:
                continue
            if after.swept != after.furnishing:  # also when a worker died before it sent this
                self.bulk.send(Backfill(sweep=after.furnishing), delay=DEBOUNCE)
            if after.error is not None:
                self._announce(after)
            return
        raise RetryLater(f"{KEY} kept changing for {ROUNDS} rounds")

    def _find(self, before: SiteState) -> SiteState:
        found = self.content.get(KEY, most=content.MAX_BYTES)
        try:
            site = content.settings(found.data) if found else Site()
        except Rejected as rejected:
            error = Error.of(rejected)
            return before.model_copy(update={"lock": before.lock + 1, "error": error})
        site = site.with_overrides(before.site.overrides)
        return before.model_copy(
            update={
                "revision": before.revision + (site != before.site),
                "lock": before.lock + 1,
                "version_id": found.version_id if found else None,
                "site": site,
                "error": None,
            }
        )

    def _announce(self, state: SiteState) -> None:
        event = Event.of(Type.REJECTED, post="", key=KEY, revision=state.lock, now=self.clock())
        self.topic.announce(event)
