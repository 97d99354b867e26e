"""The word for what readers fetch: one object of the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Object:
    """An object of the site, whole: its bytes, and what the bucket is told about them.

    Equal bytes mean equal metadata: stores compare by the MD5 of the body alone.
    """

    body: bytes
    content_type: str
    cache_control: str
    metadata: Mapping[str, str] = field(default_factory=dict)
