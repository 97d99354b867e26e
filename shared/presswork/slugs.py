"""Slugs: the readable last part of a page's path, of a title or to the letter."""

import re
from unicodedata import category, combining, normalize

from presswork.invisible import visible
from presswork.patterns import late

MAX_BYTES = 200

_IDEOGRAPH = late("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_ASCII_WORD = late("[^a-z0-9]+")
_NOT_IN_PATHS = late(
    '[\\s\x00-\x1f\x7f-\x9f"#%*/:<>?\\[\\\\\\]^`{|}\u2028\u2029\ufffd\ud800-\udfff]+'
)
"""Blanks, and what URLs spell in percent signs or mean otherwise."""
_DIGITS = (
    "(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    "|[0-9]++(?![a-f])|(?=[a-f]*+[0-9])[0-9a-f]{8,}+)"
)
_MACHINE = late(rf"{_DIGITS}(?:[-_.]{_DIGITS})*+|msg_[0-9a-z]++", re.IGNORECASE)
_MARKS_OF_NOTHING = late("^[\u0300-\u036f\ufe00-\ufe0f]++")
"""What is left of a picture that is no letter: the choice of its form, or an accent."""
_APOSTROPHES = late("['’‘ʼ＇]")


def slugify(text: str) -> str:
    """Small letters, digits and hyphens of any script, NFC, at most 200 bytes; perhaps empty."""
    plain = _APOSTROPHES.sub("", normalize("NFC", visible(text)))
    lowered = normalize("NFC", plain.lower())
    if lowered.isascii():
        return cut(_NO_ASCII_WORD.sub("-", lowered).strip("-"))
    kept = "".join(each if category(each)[0] in "LMN" else " " for each in lowered)
    words = [_MARKS_OF_NOTHING.sub("", word) for word in kept.split()]
    return cut("-".join(filter(None, words)))


def ascii_slug(text: str) -> str:
    """As `slugify`, in the letters of ASCII alone: by sound where the script is another."""
    return slugify(text if text.isascii() else ascii_letters(_APOSTROPHES.sub("", text)))


def ascii_letters(text: str) -> str:
    """A text in the letters of ASCII alone, by sound where the script is another."""
    if text.isascii():
        return text
    from anyascii import anyascii  # noqa: PLC0415  only sites that ask for it wait for its tables

    composed = normalize("NFC", text)
    apart = _IDEOGRAPH.sub(lambda one: f" {anyascii(one[0]).lower()} ", composed)
    return str(anyascii(apart))


def to_the_letter(text: str) -> str:
    """A text as one part of a path, NFC: only what such a part cannot hold is left out.

    Hyphens stand for it between words. No part begins with a dot, or ends like a page's file.
    """
    words = _NOT_IN_PATHS.split(visible(normalize("NFC", text)))
    if len(words) > 1:
        words = [word for each in words if (word := each.strip("-")).strip(".")]
    part = "-".join(words).lstrip(".")
    while part.endswith((".html", ".htm")):
        part = part.rpartition(".")[0]
    return part


def is_of_a_machine(name: str) -> bool:
    """Whether a file's name tells readers nothing: digits, hexadecimal ones, a UUID, no letter.

    Nor does the id of a webhook's message, which names what is sent without a name.
    """
    return _MACHINE.fullmatch(name) is not None or not any(map(str.isalnum, name))


def cut(slug: str) -> str:
    """A slug of at most 200 bytes, cut between characters."""
    if len(slug.encode()) <= MAX_BYTES:
        return slug
    cut = slug.encode()[:MAX_BYTES].decode(errors="ignore")
    end = len(cut)
    while end and combining(slug[end]):
        end -= 1
    return slug[:end].rstrip("-")
