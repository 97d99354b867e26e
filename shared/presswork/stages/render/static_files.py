"""Static files: copied to the site as they are, taken away when they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork import content, site
from presswork.aws.buckets import Content, ContentBucket, SiteBucket
from presswork.aws.changed import Changed
from presswork.aws.sources import Sources
from presswork.aws.table import Table
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import Rejected, RetryLater
from presswork.events import Event, Type
from presswork.object import Object
from presswork.post import Error, Status
from presswork.stages.converge import converge
from presswork.state import Source

ROUNDS = 8


@dataclass(frozen=True)
class StaticFiles:
    """The part of render for what no post is made of: one object of the site for each file."""

    content: ContentBucket
    bucket: SiteBucket
    table: Table
    topic: Topic
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            ContentBucket.from_env(), SiteBucket.from_env(), Table.from_env(), Topic.from_env()
        )

    def copy(self, key: str) -> None:
        """Makes the object of a static file what the file is now, and remembers why it is none."""
        for _ in range(ROUNDS):
            before = Sources(self.table).read(key) or Source(key=key)
            found = self._find(key)
            error = None
            try:
                place = content.static_place(key)
                self._converge(key, place)
                if found is not None:
                    content.check_static_size(key, found.data)
            except Rejected as rejected:
                error = Error.of(rejected) if found is not None else None
            source = Source(
                key=key,
                lock=before.lock + 1,
                status=_status(found, error),
                version_id=found.version_id if found else None,
                etag=found.etag if found else None,
                error=error,
                gone_since=None if found else before.gone_since or self.clock(),
            )
            try:
                self.table.write(Sources(self.table).put(source))
            except Changed:
                continue
            if error is not None:
                self._announce(source)
            return
        raise RetryLater(f"{key} kept changing for {ROUNDS} rounds")

    def _find(self, key: str) -> Content | None:
        return self.content.get(key, most=content.MAX_STATIC_BYTES)

    def _converge(self, key: str, place: str) -> None:
        def make(found: Content | None) -> Mapping[str, Object]:
            if found is None or len(found.data) > content.MAX_STATIC_BYTES:
                return {}
            return {place: site.static_file(place, found.data)}

        converge(self.bucket, [place], lambda: self._find(key), make)

    def _announce(self, source: Source) -> None:
        """Tells the author; no post has this id."""
        event = Event.of(
            Type.REJECTED,
            post=content.derived_id(source.key),
            key=source.key,
            revision=source.lock,
            now=self.clock(),
        )
        self.topic.announce(event)


def _status(found: Content | None, error: Error | None) -> Status:
    if found is None:
        return Status.GONE
    return Status.LIVE if error is None else Status.REJECTED
