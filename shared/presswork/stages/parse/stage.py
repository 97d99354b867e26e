"""parse: looks at one key of ContentBucket, and remembers what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Self

from aws_lambda_powertools import Logger

from presswork import content
from presswork.authority import AsAuthors, in_turn, may_have
from presswork.aws.buckets import ContentBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.queues import Queue
from presswork.aws.schedules import Schedules
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.events import Type
from presswork.messages import CopyFile, Hint, MakePath, RefreshPostImages
from presswork.post import Status
from presswork.stages.parse.look import Committed, Look
from presswork.stages.parse.revision import ACCEPTED
from presswork.state import SHOWS_ITS_PATH, PostState, SiteState, Source
from presswork.tasks import AnnounceRevision, CheckKey, ConvergePath, WakeWaiter

MINUTE = timedelta(minutes=1)
OLD = timedelta(days=2)
"""A post that is first seen so long after its date is taken for one of an import."""

logger = Logger(child=True)


@dataclass(frozen=True)
class Parse:
    """The stage: every event about a key is the same hint, and none is believed."""

    content: ContentBucket
    stores: Stores
    topic: Topic
    hints: Queue
    images: Queue
    schedules: Schedules
    pages: Queue
    site_url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            hints=Queue.from_env("PARSE_QUEUE_URL"),
            images=Queue.from_env("IMAGES_BULK_QUEUE_URL"),
            schedules=Schedules.from_env("PARSE_QUEUE_ARN"),
            pages=Queue.from_env("RENDER_QUEUE_URL"),
            site_url=variable("SITE_URL"),
        )

    def look(
        self,
        key: str,
        sequencer: str | None = None,
        uploaded: datetime | None = None,
        *,
        bulk: bool = False,
    ) -> Status:
        """Looks at a key, commits what it means, announces it; RetryLater when it keeps moving."""
        if content.is_static(key):
            self.pages.send(CopyFile(key=key, bulk=bulk))
        if not content.may_be_post(key):
            return Status.SKIPPED

        def attempt() -> Source:
            stores, id = self.stores, content.derived_id(key)
            settings, source, post = stores.table.read_all(
                stores.sites.wanted(), stores.sources.wanted(key), stores.posts.wanted(id)
            )
            site = settings.effective(self.site_url)
            look = Look(self.content, stores, site, settings.theme, self.clock(), {id: post})
            committed = look.commit(source or Source(key=key), sequencer, uploaded)
            if self.stores.sites.read().revision != settings.revision:
                raise Changed
            if look.is_ring_new(committed):
                raise Changed
            self._follow(committed, settings, bulk=bulk)
            return committed.source

        return retry_on_conflict(key, attempt).status

    def rerender(self, id: str, *, bulk: bool = True) -> None:
        """Announces a post again, if it was made with other settings or other software."""
        self._announce(self.stores.posts.read(id), self.stores.sites.read(), bulk=bulk)

    def _follow(self, committed: Committed, settings: SiteState, *, bulk: bool) -> None:
        """Does what a look left to be done; before it is cleared, so that a crash repeats it."""
        source, accepted = committed.source, {post.id: post for post in committed.accepted}
        for task in source.pending.known:
            match task:
                case WakeWaiter():
                    self._wake(task.claim, settings.site.as_authors, bulk=bulk)
                case CheckKey():
                    self.hints.send(Hint(key=task.key, bulk=bulk))
                case ConvergePath():
                    self.pages.send(MakePath(path=task.path, bulk=bulk))
        for id in source.posts:
            post = accepted[id] if id in accepted else self.stores.posts.read(id)
            self._announce(post, settings, bulk=bulk)
        self.stores.sources.clear(source)
        self._call_back(source)

    def _wake(self, claim: str, as_authors: AsAuthors, *, bulk: bool) -> None:
        """Sends on the next of those who wait for a claim, and may have it."""
        last = self.stores.claims.read(claim)
        waiters = [
            key
            for key in self.stores.claims.waiters(claim)
            if last is None or may_have(key, last.kept_for, as_authors)
        ]
        for key in in_turn(waiters, as_authors)[:1]:
            self.hints.send(Hint(key=key, bulk=bulk))

    def _call_back(self, source: Source) -> None:
        """Has the key looked at again in time; if this is lost, maintain does within the hour.

        Scheduler knows minutes, not seconds: the last minute passes in the queue.
        """
        if source.due is None:
            return
        hint, wait = Hint(key=source.key), source.due - self.clock()
        if wait <= MINUTE:
            self.hints.send(hint, delay=max(0, ceil(wait.total_seconds())))
        elif not self.schedules.send_at(source.due, hint):
            logger.warning("left to maintain", extra={"key": source.key, "due": str(source.due)})

    def _announce(self, post: PostState | None, settings: SiteState, *, bulk: bool) -> None:
        """Announces what no look has yet: also what a rejection or a wait came upon too early.

        What readers see was made with other settings or software: then it is made again.
        """
        if post is None:
            return
        bulk = bulk or _is_imported(post)
        pending = [t for t in post.pending_parse.known if isinstance(t, AnnounceRevision)]
        for task in pending:
            self._publish(task.type, post, task.revision, bulk=bulk)
        if not any(task.type in ACCEPTED for task in pending):
            self._make_again(post, settings, bulk=bulk)
        self.stores.posts.clear(post, "pending_parse")

    def _make_again(self, post: PostState, settings: SiteState, *, bulk: bool) -> None:
        """Has a post made with the present settings; in a rebuild its images are seen to first."""
        accepted, ready, live = post.accepted, post.ready, post.live
        if accepted is None:
            return
        shows_images = accepted.has_images and accepted.status in SHOWS_ITS_PATH
        if shows_images and ready is not None and ready.rebuild < settings.rebuild:
            self.images.send(RefreshPostImages(post=post.id, bulk=bulk))
        elif live is not None and live.build != settings.build:
            self._publish(Type.READY, post, accepted.revision, bulk=bulk)

    def _publish(self, type: Type, post: PostState, revision: int, *, bulk: bool) -> None:
        accepted = post.accepted
        is_accepted = accepted is not None and accepted.revision == revision
        self.topic.announce(
            type,
            post=post.id,
            key=post.source,
            revision=revision,
            correlationid=accepted.correlationid if accepted and is_accepted else None,
            bulk=bulk,
        )


def _is_imported(post: PostState) -> bool:
    """Whether a post comes to a site for the first time, long after its date."""
    return post.live is None and post.date is not None and post.date < post.first_date - OLD
