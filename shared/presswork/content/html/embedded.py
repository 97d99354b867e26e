"""Images whose bytes stand in a post as a `data:` URI, and the names that stand for them: pure."""

import base64
import binascii
import hashlib
import re
from urllib.parse import unquote_to_bytes

from presswork.patterns import late

SHORTEST = 133
"""A `data:` URI shorter than this holds no picture (the limit of Mozilla's Readability)."""

_SCHEME = "ni:///sha-256;"
_URI = late(r"\s*data:([^,]*),", re.IGNORECASE)
_BASE64 = late(r";\s*base64\s*\Z", re.IGNORECASE)
_BLANKS = late(rb"[\t\n\f\r ]+")
_LONGEST_SPELLING = 100


def is_embedded(spelling: str) -> bool:
    """Whether an address carries the bytes themselves."""
    return spelling[:16].lstrip()[:5].lower() == "data:"


def is_name(url: str) -> bool:
    """Whether an address is one that `name_of` gave."""
    return url.startswith(_SCHEME)


def name_of(data: bytes) -> str:
    """What stands for these bytes: `ni:///sha-256;…` (RFC 6920), the same in every post."""
    digest = hashlib.sha256(data).digest()
    return _SCHEME + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def bytes_of(uri: str) -> bytes | None:
    """The bytes of a `data:` URI as browsers read it; None where it is none, or is too short.

    Blanks in Base64 and a missing end do not matter (Fetch Standard, "data: URLs").
    """
    found = _URI.match(uri)
    if found is None or len(uri.strip()) < SHORTEST:
        return None
    body = unquote_to_bytes(uri[found.end() :].partition("#")[0])
    if not _BASE64.search(found[1]):
        return body
    packed = _BLANKS.sub(b"", body).rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return None


def shortened(uri: str) -> str:
    """A `data:` URI for people to read."""
    return uri if len(uri) <= _LONGEST_SPELLING else uri[: _LONGEST_SPELLING - 1] + "…"
