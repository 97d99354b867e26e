"""parse: looks at one key of ContentBucket, and remembers what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Self

from aws_lambda_powertools import Logger

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.lists import DUE
from presswork.aws.queues import Queue
from presswork.aws.schedules import Schedules
from presswork.aws.stores import Stores, Write
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.events import Type
from presswork.messages import CopyFile, Hint, RefreshPostImages
from presswork.object import Content
from presswork.post import Status
from presswork.stages.parse.claims import ClaimChanges
from presswork.stages.parse.revision import (
    ACCEPTED,
    Finding,
    due,
    find,
    gone,
    names_wanted,
    revise,
)
from presswork.state import (
    KEEPS_WHAT_IS_LIVE,
    SHOWS_ITS_PATH,
    PostState,
    SiteState,
    Source,
)
from presswork.tasks import AnnouncePost, AnnounceRevision, CheckKey, CheckKeyAt, Task, WakeWaiter

MINUTE = timedelta(minutes=1)

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

    def look(self, key: str, sequencer: str | None = None) -> Status:
        """Looks at a key, commits what it means, announces it; RetryLater when it keeps moving."""
        if content.is_static(key):
            self.pages.send(CopyFile(key=key))
        if not content.may_be_post(key):
            return Status.SKIPPED

        def attempt() -> Source:
            settings = self.stores.sites.read()
            source = self._commit(key, settings, sequencer)
            if self.stores.sites.read().revision != settings.revision:
                raise Changed
            self._follow(source, settings)
            return source

        return retry_on_conflict(key, attempt).status

    def rerender(self, id: str) -> None:
        """Announces a post again, if it was made with other settings or other software."""
        self._announce(id, self.stores.sites.read())

    def _follow(self, source: Source, settings: SiteState) -> None:
        """Does what a look left to be done; before it is cleared, so that a crash repeats it."""
        for task in source.pending.known:
            match task:
                case WakeWaiter():
                    for key in self.stores.claims.waiters(task.claim, limit=1):
                        self.hints.send(Hint(key=key))
                case CheckKey():
                    self.hints.send(Hint(key=task.key))
        for id in source.posts:
            self._announce(id, settings)
        self.stores.sources.clear(source)
        self._call_back(source)

    def _commit(self, key: str, settings: SiteState, sequencer: str | None) -> Source:
        """One transaction from what is read to what it means; Changed when that moves meanwhile."""
        now, site = self.clock(), settings.effective(self.site_url)
        posts = self.stores.posts
        before = self.stores.sources.read(key) or Source(key=key)
        changes = ClaimChanges(self.stores.claims, key, before.waits_on)
        feeds = self._feeds(before)
        found = self.content.get(key, most=content.MAX_BYTES)
        uploaded = found.last_modified if found else now
        first_date = feeds[0].first_date if feeds else uploaded
        read = self._unless_empty(found, key, feeds)
        finding = find(read, key, site, first_date, now, theme=settings.theme)
        id = self._identity(key, finding, feeds, changes)
        left: list[str] = []
        writes = [self._leave(post, key, changes, left) for post in feeds if post.id != id]
        if id is not None:
            old = next((post for post in feeds if post.id == id), None) or posts.read(id)
            if old is not None and old.first_date != first_date:
                first_date = old.first_date
                finding = find(read, key, site, first_date, now, theme=settings.theme)
            new, finding = self._revise(
                id, key, finding, old=old, changes=changes, first_date=first_date
            )
            writes.append(posts.save(old, new))
        check_at = due(finding)
        tasks: list[Task] = [*changes.tasks, *(AnnouncePost(post=each) for each in left)]
        if check_at is not None:
            tasks.append(CheckKeyAt(at=check_at))
        scheduled = [task for task in before.pending.known if isinstance(task, CheckKeyAt)]
        source = Source(
            key=key,
            lock_version=before.lock_version + 1,
            status=finding.status,
            version_id=found.version_id if found else None,
            etag=found.etag if found else None,
            sequencer=sequencer or before.sequencer,
            error=finding.error,
            post=id or (left[0] if left else None),
            waits_on=changes.waits_on,
            gone_since=None if found else before.gone_since or now,
            pending=before.pending.clear(scheduled).add(*tasks),
        )
        writes += self._due(before, source)
        self.stores.write(self.stores.sources.put(source), *writes, *changes.writes)
        return source

    def _unless_empty(
        self, found: Content | None, key: str, feeds: list[PostState]
    ) -> Content | None:
        """What is at a key; for an object of 0 bytes, what its post was made of before.

        Who mounts the bucket as a disk writes each file empty first.
        """
        version = feeds[0].version_id if feeds else None
        if found is None or found.data or version is None:
            return found
        return self.content.get(key, version_id=version, most=content.MAX_BYTES) or found

    def _feeds(self, before: Source) -> list[PostState]:
        """The posts whose source the key is: that it fed, and one it inherited while it waited."""
        ids = [before.post]
        if before.waits_on is not None and not before.waits_on.startswith("/"):
            ids.append(before.waits_on)
        posts = [self.stores.posts.read(id) for id in ids if id is not None]
        return [post for post in posts if post is not None and post.source == before.key]

    def _identity(
        self, key: str, finding: Finding, feeds: list[PostState], changes: ClaimChanges
    ) -> str | None:
        """The post that the key feeds; one of its own while another key feeds the post it names."""
        derived = content.derived_id(key)
        if finding.status is Status.REJECTED:
            return feeds[0].id if feeds else derived
        if finding.parsed is None:
            return None
        named = finding.parsed.post.id
        if named != derived and changes.is_held_elsewhere(named):
            changes.wait(named)
            return feeds[0].id if feeds else derived
        return named

    def _leave(self, post: PostState, key: str, changes: ClaimChanges, left: list[str]) -> Write:
        """The key feeds this post no longer: whoever waits for its id inherits it, or it goes."""
        successor = changes.transfer(post.id)
        if successor is not None:
            return self.stores.posts.transfer(post, successor)
        left.append(post.id)
        changes.release(post.id, post.claims)
        return self.stores.posts.save(post, gone(post, key))

    def _revise(
        self,
        id: str,
        key: str,
        finding: Finding,
        *,
        old: PostState | None,
        changes: ClaimChanges,
        first_date: datetime,
    ) -> tuple[PostState, Finding]:
        """The post's next state, and the finding with the status that its claims leave it."""
        claims, paths = (old.claims, old.paths) if old else ((), ())
        explicit = id if id != content.derived_id(key) else None
        wanted = names_wanted(finding, explicit_id=explicit)
        if finding.status is not Status.REJECTED and (
            changes.waits_on is not None or not changes.take(id, wanted)
        ):
            finding = _waiting(key, finding, changes)
        if finding.status not in KEEPS_WHAT_IS_LIVE:
            changes.release(id, [name for name in claims if name not in wanted])
            claims = wanted
            held = tuple(name for name in wanted if name.startswith("/"))
            paths = (*held, *changes.trim(id, tuple(p for p in paths if p not in held)))
        new = revise(
            old,
            finding,
            id=id,
            key=key,
            first_date=first_date,
            claims=claims,
            paths=paths,
        )
        return new, finding

    def _due(self, before: Source, source: Source) -> list[Write]:
        """When the key is to be looked at again, for maintain: what a look owes, it strikes out."""
        lists, id = self.stores.lists, content.derived_id(source.key)
        writes: list[Write] = []
        if before.due is not None and before.due != source.due:
            writes.append(lists.delete_work(DUE, before.due, id))
        if source.due is not None:
            writes.append(lists.put_work(DUE, source.due, id, source.key))
        return writes

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

    def _announce(self, id: str, settings: SiteState) -> None:
        """Announces what no look has yet: also what a rejection or a wait came upon too early.

        What readers see was made with other settings or software: then it is made again.
        """
        post = self.stores.posts.read(id)
        if post is None:
            return
        pending = [t for t in post.pending_parse.known if isinstance(t, AnnounceRevision)]
        for task in pending:
            self._publish(task.type, post, task.revision)
        if not any(task.type in ACCEPTED for task in pending):
            self._make_again(post, settings)
        self.stores.posts.clear(post, "pending_parse")

    def _make_again(self, post: PostState, settings: SiteState) -> None:
        """Has a post made with the present settings; in a rebuild its images are seen to first."""
        accepted, ready, live = post.accepted, post.ready, post.live
        if accepted is None:
            return
        shows_images = accepted.has_images and accepted.status in SHOWS_ITS_PATH
        if shows_images and ready is not None and ready.rebuild < settings.rebuild:
            self.images.send(RefreshPostImages(post=post.id))
        elif live is not None and live.build != settings.build:
            self._publish(Type.READY, post, accepted.revision)

    def _publish(self, type: Type, post: PostState, revision: int) -> None:
        self.topic.announce(type, post=post.id, key=post.source, revision=revision)


def _waiting(key: str, finding: Finding, changes: ClaimChanges) -> Finding:
    name = changes.waits_on or ""
    holder = changes.holder(name)
    error = content.claim_held(name, key, holder.source if holder else "another post")
    return Finding(Status.WAITING, parsed=finding.parsed, error=error, object=finding.object)
