"""Posts as they stood at one version of their source, and static files as they are."""

from datetime import datetime

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.content import Parsed
from presswork.errors import RetryLater
from presswork.object import Content
from presswork.settings import Site

_Asked = tuple[str, str | None, Site, datetime, str]


class SourceReader:
    """Reads and parses versions of sources; the last one is kept, since a version never changes."""

    def __init__(self, bucket: ContentBucket) -> None:
        self._bucket = bucket
        self._last: tuple[_Asked, Parsed] | None = None

    def read(
        self, source: str, version_id: str | None, site: Site, uploaded: datetime, path: str
    ) -> Parsed:
        """The post at a version; RetryLater when that version is gone, as its own event follows.

        Its path was settled by parse: settings since then must neither refuse nor move it.
        """
        asked = (source, version_id, site, uploaded, path)
        if self._last is not None and self._last[0] == asked:
            return self._last[1]
        found = self._bucket.get(source, version_id=version_id, most=content.MAX_BYTES)
        if found is None:
            raise RetryLater(f"version {version_id} of {source} is not there")
        parsed = content.parse(
            found.data,
            source,
            site,
            uploaded=uploaded,
            path=path,
            cpu_seconds=2 * content.CPU_SECONDS,  # parse took it: no page is to fail by a hair
        )
        self._last = (asked, parsed)
        return parsed

    def static(self, site_key: str) -> Content | None:
        """The static file that stands at a key of the site, unless it has too many bytes."""
        key, most = content.static_key(site_key), content.MAX_STATIC_BYTES
        found = self._bucket.get(key, most=most) if key is not None else None
        return found if found is not None and len(found.data) <= most else None
