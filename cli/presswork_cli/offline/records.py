"""What `build` keeps in memory of each source: all that others need to know, but for its text.

A record is plain JSON, as the cache keeps it from one build to the next. What a post looks like is
among the bodies as well, where it is read when its page is made.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from presswork import site
from presswork.content import Parsed, derived_id, links
from presswork.post import UP, Error, LinkTarget, Status, Visibility, status_at
from presswork.settings import Site
from presswork_cli.offline.cache import Bodies, Place
from presswork_cli.offline.claims import Outcome, claims_of, read
from presswork_cli.offline.folder import File, uploaded
from presswork_cli.offline.references import Referring
from presswork_cli.offline.rows import Kept, SourceRecord
from presswork_cli.offline.signature import Signature, is_settled

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PostRecord(NamedTuple):
    """A post, but for its text: what a plan, claims, links and images need.

    `is_named` says that its id is its author's. `state` is what its status is of, as `status_at`
    wants it; `referring` is a `Referring` without its key, path and cover; `embedded` the digests
    of the images in its source.
    """

    id: str
    revision: str
    is_named: bool
    path: str
    aliases: list[str]
    date: str
    state: list[Any]
    cover: str | None
    lists: dict[str, str]
    series: str | None
    tag: str | None
    card: str
    images: list[str]
    handles: list[str]
    referring: list[Any]
    digest: str
    embedded: dict[str, str]


class ReadSource(NamedTuple):
    """What a process that reads found, with bodies that are yet to be put somewhere."""

    signature: Signature
    record: SourceRecord
    body: bytes
    pictures: dict[str, bytes]


class Source:
    """A source of the build: its record, its bodies, and what became of it among the others.

    `shown` are the statuses of posts that have a page.
    """

    __slots__ = ("body", "error", "pictures", "post", "record", "shown", "status")

    def __init__(self, record: SourceRecord, kept: Kept, now: datetime) -> None:
        self.record = record
        self.body, self.pictures = kept.body, kept.pictures
        self.post = PostRecord(*record.post) if record.post is not None else None
        self.error = Error.model_validate(record.error) if record.error else None
        self.shown = UP
        self.status = Status.REJECTED if self.error else Status.SKIPPED
        if self.post is not None:
            self.status = _status(self.post, now)

    @property
    def key(self) -> str:
        """Its key."""
        return self.record.key

    @property
    def claims(self) -> tuple[str, ...]:
        """What it needs for itself alone."""
        post = self.post
        status = Status.LIVE if self.is_shown else self.status
        return claims_of(post, post.is_named, status) if post else ()

    @property
    def is_shown(self) -> bool:
        """Whether it has a page."""
        return self.post is not None and self.status in self.shown

    @property
    def target(self) -> LinkTarget | None:
        """What others may link to."""
        if self.post is None or not self.is_shown:
            return None
        return LinkTarget(post=self.post.id, source=self.key, path=self.post.path)

    @property
    def handles(self) -> Sequence[str]:
        """What others may link to it by."""
        return self.post.handles if self.post else ()

    @property
    def referring(self) -> Referring | None:
        """What it refers to; None for what refers to nothing."""
        if self.post is None or not any(self.post.referring):
            return None
        return Referring(self.key, self.post.path, self.post.cover, *self.post.referring)


def understood(
    file: File, settings: Site, theme: str, *, now: datetime, strict: bool
) -> ReadSource:
    """What a file says by itself; `strict` measures what it loses on its way."""
    signature = file.signature  # before it is read: what changes it meanwhile shall be noticed
    data, changed = file.data, uploaded(signature)
    outcome = read(file.key, data, settings, theme, uploaded=changed, now=now)
    if strict:
        from presswork_cli.offline import losses  # noqa: PLC0415 - few builds measure them

        outcome = losses.with_losses(outcome, data)
    parsed = outcome.parsed
    post, body = _post(outcome, settings) if parsed else (None, b"")
    record = SourceRecord(
        key=file.key,
        digest=sha256(data).hexdigest(),
        dated=outcome.error is not None or (parsed is not None and parsed.post.date == changed),
        repairs=[each.model_dump(mode="json") for each in parsed.repairs] if parsed else [],
        warnings=[each.model_dump(mode="json") for each in parsed.warnings] if parsed else [],
        error=outcome.error.model_dump(mode="json") if outcome.error else None,
        post=list(post) if post else None,
        lines={},
    )
    return ReadSource(signature, record, body, dict(parsed.embedded) if parsed else {})


def kept(found: ReadSource, bodies: Bodies) -> Kept:
    """The row of the index, with the bodies put where others are; its record is not put yet."""
    return Kept(
        signature=tuple(found.signature),
        settled=is_settled(found.signature),
        record=None,
        body=bodies.put(found.body) if found.record.post else None,
        pictures={url: bodies.put(data) for url, data in found.pictures.items()},
    )


def put(record: SourceRecord, bodies: Bodies) -> Place:
    """Keeps a record among the bodies."""
    return bodies.put(json.dumps(record).encode())


def moments(post: PostRecord) -> tuple[int, ...]:
    """When its status changes by itself, in microseconds."""
    _, _, *times = post.state
    return tuple(microseconds(datetime.fromisoformat(each)) for each in times if each)


def microseconds(time: datetime) -> int:
    """An instant as a number."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def _status(post: PostRecord, now: datetime) -> Status:
    draft, visibility, appears, expires = post.state
    until = datetime.fromisoformat(expires) if expires else None
    return status_at(now, draft, Visibility(visibility), datetime.fromisoformat(appears), until)


def _post(outcome: Outcome, settings: Site) -> tuple[PostRecord, bytes]:
    parsed: Parsed = outcome.parsed  # type: ignore[assignment]  # its caller has looked
    post = parsed.post
    body = post.model_dump_json().encode()
    around = site.lists_around(settings, post)
    referring = Referring.of(post, outcome.key)
    record = PostRecord(
        id=post.id,
        revision=post.revision,
        is_named=post.id != derived_id(outcome.key),
        path=post.path,
        aliases=list(post.aliases),
        date=post.date.astimezone(UTC).isoformat(),
        state=[
            post.draft,
            post.visibility.value,
            post.appears.isoformat(),
            post.expires.isoformat() if post.expires else None,
        ],
        cover=post.cover,
        lists=site.lists_of(settings, post),
        series=around.series,
        tag=around.tag,
        card=site.card(post, {}).model_dump_json(),
        images=[image.url for image in post.images],
        handles=list(links.handles_of(outcome.key, post)),
        referring=list(referring[3:]),
        digest=sha256(body).hexdigest()[:32],
        embedded={url: sha256(data).hexdigest() for url, data in parsed.embedded.items()},
    )
    return record, body
