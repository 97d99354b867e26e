"""The rows that the cache of a build keeps in its index, which every build reads."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from presswork_cli.offline.cache import Bodies, Place, Row
from presswork_cli.offline.signature import Signature, is_settled


class Kept(NamedTuple):
    """A source: its signature, where the rest of it stands among the bodies, and what became of it.

    `settled` says that the signature tells whether it is still the same. `record` is what it says,
    `body` its post, `pictures` are the images in it, `built` is what is answered of it.
    """

    signature: tuple[int, ...]
    settled: bool
    record: Place | None
    body: Place | None
    pictures: dict[str, Place]
    built: Place | None = None
    state: tuple[Any, ...] | None = None


class SourceRecord(NamedTuple):
    """What a source says.

    `dated` says that its post may have the date of the file. `lines` are those on which references
    stand, as far as they were looked for.
    """

    key: str
    digest: str
    dated: bool
    repairs: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    error: dict[str, Any] | None
    post: list[Any] | None
    lines: dict[str, int | None]


BUILT = Kept._fields.index("built")
_PLACES = tuple(Kept._fields.index(name) for name in ("record", "body", "built"))
_PICTURES = Kept._fields.index("pictures")


def record_of(kept: Kept, bodies: Bodies) -> SourceRecord:
    """The record of a row."""
    return SourceRecord(*json.loads(bodies.get(kept.record or (0, 0))))


def as_before(known: Kept, record: SourceRecord, signature: Signature, data: bytes) -> Kept | None:
    """The row of a source whose bytes are the same; None for others, or with another date."""
    if sha256(data).hexdigest() != record.digest:
        return None
    seconds = (each // 1_000_000_000 for each in (known.signature[1], signature.modified))
    if record.dated and len(set(seconds)) > 1:
        return None
    return known._replace(signature=tuple(signature), settled=is_settled(signature))


def places(row: Row) -> Iterator[tuple[Any, Any]]:
    """Where the row of a source tells of bodies: each container, and the index or key in it."""
    for at in _PLACES:
        if row[at] is not None:
            yield row, at
    for url in row[_PICTURES]:
        yield row[_PICTURES], url


class State(NamedTuple):
    """What became of a source in the site, as far as others and the whole depend on it.

    Of what is answered of it: its `status`, how many images are `owed`, how often it is `warned`,
    and whether a person is `told`. Its status changes at some `moments`, in microseconds.

    It needs its `claims`; others may link to its `target` by its `handles`. It `refers` to handles
    and paths of others, and its links lead to `addresses`. It has `images`, by their jobs, and its
    own files were `looked` for, each found or not. `entry` is its place in the plan.
    """

    status: str
    owed: int
    warned: int
    told: bool
    moments: tuple[int, ...]
    claims: tuple[str, ...]
    target: tuple[str, str, str] | None
    handles: tuple[str, ...]
    refers: tuple[str, ...]
    addresses: dict[str, str]
    images: tuple[str, ...]
    looked: tuple[tuple[str, bool], ...]
    entry: tuple[Any, ...] | None

    @property
    def public(self) -> tuple[object, ...]:
        """What others may see of it."""
        return self.claims, self.target, self.handles


Folders = dict[str, tuple[tuple[int, ...], tuple[str, ...] | None]]
"""Folders with their signatures, and the names in one whose signature does not tell of them yet."""


class Whole(NamedTuple):
    """What a build was of: the `words` of its command, and how the `files` looked that it read.

    So did those that posts name themselves, in `own`. Between the moments `since` and `until` no
    status changes. OUT has its `folders`, and `stale` files that are not of the site; that has its
    address at `site`. Nothing `collides` where no source waits, and no key has given way.
    The cache had so many `bodies`, in bytes, when all were needed. Only by its `layout` is it known
    whether the rest is what it seems.
    """

    layout: str
    words: tuple[str, ...]
    files: tuple[str, ...]
    seen: bytes
    own: bytes
    since: int
    until: int
    folders: Folders
    stale: tuple[str, ...]
    site: str
    collides: bool
    bodies: int


LAYOUT = " ".join((*Kept._fields, *State._fields, *Whole._fields))
"""What the rows of another software may not have."""
