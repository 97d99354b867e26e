"""Slugs: the readable last part of a page's path, in any script."""

import re
from unicodedata import category, combining, normalize

MAX_BYTES = 200

_APOSTROPHES = re.compile("['’‘ʼ＇]")


def slugify(text: str) -> str:
    """Small letters, digits and hyphens of any script, NFC, at most 200 bytes; perhaps empty."""
    lowered = normalize("NFC", _APOSTROPHES.sub("", normalize("NFC", text)).lower())
    kept = "".join(each if category(each)[0] in "LMN" else " " for each in lowered)
    return _cut("-".join(kept.split()))


def _cut(slug: str) -> str:
    if len(slug.encode()) <= MAX_BYTES:
        return slug
    cut = slug.encode()[:MAX_BYTES].decode(errors="ignore")
    end = len(cut)
    while end and combining(slug[end]):
        end -= 1
    return slug[:end].rstrip("-")
