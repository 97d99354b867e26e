"""Static files: copied to the site as they are, taken away when they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork import content, site
from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import retry_on_conflict
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import Rejected
from presswork.events import Type
from presswork.object import Content, Object
from presswork.post import Error, Status
from presswork.stages.converge import converge
from presswork.state import Source


@dataclass(frozen=True)
class StaticFiles:
    """The part of render for what no post is made of: one object of the site for each file."""

    content: ContentBucket
    bucket: SiteBucket
    stores: Stores
    topic: Topic
    site_url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            ContentBucket.from_env(),
            SiteBucket.from_env(),
            Stores.from_env(),
            Topic.from_env(),
            variable("SITE_URL"),
        )

    def copy(self, key: str) -> None:
        """Makes the object of a static file what the file is now, and remembers why it is none."""
        source = retry_on_conflict(key, lambda: self._attempt(key))
        if source.error is not None:  # its author is told; no post has this id
            id = content.derived_id(key)
            self.topic.announce(Type.REJECTED, post=id, key=key, revision=source.lock_version)

    def _attempt(self, key: str) -> Source:
        before = self.stores.sources.read(key) or Source(key=key)
        found = self._find(key)
        error, place = None, None
        try:
            place = content.static_place(key)
            if found is not None:
                content.check_static_size(key, found.data)
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
        if place is not None:
            self._converge(key, place)
        return source

    def _find(self, key: str) -> Content | None:
        return self.content.get(key, most=content.MAX_STATIC_BYTES)

    def _converge(self, key: str, place: str) -> None:
        def read() -> tuple[Content | None, str]:
            base_url = self.stores.sites.read().effective(self.site_url).base_url
            return self._find(key), base_url if place == site.ROBOTS_KEY else ""

        def make(inputs: tuple[Content | None, str]) -> Mapping[str, Object]:
            found, base_url = inputs
            if found is not None and len(found.data) <= content.MAX_STATIC_BYTES:
                return {place: site.static_file(place, found.data)}
            return {place: site.robots(base_url)} if place == site.ROBOTS_KEY else {}

        converge(self.bucket, [place], read, make)


def _status(found: Content | None, error: Error | None) -> Status:
    if found is None:
        return Status.GONE
    return Status.LIVE if error is None else Status.REJECTED
