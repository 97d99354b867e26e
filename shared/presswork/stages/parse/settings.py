"""site.yaml: looks at the settings file, and puts the newest good one in force."""

from dataclasses import dataclass
from typing import Self

from presswork import content, correlation
from presswork.aws.buckets import ContentBucket
from presswork.aws.conflicts import retry_on_conflict
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.correlation import correlation_of
from presswork.errors import Rejected
from presswork.events import Type
from presswork.messages import BackfillPage
from presswork.post import Error
from presswork.settings import Site
from presswork.stages.parse.theme import DEBOUNCE
from presswork.state import SiteState

KEY = "site.yaml"


@dataclass(frozen=True)
class SiteSettings:
    """The part of parse that looks at site.yaml: new settings send everything through again."""

    content: ContentBucket
    stores: Stores
    topic: Topic
    bulk: Queue

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
        )

    def look(self) -> None:
        """Commits the settings; a broken file leaves those in force, and is announced."""
        state = retry_on_conflict(KEY, self._commit)
        if state.backfilled != state.build:  # also when a worker died before it sent this
            self.bulk.send(BackfillPage(build=state.build), delay=DEBOUNCE)
        if state.error is not None:
            self.topic.announce(Type.REJECTED, key=KEY, revision=state.lock_version)

    def _commit(self) -> SiteState:
        state = self._find(self.stores.sites.read())
        self.stores.sites.commit(state)
        return state

    def _find(self, before: SiteState) -> SiteState:
        found = self.content.get(KEY, most=content.MAX_BYTES)
        if found is not None:
            correlation.carry(correlation_of(KEY, found.version_id))
        try:
            site = content.settings(found.data) if found else Site()
        except Rejected as rejected:
            error = Error.of(rejected)
            return before.model_copy(
                update={"lock_version": before.lock_version + 1, "error": error}
            )
        return before.model_copy(
            update={
                "revision": before.revision + (site != before.site),
                "lock_version": before.lock_version + 1,
                "version_id": found.version_id if found else None,
                "site": site,
                "redirected": tuple(dict.fromkeys((*before.redirected, *site.redirects))),
                "error": None,
            }
        )
