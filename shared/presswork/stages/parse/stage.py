"""parse: looks at one key of ContentBucket, and remembers what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Self

from aws_lambda_powertools import Logger

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.changed import Changed
from presswork.aws.claims import Claims
from presswork.aws.clients import variable
from presswork.aws.lists import DUE, Lists
from presswork.aws.posts import Posts
from presswork.aws.queues import Copy, Hint, Queue, Touch
from presswork.aws.schedules import Schedules
from presswork.aws.sites import Sites, SiteState
from presswork.aws.sources import Sources
from presswork.aws.table import Table, Write
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import RetryLater
from presswork.events import Event, Type
from presswork.post import Error, Status
from presswork.settings import Site
from presswork.stages.parse.claims import ClaimChanges
from presswork.stages.parse.revision import (
    KEEPS_WHAT_IS_LIVE,
    SHOWS_ITS_PATH,
    Finding,
    due,
    find,
    gone,
    names_wanted,
    revise,
)
from presswork.state import PostState, Source

ROUNDS = 8
MINUTE = timedelta(minutes=1)

logger = Logger(child=True)


@dataclass(frozen=True)
class Parse:
    """The stage: every event about a key is the same hint, and none is believed."""

    content: ContentBucket
    table: Table
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
            table=Table.from_env(),
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
            self.pages.send(Copy(copy_file=key))
        if not content.may_be_post(key):
            return Status.SKIPPED
        sites = Sites(self.table)
        for _ in range(ROUNDS):
            settings = sites.read()
            try:
                source = self._commit(key, settings.effective(self.site_url), sequencer)
            except Changed:
                continue
            if sites.read().revision != settings.revision:
                continue
            self._wake(source)
            for id in dict.fromkeys((source.post, *source.former)):
                if id is not None:
                    self._announce(id, settings)
            self._settle(source)
            self._call_back(source)
            return source.status
        raise RetryLater(f"{key} kept changing for {ROUNDS} rounds")

    def afresh(self, id: str) -> None:
        """Announces a post again, if it was made with other settings or other software."""
        self._announce(id, Sites(self.table).read())

    def _commit(self, key: str, site: Site, sequencer: str | None) -> Source:
        """One transaction from what is read to what it means; Changed when that moves meanwhile."""
        now = self.clock()
        posts = Posts(self.table)
        before = Sources(self.table).read(key) or Source(key=key)
        ledger = ClaimChanges(Claims(self.table), key, before.waits_on)
        feeds = self._feeds(before)
        found = self.content.get(key, most=content.MAX_BYTES)
        uploaded = found.last_modified if found else now
        first_date = feeds[0].first_date if feeds else uploaded
        finding = find(found, key, site, first_date, now)
        id = self._identity(key, finding, feeds, ledger)
        left: list[str] = []
        writes = [self._leave(post, key, ledger, left) for post in feeds if post.id != id]
        if id is not None:
            old = next((post for post in feeds if post.id == id), None) or posts.read(id)
            if old is not None and old.first_date != first_date:
                first_date = old.first_date
                finding = find(found, key, site, first_date, now)
            new, finding = self._revise(
                id, key, finding, old=old, ledger=ledger, first_date=first_date
            )
            writes.append(posts.save(old, new))
        source = Source(
            key=key,
            lock=before.lock + 1,
            status=finding.status,
            version_id=found.version_id if found else None,
            etag=found.etag if found else None,
            sequencer=sequencer or before.sequencer,
            error=finding.error,
            post=id or (left[0] if left else None),
            former=tuple(dict.fromkeys((*left, *before.former))),
            waits_on=ledger.waits_on,
            wake=tuple(dict.fromkeys((*before.wake, *ledger.wake))),
            gone_since=None if found else before.gone_since or now,
            due=due(finding),
        )
        writes += self._due(before, source)
        self.table.write(Sources(self.table).put(source), *writes, *ledger.writes)
        return source

    def _feeds(self, before: Source) -> list[PostState]:
        """The posts whose source the key is: that it fed, and one it inherited while it waited."""
        ids = [before.post]
        if before.waits_on is not None and not before.waits_on.startswith("/"):
            ids.append(before.waits_on)
        posts = [Posts(self.table).read(id) for id in ids if id is not None]
        return [post for post in posts if post is not None and post.source == before.key]

    def _identity(
        self, key: str, finding: Finding, feeds: list[PostState], ledger: ClaimChanges
    ) -> str | None:
        """The post that the key feeds; one of its own while another key feeds the post it names."""
        derived = content.derived_id(key)
        if finding.status is Status.REJECTED:
            return feeds[0].id if feeds else derived
        if finding.parsed is None:
            return None
        named = finding.parsed.post.id
        if named != derived and ledger.is_held_elsewhere(named):
            ledger.wait(named)
            return feeds[0].id if feeds else derived
        return named

    def _leave(self, post: PostState, key: str, ledger: ClaimChanges, left: list[str]) -> Write:
        """The key feeds this post no longer: whoever waits for its id inherits it, or it goes."""
        posts = Posts(self.table)
        heir = ledger.hand_over(post.id)
        if heir is not None:
            return posts.hand_over(post, heir)
        left.append(post.id)
        ledger.release(post.id, post.claims)
        return posts.save(post, gone(post, key))

    def _revise(
        self,
        id: str,
        key: str,
        finding: Finding,
        *,
        old: PostState | None,
        ledger: ClaimChanges,
        first_date: datetime,
    ) -> tuple[PostState, Finding]:
        """The post's next state, and the finding with the status that its claims leave it."""
        claims, paths = (old.claims, old.paths) if old else ((), ())
        explicit = id if id != content.derived_id(key) else None
        wanted = names_wanted(finding, explicit_id=explicit)
        if finding.status is not Status.REJECTED and (
            ledger.waits_on is not None or not ledger.take(id, wanted)
        ):
            finding = _waiting(finding, ledger)
        if finding.status not in KEEPS_WHAT_IS_LIVE:
            ledger.release(id, [name for name in claims if name not in wanted])
            claims = wanted
            held = tuple(name for name in wanted if name.startswith("/"))
            paths = (*held, *ledger.trim(id, tuple(p for p in paths if p not in held)))
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
        lists, id = Lists(self.table), content.derived_id(source.key)
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

    def _wake(self, source: Source) -> None:
        """Sends on who waited for what was given up; before `announced`: a crash repeats it."""
        claims = Claims(self.table)
        for entry in source.wake:
            kind, _, name = entry.partition(":")
            for key in [name] if kind == "key" else claims.waiters(name, limit=1):
                self.hints.send(Hint(key=key))

    def _announce(self, id: str, settings: SiteState) -> None:
        """Announces what no look has yet: also what a rejection or a wait came upon too early.

        What readers see was made with other settings or software: then it is made again.
        """
        posts = Posts(self.table)
        post = posts.read(id)
        if post is None:
            return
        if post.announced >= post.revision:
            self._make_again(post, settings)
            return
        accepted = post.accepted
        if accepted is not None and accepted.revision > post.announced:
            type = Type.PARSED if accepted.has_images else Type.READY
            self._publish(type, post, accepted.revision)
        else:
            self._make_again(post, settings)
        if post.status is Status.REJECTED:
            self._publish(Type.REJECTED, post, post.revision)
        elif post.status is Status.WAITING:
            self._publish(Type.WAITING, post, post.revision)
        posts.announced(post)

    def _make_again(self, post: PostState, settings: SiteState) -> None:
        """Has a post made with the present settings; in a rebuild its images are seen to first."""
        accepted, ready, live = post.accepted, post.ready, post.live
        if accepted is None:
            return
        shows_images = accepted.has_images and accepted.status in SHOWS_ITS_PATH
        if shows_images and ready is not None and ready.rebuild < settings.rebuild:
            self.images.send(Touch(touch=post.id))
        elif live is not None and live.furnishing != settings.furnishing:
            self._publish(Type.READY, post, accepted.revision)

    def _publish(self, type: Type, post: PostState, revision: int) -> None:
        self.topic.announce(
            Event.of(type, post=post.id, key=post.source, revision=revision, now=self.clock())
        )

    def _settle(self, source: Source) -> None:
        """Forgets whom to wake and what was left, now that it is done; unless a later look did."""
        if not source.wake and not source.former:
            return
        try:
            self.table.write(Sources(self.table).settled(source))
        except Changed:
            return


def _waiting(finding: Finding, ledger: ClaimChanges) -> Finding:
    name = ledger.waits_on or ""
    holder = ledger.holder(name)
    other = holder.source if holder else "another post"
    error = Error(
        rule="claim.held",
        message=f"{name} belongs to {other}.",
        fix=f"Give this post another slug, path or id, or remove {other}: then it goes live.",
    )
    return Finding(Status.WAITING, parsed=finding.parsed, error=error, object=finding.object)
