"""One look at a key: from what is read to one transaction that says what it means."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from presswork import content, correlation
from presswork.aws.buckets import ContentBucket
from presswork.aws.lists import DUE
from presswork.aws.stores import MOST_WRITES, Stores, Write
from presswork.correlation import correlation_of
from presswork.object import Content
from presswork.post import Status
from presswork.settings import Site
from presswork.stages.parse.claims import ClaimChanges, ClaimLedger
from presswork.stages.parse.revision import (
    Finding,
    due,
    find,
    gone,
    names_wanted,
    revise,
    traced,
    without_last_good,
)
from presswork.stages.parse.rings import LARGEST, Obstacle, Wish, ring_of, together
from presswork.state import KEEPS_WHAT_IS_LIVE, PostState, Source
from presswork.tasks import AnnouncePost, CheckKey, CheckKeyAt, Task


@dataclass(frozen=True)
class FoundSource:
    """A source as a look finds it: what was known of its key, the posts it feeds, and its object.

    `read` is what its post is made of: the object itself, unless that is empty. `uploaded` is when,
    if an upload led to the look.
    """

    before: Source
    feeds: tuple[PostState, ...]
    object: Content | None
    read: Content | None
    first_date: datetime
    finding: Finding
    uploaded: datetime | None = None

    @property
    def key(self) -> str:
        """The key of the source."""
        return self.before.key

    @property
    def id(self) -> str | None:
        """The id of the post that it is to feed, None where there is none."""
        return self.finding.parsed.post.id if self.finding.parsed else None

    @property
    def wish(self) -> Wish:
        """The names that its post is to hold."""
        explicit = self.id if self.id != content.derived_id(self.key) else None
        return Wish(self.key, names_wanted(self.finding, explicit_id=explicit))


@dataclass(frozen=True)
class Standstill:
    """What is known of a wait beforehand: what is surely in the way, and a ring too large to go.

    `tasks` are for the others who wait.
    """

    obstacle: str | None = None
    ring: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()


_UNKNOWN = Standstill()


@dataclass(frozen=True)
class Plan:
    """What a look writes of one key; `checked` are claims that are to be as they were read.

    With `has_heir` a post that the key fed goes to another key, with all that it holds. `accepted`
    are the posts of which it writes a new revision that readers are to see.
    """

    source: Source
    writes: tuple[Write, ...]
    checked: tuple[str, ...]
    has_heir: bool
    accepted: tuple[PostState, ...]

    @property
    def lets_others_go(self) -> bool:
        """Whether it can be committed together with others: its key has what it wants."""
        return self.source.waits_on is None and not self.has_heir


@dataclass(frozen=True)
class _Revised:
    """A post before and after a look."""

    old: PostState | None
    new: PostState

    @property
    def is_accepted(self) -> bool:
        """Whether it has a new revision that readers are to see."""
        is_new = self.old is None or self.old.revision < self.new.revision
        accepted = self.new.accepted
        return is_new and accepted is not None and accepted.revision == self.new.revision


@dataclass(frozen=True)
class Committed:
    """A source as it was written, and the ring of waits that was known by then.

    `accepted` are the posts of which a new revision was written that readers are to see: nobody
    else writes what of them is to be announced.
    """

    source: Source
    ring: tuple[str, ...]
    accepted: tuple[PostState, ...]


@dataclass(frozen=True)
class Look:
    """What looks at keys, under the settings and the theme in force at an instant.

    `posts` are those that were read already, by id: what it writes is on condition that each is as
    it was read, so that none is read twice.
    """

    content: ContentBucket
    stores: Stores
    site: Site
    theme: str
    now: datetime
    posts: dict[str, PostState | None] = field(default_factory=dict)

    def commit(
        self, before: Source, sequencer: str | None, uploaded: datetime | None = None
    ) -> Committed:
        """One transaction from what is read to what it means; Changed when that moves meanwhile.

        Who would wait in a ring is committed together with those it waits for, and they for it.
        `before` is what was known of the key.
        """
        found = self._find(before.model_copy(update={"sequencer": sequencer or before.sequencer}))
        found = replace(found, uploaded=uploaded)
        ledger = self._ledger(found)
        plan = self._plan(found, ledger)
        ring = self._ring(plan.source)
        plans: Sequence[Plan] = [plan]
        if ring:
            ledger, plans = self._all_or_one(found, ring)
            ring = self._ring(plans[0].source)  # it may wait for something else than it first met
        writes = self._writes(plans, ledger)
        self.stores.write(*writes)
        return Committed(plans[0].source, ring, plans[0].accepted)

    def _ledger(self, found: FoundSource) -> ClaimLedger:
        """The claims that a source may take or let go of, read in one call with the post it names.

        Others are read when they are asked for.
        """
        stores, names = self.stores, [*found.wish.names]
        if found.finding.status not in KEEPS_WHAT_IS_LIVE:
            names += [name for post in found.feeds for name in post.claims]
            names += [post.id for post in found.feeds if post.id != found.id]
        names = [*dict.fromkeys(names)]
        ids = [] if found.id is None or found.id in self.posts else [found.id]
        read = stores.table.read_all(
            *map(stores.claims.wanted, names), *map(stores.posts.wanted, ids)
        )
        self.posts.update(zip(ids, read[len(names) :], strict=True))
        known = dict(zip(names, read, strict=False))
        return ClaimLedger(stores.claims, read=known, as_authors=self.site.as_authors)

    def _post(self, id: str) -> PostState | None:
        if id not in self.posts:
            self.posts[id] = self.stores.posts.read(id)
        return self.posts[id]

    def is_ring_new(self, committed: Committed) -> bool:
        """Whether a wait that was written closes a ring that was not there when it was read.

        Others may have written theirs at the same time: whoever is last sees them all.
        """
        ring = self._ring(committed.source)
        return bool(ring) and ring != committed.ring

    def _ring(self, source: Source) -> tuple[str, ...]:
        """The keys that wait for each other, at the end of what a source waits for."""

        def holder_of(claim: str) -> str | None:
            holder = self.stores.claims.read(claim)
            return holder.source if holder is not None and holder.held else None

        def waits_on(key: str) -> str | None:
            found = self.stores.sources.read(key)
            return found.waits_on if found is not None else None

        return ring_of(source.key, source.waits_on, holder_of=holder_of, waits_on=waits_on)

    def _all_or_one(
        self, found: FoundSource, ring: tuple[str, ...]
    ) -> tuple[ClaimLedger, Sequence[Plan]]:
        """The plans of all that can be committed with a key; or of that key alone, which waits."""
        key, others = found.key, dict[str, FoundSource]()
        as_authors = self.site.as_authors
        ledger = ClaimLedger(self.stores.claims, as_authors=as_authors)

        def wish(other: str) -> Wish | None:
            source = self.stores.sources.read(other)
            if source is None or source.waits_on is None:
                return None
            others[other] = self._find(source, source.version_id)
            return others[other].wish if others[other].id is not None else None

        result: tuple[Wish, ...] | Obstacle | None = None
        if len(ring) <= LARGEST:
            result = together(found.wish, holder=ledger.holder, wish=wish, as_authors=as_authors)
        if isinstance(result, Obstacle):
            return self._alone(found, self._kept_by(result, key, others.get(result.key)))
        if result is not None:
            members = [found, *(others[each.key] for each in result[1:])]
            fed = {post.id for member in members for post in member.feeds}
            ledger = ClaimLedger(self.stores.claims, fed, as_authors=as_authors)
            plans = self._plans(members, ledger)
            fits = len(self._writes(plans, ledger)) <= MOST_WRITES
            if fits and all(plan.lets_others_go for plan in plans):
                return ledger, plans
            if fits:
                return self._alone(found, _UNKNOWN)
        return self._alone(found, self._too_many(key, ring))

    def _alone(self, found: FoundSource, why: Standstill) -> tuple[ClaimLedger, Sequence[Plan]]:
        ledger = ClaimLedger(self.stores.claims, as_authors=self.site.as_authors)
        return ledger, [self._plan(found, ledger, why=why)]

    def _kept_by(self, obstacle: Obstacle, key: str, other: FoundSource | None) -> Standstill:
        """A wait for what surely is in the way; if it is in another's way, that one waits for it.

        Whoever lets go of it sends on who waits for it.
        """
        if obstacle.key == key:
            return Standstill(obstacle=obstacle.claim)
        is_seen_to = other is None or other.before.waits_on == obstacle.claim
        if is_seen_to or obstacle.wanted_twice:  # there each would send the other on, without end
            return _UNKNOWN
        return Standstill(tasks=(CheckKey(key=obstacle.key),))

    def _too_many(self, key: str, ring: tuple[str, ...]) -> Standstill:
        """A wait in a ring that is told: each tells the next, who may have been told of another."""
        if ring[0] != key:
            return _UNKNOWN
        following = self.stores.sources.read(ring[1 % len(ring)])
        error = following.error if following is not None else None
        is_told = error is not None and error.rule == content.IN_A_RING
        tasks = () if is_told else (CheckKey(key=ring[1 % len(ring)]),)
        return Standstill(ring=ring, tasks=tasks)

    def _plans(self, members: Sequence[FoundSource], ledger: ClaimLedger) -> list[Plan]:
        """The plans of keys that are committed together; the first then has the others looked at.

        They announce what became of them.
        """
        first, *others = members
        fed = {member.id for member in members if member.id is not None}
        tasks = tuple(CheckKey(key=other.key) for other in others)
        return [
            self._plan(first, ledger, fed=fed, why=Standstill(tasks=tasks)),
            *(self._plan(other, ledger, fed=fed) for other in others),
        ]

    def _writes(self, plans: Sequence[Plan], ledger: ClaimLedger) -> list[Write]:
        writes = [write for plan in plans for write in plan.writes]
        return [*writes, *ledger.writes(name for plan in plans for name in plan.checked)]

    def _find(self, before: Source, version_id: str | None = None) -> FoundSource:
        """A source as it is, or as it was at the version of its newest look."""
        feeds = self._feeds(before)
        found = self.content.get(before.key, version_id=version_id, most=content.MAX_BYTES)
        if version_id is None:
            correlation.carry(self._upload(before, found))
        uploaded = found.last_modified if found else self.now
        first_date = feeds[0].first_date if feeds else uploaded
        read = self._unless_empty(found, before.key, feeds)
        finding = self._finding(read, before.key, first_date)
        return FoundSource(before, feeds, found, read, first_date, finding)

    def _finding(self, read: Content | None, key: str, first_date: datetime) -> Finding:
        return find(read, key, self.site, first_date, self.now, theme=self.theme)

    def _unless_empty(
        self, found: Content | None, key: str, feeds: Sequence[PostState]
    ) -> Content | None:
        """What is at a key; for an object of 0 bytes, what its post was made of before.

        Who mounts the bucket as a disk writes each file empty first.
        """
        version = feeds[0].version_id if feeds else None
        if found is None or found.data or version is None:
            return found
        return self.content.get(key, version_id=version, most=content.MAX_BYTES) or found

    def _feeds(self, before: Source) -> tuple[PostState, ...]:
        """The posts whose source the key is: that it fed, and one it inherited while it waited."""
        ids = [before.post]
        if before.waits_on is not None and not before.waits_on.startswith("/"):
            ids.append(before.waits_on)
        for id in ids:
            post = None if id is None else self.posts.get(id)
            if id is not None and (post is None or post.source != before.key):
                # Read together with the source, it may be of a moment before that.
                self.posts[id] = self.stores.posts.read(id)
        posts = [self.posts[id] for id in ids if id is not None]
        return tuple(post for post in posts if post is not None and post.source == before.key)

    def _plan(
        self,
        found: FoundSource,
        ledger: ClaimLedger,
        *,
        fed: Collection[str] = (),
        why: Standstill = _UNKNOWN,
    ) -> Plan:
        """What is to be written of a key; the posts in `fed` are not given up, others take them."""
        key, before, finding = found.key, found.before, found.finding
        changes = ClaimChanges(ledger, key, before.waits_on, obstacle=why.obstacle)
        id = self._identity(found, changes)
        revised: list[_Revised] = []
        given_up = [post for post in found.feeds if post.id != id and post.id not in fed]
        writes = [self._leave(post, found, changes, revised) for post in given_up]
        left = [each.new.id for each in revised]
        if id is not None:
            old = next((post for post in found.feeds if post.id == id), None) or self._post(id)
            first_date = found.first_date
            if old is not None and old.first_date != first_date:
                first_date = old.first_date
                finding = self._finding(found.read, key, first_date)
            now_found = replace(found, first_date=first_date, finding=finding)
            new, finding = self._revise(id, now_found, old, changes, why)
            new = traced(new, old, self._upload(before, found.object), found.uploaded)
            revised.append(_Revised(old, new))
            writes.append(self.stores.posts.save(old, new))
        tasks = [*changes.tasks, *(AnnouncePost(post=each) for each in left), *why.tasks]
        source = self._source(found, finding, id or (left[0] if left else None), changes, tasks)
        writes += [self.stores.sources.put(source), *self._due(before, source), *changes.writes]
        accepted = tuple(each.new for each in revised if each.is_accepted)
        return Plan(source, tuple(writes), tuple(changes.checked), changes.has_heir, accepted)

    def _source(
        self,
        found: FoundSource,
        finding: Finding,
        post: str | None,
        changes: ClaimChanges,
        tasks: list[Task],
    ) -> Source:
        """The source after the look, with what it owes."""
        before, object, check_at = found.before, found.object, due(finding)
        if check_at is not None:
            tasks = [*tasks, CheckKeyAt(at=check_at)]
        scheduled = [task for task in before.pending.known if isinstance(task, CheckKeyAt)]
        return Source(
            key=found.key,
            lock_version=before.lock_version + 1,
            status=finding.status,
            version_id=object.version_id if object else None,
            etag=object.etag if object else None,
            looked=self.now,
            sequencer=before.sequencer,
            error=finding.error,
            post=post,
            waits_on=changes.waits_on,
            gone_since=None if object else before.gone_since or self.now,
            pending=before.pending.clear(scheduled).add(*tasks),
        )

    def _identity(self, found: FoundSource, changes: ClaimChanges) -> str | None:
        """The post that the key feeds; one of its own while it has to wait for the id it names."""
        feeds, derived = found.feeds, content.derived_id(found.key)
        if found.finding.status is Status.REJECTED:
            return feeds[0].id if feeds else derived
        named = found.id
        if named is not None and named != derived and changes.is_out_of_reach(named):
            changes.wait(named)
            return feeds[0].id if feeds else derived
        return named

    def _upload(self, before: Source, found: Content | None) -> str:
        """The id of all that follows from what is found; of a deletion, what its hint says."""
        if found is not None:
            return correlation_of(before.key, found.version_id)
        since = before.gone_since or self.now
        return correlation.current() or correlation_of(before.key, f"gone {since.isoformat()}")

    def _leave(
        self, post: PostState, found: FoundSource, changes: ClaimChanges, revised: list[_Revised]
    ) -> Write:
        """The key feeds this post no longer: whoever waits for its id inherits it, or it goes."""
        successor = changes.transfer(post.id, post.claims)
        if successor is not None:
            return self.stores.posts.transfer(post, successor)
        changes.release(post.id, post.claims)
        upload = self._upload(found.before, found.object)
        left_behind = traced(gone(post, found.key), post, upload, None)
        revised.append(_Revised(post, left_behind))
        return self.stores.posts.save(post, left_behind)

    def _revise(
        self,
        id: str,
        found: FoundSource,
        old: PostState | None,
        changes: ClaimChanges,
        why: Standstill,
    ) -> tuple[PostState, Finding]:
        """The post's next state, and the finding with the status that its claims leave it."""
        finding = found.finding
        claims, paths = (old.claims, old.paths) if old else ((), ())
        explicit = id if id != content.derived_id(found.key) else None
        wanted = names_wanted(finding, explicit_id=explicit)
        if finding.status is not Status.REJECTED and (
            changes.waits_on is not None or not changes.take(id, wanted)
        ):
            finding = _waiting(found, changes, why)
        if finding.status not in KEEPS_WHAT_IS_LIVE:
            changes.release(id, [name for name in claims if name not in wanted])
            claims = wanted
            held = tuple(name for name in wanted if name.startswith("/"))
            paths = (*held, *changes.trim(id, tuple(p for p in paths if p not in held)))
        is_lost = finding.status in KEEPS_WHAT_IS_LIVE and self._has_lost_its_last_good(old)
        if is_lost:
            changes.release(id, [name for name in claims if name.startswith("/")])
            claims = tuple(name for name in claims if not name.startswith("/"))
        new = revise(
            old,
            finding,
            id=id,
            key=found.key,
            first_date=found.first_date,
            claims=claims,
            paths=paths,
        )
        return without_last_good(new) if is_lost else new, finding

    def _has_lost_its_last_good(self, post: PostState | None) -> bool:
        """Whether the version that readers are to see is in the bucket no more.

        Who takes the newest version of a file away for good has the one before it back, whatever
        that is.
        """
        accepted = post.accepted if post is not None else None
        if accepted is None or accepted.version_id is None:
            return False
        return self.content.get(accepted.source, version_id=accepted.version_id, most=0) is None

    def _due(self, before: Source, source: Source) -> list[Write]:
        """When the key is to be looked at again, for maintain: what a look owes, it strikes out."""
        lists, id = self.stores.lists, content.derived_id(source.key)
        writes: list[Write] = []
        if before.due is not None and before.due != source.due:
            writes.append(lists.delete_work(DUE, before.due, id))
        if source.due is not None:
            writes.append(lists.put_work(DUE, source.due, id, source.key))
        return writes


def _waiting(found: FoundSource, changes: ClaimChanges, why: Standstill) -> Finding:
    name = changes.waits_on or ""
    holder = changes.ledger.holder(name)
    by = holder.source if holder else "another post"
    as_authors = changes.ledger.as_authors
    if why.ring:
        error = content.claim_ring(name, why.ring, LARGEST)
    elif holder is not None and not holder.held:
        error = content.claim_kept(name, holder.kept_for, as_authors)
    else:
        error = content.claim_held(name, found.key, by, as_authors)
    finding = found.finding
    return Finding(Status.WAITING, parsed=finding.parsed, error=error, object=finding.object)
