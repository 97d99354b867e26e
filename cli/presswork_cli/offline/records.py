"""What `build` keeps in memory of each source: all that others need to know, but for its text.

A record is plain JSON, as the cache keeps it from one build to the next. What a post looks like is
among the bodies, where it is read when its page is made.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from presswork import site
from presswork.content import Parsed, derived_id, links
from presswork.post import UP, Error, LinkTarget, Post, Status, Visibility, status_at
from presswork.settings import Site
from presswork_cli.offline.cache import Bodies, Place
from presswork_cli.offline.claims import Outcome, claims_of, read
from presswork_cli.offline.folder import File, Signature
from presswork_cli.offline.losses import with_losses
from presswork_cli.offline.references import Referring

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file system tells a change of a file by its times, however coarse."""


class PostRecord(NamedTuple):
    """A post, but for its text: what a plan, claims, links and images need.

    `is_named` says that its id is its author's. `state` is what its status is of, as `status_at`
    wants it; `referring` is a `Referring` without its key, path and cover; `embedded` the digests
    of the images in its source. `body` and `pictures` say where the whole post and those images
    stand among the bodies.
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
    body: Place
    embedded: dict[str, str]
    pictures: dict[str, Place]


class SourceRecord(NamedTuple):
    """A source as it was read, and what it says; a row of the cache.

    `settled` says that its signature tells whether it is still the same, `dated` that its post may
    have the date of the file. `lines` are those on which references stand, as far as they were
    looked for.
    """

    key: str
    signature: list[int]
    settled: bool
    digest: str
    dated: bool
    repairs: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    error: dict[str, Any] | None
    post: list[Any] | None
    lines: dict[str, int | None]


class ReadSource(NamedTuple):
    """What a process that reads found: a record whose bodies are yet to be put somewhere."""

    record: SourceRecord
    body: bytes
    pictures: dict[str, bytes]


class Source:
    """A source of the build: its record, and what became of it among the others."""

    __slots__ = ("error", "post", "record", "status")

    def __init__(self, record: SourceRecord, now: datetime) -> None:
        self.record = record
        self.post = PostRecord(*record.post) if record.post is not None else None
        self.error = Error.model_validate(record.error) if record.error else None
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
        return claims_of(post, post.is_named, self.status) if post else ()

    @property
    def is_shown(self) -> bool:
        """Whether it has a page."""
        return self.post is not None and self.status in UP

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
    data, uploaded = file.data, signature.uploaded
    outcome = read(file.key, data, settings, theme, uploaded=uploaded, now=now)
    outcome = with_losses(outcome, data) if strict else outcome
    parsed = outcome.parsed
    post, body = _post(outcome, settings) if parsed else (None, b"")
    record = SourceRecord(
        key=file.key,
        signature=list(signature),
        settled=is_settled(signature),
        digest=sha256(data).hexdigest(),
        dated=outcome.error is not None or (parsed is not None and parsed.post.date == uploaded),
        repairs=[each.model_dump(mode="json") for each in parsed.repairs] if parsed else [],
        warnings=[each.model_dump(mode="json") for each in parsed.warnings] if parsed else [],
        error=outcome.error.model_dump(mode="json") if outcome.error else None,
        post=list(post) if post else None,
        lines={},
    )
    return ReadSource(record, body, dict(parsed.embedded) if parsed else {})


def is_settled(signature: Signature) -> bool:
    """Whether a file's last change is so long ago that another one would be seen by its times."""
    return time.time_ns() - max(signature.changed, signature.modified) > _SETTLED


def kept(found: ReadSource, bodies: Bodies) -> SourceRecord:
    """The record, with the bodies put among those of the others."""
    if found.record.post is None:
        return found.record
    post = PostRecord(*found.record.post)._replace(
        body=bodies.put(found.body),
        pictures={url: bodies.put(data) for url, data in found.pictures.items()},
    )
    return found.record._replace(post=list(post))


def bodies_of(record: SourceRecord) -> Iterator[tuple[Any, Any]]:
    """Where the bodies of a record are told of: each container, and the index or key in it."""
    if record.post is not None:
        yield record.post, PostRecord._fields.index("body")
        pictures = record.post[PostRecord._fields.index("pictures")]
        yield from ((pictures, url) for url in pictures)


def whole(post: PostRecord, bodies: Bodies) -> Post:
    """The post itself, with its text."""
    return Post.model_validate_json(bodies.get(post.body))


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
        body=(0, 0),
        embedded={url: sha256(data).hexdigest() for url, data in parsed.embedded.items()},
        pictures={},
    )
    return record, body
