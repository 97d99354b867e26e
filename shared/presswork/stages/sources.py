"""Posts as they stood at one version of their source, and static files as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.parallel import in_parallel
from presswork.content import Parsed
from presswork.errors import RetryLater
from presswork.object import Content
from presswork.settings import Site

_KEPT = 8_000_000
"""How much HTML, text and embedded images are kept from one message to the next."""

_Key = tuple[str, str | None, str]


@dataclass(frozen=True)
class Version:
    """A version of a source, and what its post is made under.

    Its path was settled by parse: settings since then must neither refuse nor move it.
    """

    source: str
    version_id: str | None
    site: Site
    uploaded: datetime
    path: str


class SourceReader:
    """Reads and parses versions of sources; the newest are kept, since a version never changes.

    What is kept is replaced as a whole, so that threads may share a reader.
    """

    def __init__(self, bucket: ContentBucket) -> None:
        self._bucket = bucket
        self._kept: dict[_Key, tuple[Version, Parsed]] = {}

    def read(self, version: Version) -> Parsed:
        """The post at a version; RetryLater when that version is gone, as its own event follows."""
        (parsed,) = self.read_all([version])
        return parsed

    def read_all(self, versions: Iterable[Version]) -> list[Parsed]:
        """The posts at several versions: read side by side, and parsed one after another.

        Only the process's first thread can be interrupted by who takes too long.
        """
        versions, kept = list(versions), self._kept
        asked = [(each, kept.get(_key(each))) for each in versions]
        found = {_key(each): known[1] for each, known in asked if known and known[0] == each}
        new = [each for each in versions if _key(each) not in found]
        for each, data in zip(new, in_parallel(partial(self._get, v) for v in new), strict=True):
            found[_key(each)] = _parse(each, data)
        if new:
            self._keep({_key(each): (each, found[_key(each)]) for each in new})
        return [found[_key(each)] for each in versions]

    def _keep(self, new: dict[_Key, tuple[Version, Parsed]]) -> None:
        """Keeps these, and of the others the newest that there is room for."""
        kept = {key: each for key, each in self._kept.items() if key not in new}
        left = sum(_size(parsed) for _, parsed in kept.values())
        for key, (_, parsed) in list(kept.items()):
            if left <= _KEPT:
                break
            left -= _size(parsed)
            del kept[key]
        self._kept = kept | new

    def _get(self, version: Version) -> bytes:
        most = content.MAX_BYTES
        found = self._bucket.get(version.source, version_id=version.version_id, most=most)
        if found is None:
            raise RetryLater(f"version {version.version_id} of {version.source} is not there")
        return found.data

    def static(self, site_key: str) -> Content | None:
        """The static file that stands at a key of the site, unless it has too many bytes."""
        key, most = content.static_key(site_key), content.MAX_STATIC_BYTES
        found = self._bucket.get(key, most=most) if key is not None else None
        return found if found is not None and len(found.data) <= most else None


def _key(version: Version) -> _Key:
    return version.source, version.version_id, version.path


def _size(parsed: Parsed) -> int:
    return len(parsed.html) + len(parsed.text) + sum(map(len, parsed.embedded.values()))


def _parse(version: Version, data: bytes) -> Parsed:
    return content.parse(
        data,
        version.source,
        version.site,
        uploaded=version.uploaded,
        path=version.path,
        cpu_seconds=2 * content.CPU_SECONDS,  # parse took it: no page is to fail by a hair
    )
