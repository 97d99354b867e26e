"""The words for what lies in buckets: objects of the site, and of what authors wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Object:
    """An object of the site, whole: its bytes, and what the bucket is told about them.

    Equal bytes mean equal metadata: stores compare by the MD5 of the body alone.
    """

    body: bytes
    content_type: str
    cache_control: str
    metadata: Mapping[str, str] = field(default_factory=dict)


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
