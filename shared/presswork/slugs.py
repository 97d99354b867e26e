"""Slugs: the readable last part of a page's path, in any script."""

import re
from unicodedata import category, combining, normalize

MAX_BYTES = 200

_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_ASCII_WORD = re.compile("[^a-z0-9]+")
_APOSTROPHES = re.compile("['’‘ʼ＇]")


def slugify(text: str) -> str:
    """Small letters, digits and hyphens of any script, NFC, at most 200 bytes; perhaps empty."""
    lowered = normalize("NFC", _APOSTROPHES.sub("", normalize("NFC", text)).lower())
    if lowered.isascii():
        return _cut(_NO_ASCII_WORD.sub("-", lowered).strip("-"))
    kept = "".join(each if category(each)[0] in "LMN" else " " for each in lowered)
    return _cut("-".join(kept.split()))


def ascii_slug(text: str) -> str:
    """As `slugify`, in the letters of ASCII alone: by sound where the script is another."""
    if text.isascii():
        return slugify(text)
    from anyascii import anyascii  # noqa: PLC0415  only sites that ask for it wait for its tables

    apart = _IDEOGRAPH.sub(lambda one: f" {one[0]} ", _APOSTROPHES.sub("", normalize("NFC", text)))
    return slugify(anyascii(apart))


def _cut(slug: str) -> str:
    if len(slug.encode()) <= MAX_BYTES:
        return slug
    cut = slug.encode()[:MAX_BYTES].decode(errors="ignore")
    end = len(cut)
    while end and combining(slug[end]):
        end -= 1
    return slug[:end].rstrip("-")
