"""What one look at a source makes of a post: pure, from what was read to what is to be written."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from presswork.content import Parsed, is_post, parse
from presswork.content.own_files import own_files
from presswork.errors import Rejected
from presswork.events import Type
from presswork.object import Content
from presswork.post import UP, Error, Status
from presswork.settings import Site
from presswork.state import KEEPS_WHAT_IS_LIVE, SHOWS_ITS_PATH, Accepted, PostState, Ready
from presswork.tasks import AnnounceRevision

ACCEPTED = frozenset({Type.PARSED, Type.READY})
"""The events by which an accepted revision is announced."""

REFUSED = {Status.REJECTED: Type.REJECTED, Status.WAITING: Type.WAITING}
"""The events by which a revision is announced that leaves live what is."""


@dataclass(frozen=True)
class Finding:
    """What an object says by itself, whoever else wants its path; without `object` it is absent."""

    status: Status
    parsed: Parsed | None = None
    error: Error | None = None
    object: Content | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal meaning; that of a rejected object is of its error."""
        if self.parsed is not None:
            return self.parsed.post.revision
        if self.error is not None:
            return hashlib.sha256(self.error.model_dump_json().encode()).hexdigest()
        return ""


def find(
    found: Content | None, key: str, site: Site, first_date: datetime, now: datetime, *, theme: str
) -> Finding:
    """What an object says; an undated post has its first date.

    `theme` is the digest of the theme in force.
    """
    if found is None:
        return Finding(Status.GONE)
    if not is_post(key, found.data):
        return Finding(Status.SKIPPED, object=found)
    try:
        parsed = parse(found.data, key, site, uploaded=first_date, theme=theme)
    except Rejected as rejected:
        return Finding(Status.REJECTED, error=Error.of(rejected), object=found)
    return Finding(parsed.post.status(now), parsed=parsed, object=found)


def due(finding: Finding) -> datetime | None:
    """When time alone changes what a post is: while scheduled it appears, while up it ends."""
    if finding.parsed is None:
        return None
    post = finding.parsed.post
    if finding.status is Status.SCHEDULED:
        return post.appears
    return post.expires if finding.status in UP else None


def names_wanted(finding: Finding, *, explicit_id: str | None) -> tuple[str, ...]:
    """The paths and the explicit id that a post has to hold for this finding to take effect."""
    names: tuple[str, ...] = ()
    if finding.parsed is not None and finding.status in SHOWS_ITS_PATH:
        names = (finding.parsed.post.path, *finding.parsed.post.aliases)
    if explicit_id is not None:
        names = (*names, explicit_id)
    return tuple(dict.fromkeys(names))


def revise(
    old: PostState | None,
    finding: Finding,
    *,
    id: str,
    key: str,
    first_date: datetime,
    claims: tuple[str, ...],
    paths: tuple[str, ...],
) -> PostState:
    """The post after a finding: a new revision if its meaning, status or source changed.

    `claims` and `paths` are what it holds, and what it holds or held, afterwards.
    """
    changed = (
        old is None
        or (old.source, old.status, old.fingerprint) != (key, finding.status, finding.fingerprint)
        or (old.accepted is not None and old.accepted.source != key)  # handed over
        or _rule(old.error) != _rule(finding.error)  # it waits for another reason
    )
    revision = (old.revision if old else 0) + changed
    version_id = finding.object.version_id if finding.object else None
    post = finding.parsed.post if finding.parsed else None
    base = old or PostState(id=id, source=key, status=finding.status, first_date=first_date)
    new = base.model_copy(
        update={
            "source": key,
            "status": finding.status,
            "revision": revision,
            "fingerprint": finding.fingerprint,
            "error": finding.error,
            "version_id": version_id,
            "title": post.title if post else base.title,
            "date": post.date if post else base.date,
            "claims": claims,
            "paths": paths,
        }
    )
    if finding.status in KEEPS_WHAT_IS_LIVE:
        return _announcing(new, REFUSED[finding.status]) if changed else new
    if not changed and base.accepted is not None:
        return _refreshed(new, version_id)
    return _accepted(new, finding, version_id)


def _rule(error: Error | None) -> str | None:
    return error.rule if error else None


def traced(
    post: PostState, old: PostState | None, correlationid: str | None, uploaded: datetime | None
) -> PostState:
    """The post with the upload noted that its accepted revision is of, if that is a new one."""
    accepted, before = post.accepted, old.accepted if old else None
    if accepted is None or (before is not None and before.revision == accepted.revision):
        return post
    update = {"correlationid": correlationid, "uploaded": uploaded}
    return post.model_copy(update={"accepted": accepted.model_copy(update=update)})


def _accepted(post: PostState, finding: Finding, version_id: str | None) -> PostState:
    """The post with its newest revision accepted, and to be announced."""
    parsed = finding.parsed.post if finding.parsed else None
    before, ready = post.accepted, post.ready
    has_images = bool(post.pending_images.known or (ready and ready.images))
    if parsed is not None:
        has_images = has_images or bool(parsed.images or own_files(parsed, post.source))
        path = parsed.path
    else:
        path = before.path if before else ""
    accepted = Accepted(
        revision=post.revision,
        status=finding.status,
        source=post.source,
        version_id=version_id,
        fingerprint=finding.fingerprint,
        path=path,
        has_images=has_images,
    )
    if not has_images:
        generation = ready.generation + 1 if ready else 1
        ready = Ready(revision=post.revision, generation=generation)
    post = post.model_copy(update={"accepted": accepted, "ready": ready})
    return _announcing(post, Type.PARSED if has_images else Type.READY)


def _announcing(post: PostState, type: Type) -> PostState:
    """The post with its revision to be announced; of earlier ones, what that does not replace."""
    outbox, revision = post.pending_parse, post.revision
    replaced = [
        task
        for task in outbox.known
        if isinstance(task, AnnounceRevision) and (type in ACCEPTED or task.type not in ACCEPTED)
    ]
    outbox = outbox.clear(replaced).add(AnnounceRevision(type=type, revision=revision))
    return post.model_copy(update={"pending_parse": outbox})


def gone(post: PostState, key: str) -> PostState:
    """The post after its source is gone: it holds nothing, and looks after the paths it had."""
    return revise(
        post,
        Finding(Status.GONE),
        id=post.id,
        key=key,
        first_date=post.first_date,
        claims=(),
        paths=post.paths,
    )


def without_last_good(post: PostState) -> PostState:
    """A post that is broken, or waits, after its last good version is gone for good: it is down."""
    down = _accepted(post, Finding(Status.GONE), None)
    return _announcing(down, REFUSED[post.status])


def _refreshed(post: PostState, version_id: str | None) -> PostState:
    accepted, live = post.accepted, post.live
    if accepted is not None:
        accepted = accepted.model_copy(update={"version_id": version_id})
    if (
        live is not None
        and version_id is not None
        and accepted is not None
        and (live.source, live.fingerprint) == (accepted.source, accepted.fingerprint)
    ):
        live = live.model_copy(update={"version_id": version_id})
    return post.model_copy(update={"accepted": accepted, "live": live})
