"""Static files: copied to the site as they are, unless a post claims their place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.conflicts import retry_on_conflict
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import Rejected
from presswork.events import Type
from presswork.object import Content
from presswork.post import Error, Status
from presswork.site_keys import path_of
from presswork.stages.render.stage import Render
from presswork.state import Source


@dataclass(frozen=True)
class StaticFiles:
    """The part of render for what no post is made of: one object of the site for each file."""

    content: ContentBucket
    render: Render
    stores: Stores
    topic: Topic
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls, render: Render) -> Self:
        """The stage as the template wires it."""
        return cls(ContentBucket.from_env(), render, Stores.from_env(), Topic.from_env())

    def copy(self, key: str, *, bulk: bool = False) -> None:
        """Makes the object of a static file what the file is now, and remembers why it is none."""
        source = retry_on_conflict(key, lambda: self._attempt(key))
        if source.error is not None:  # its author is told; no post has this id
            id = content.derived_id(key)
            self.topic.announce(
                Type.REJECTED, post=id, key=key, revision=source.lock_version, bulk=bulk
            )

    def _attempt(self, key: str) -> Source:
        before = self.stores.sources.read(key) or Source(key=key)
        found = self._find(key)
        error = None
        try:
            place = content.static_place(key)
            is_shown = self.render.make_file(place)
            if found is not None:
                content.check_static_size(key, found.data)
                error = None if is_shown else self._claimed(place)
        except Rejected as rejected:
            error = Error.of(rejected) if found is not None else None
        source = Source(
            key=key,
            lock_version=before.lock_version + 1,
            status=_status(found, error),
            version_id=found.version_id if found else None,
            etag=found.etag if found else None,
            error=error,
            gone_since=None if found else before.gone_since or self.clock(),
            pending=before.pending,
        )
        self.stores.write(self.stores.sources.put(source))
        return source

    def _find(self, key: str) -> Content | None:
        return self.content.get(key, most=content.MAX_STATIC_BYTES)

    def _claimed(self, place: str) -> Error | None:
        """Why a file is not shown: somebody claims its address."""
        holder = self.stores.claims.read(path_of(place))
        return Error.of(content.static_claimed(place, holder.source)) if holder else None


def _status(found: Content | None, error: Error | None) -> Status:
    if found is None:
        return Status.GONE
    if error is None:
        return Status.LIVE
    return Status.WAITING if error.rule == content.STATIC_CLAIMED else Status.REJECTED
