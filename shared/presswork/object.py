"""The words for what lies in buckets: objects of the site, and of what authors wrote."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


def md5(body: bytes) -> str:
    """The MD5 of an object's bytes in hex, which its ETag is made of."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Object:
    """An object of the site, whole: its bytes, and what the bucket is told about them.

    Equal bytes mean equal metadata: stores compare by the MD5 of the body alone.
    """

    body: bytes
    content_type: str
    cache_control: str
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells its bytes from any others."""
        return md5(self.body)


@dataclass(frozen=True)
class Content:
    """One version of an object of ContentBucket."""

    data: bytes
    version_id: str
    etag: str
    last_modified: datetime


@dataclass(frozen=True)
class ListedObject:
    """An object of ContentBucket as a listing tells of it."""

    key: str
    etag: str
    size: int
