"""Which key of ContentBucket a request means: one below the prefix of its source."""

import hashlib
from unicodedata import category, is_normalized

from presswork.http_api import Refusal
from presswork.patterns import late

LONGEST_KEY = 1024
"""Bytes: Amazon S3 User Guide, "Naming Amazon S3 objects"."""

_LONGEST_NAME = 64
_SUFFIX = late(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
_UNUSUAL = late(r"[^A-Za-z0-9_-]")


def key_of(source: str, name: str | None, id: str, suffix: str) -> str:
    """The key that a request names, or one made of its id; with a suffix if it has none."""
    prefix = f"posts/hooks/{source}/"
    name = name or _named_after(id)
    key = name if name.startswith("posts/") else prefix + name
    if not _SUFFIX.search(key):
        key += suffix
    if not key.startswith(prefix):
        raise Refusal(
            403,
            f"This source may write below {prefix} only: name a key that begins so, or leave the "
            "folder away.",
        )
    if not _is_sound(key):
        raise Refusal(
            400,
            f"No post has a key such as {key!r}: name one of at most {LONGEST_KEY} bytes in "
            "Unicode's form NFC, without control characters, empty parts, and parts that begin "
            "with a dot.",
        )
    return key


def _named_after(id: str) -> str:
    """A file name of an id; two ids have two names."""
    name = _UNUSUAL.sub("-", id)
    if name == id and len(id) <= _LONGEST_NAME:
        return id
    return f"{name[:_LONGEST_NAME]}-{hashlib.sha256(id.encode()).hexdigest()[:16]}"


def _is_sound(key: str) -> bool:
    return (
        len(key.encode(errors="replace")) <= LONGEST_KEY
        and is_normalized("NFC", key)
        and all(part and not part.startswith(".") for part in key.split("/"))
        and not any(category(character) in ("Cc", "Cs") for character in key)
    )
