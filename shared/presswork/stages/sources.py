"""Posts as they stood at one version of their source."""

from datetime import datetime

from presswork.aws.buckets import ContentBucket
from presswork.content import MAX_BYTES, Parsed, parse
from presswork.errors import RetryLater
from presswork.settings import Site

_Asked = tuple[str, str | None, Site, datetime]


class SourceReader:
    """Reads and parses versions of sources; the last one is kept, since a version never changes."""

    def __init__(self, content: ContentBucket) -> None:
        self._content = content
        self._last: tuple[_Asked, Parsed] | None = None

    def read(self, source: str, version_id: str | None, site: Site, uploaded: datetime) -> Parsed:
        """The post at a version; RetryLater when that version is gone, as its own event follows."""
        asked = (source, version_id, site, uploaded)
        if self._last is not None and self._last[0] == asked:
            return self._last[1]
        found = self._content.get(source, version_id=version_id, most=MAX_BYTES)
        if found is None:
            raise RetryLater(f"version {version_id} of {source} is not there")
        # Its path was settled by parse: a permalink that was set since must not refuse it.
        settled = site.model_copy(update={"permalink": Site().permalink})
        parsed = parse(found.data, source, settled, uploaded=uploaded)
        self._last = (asked, parsed)
        return parsed
