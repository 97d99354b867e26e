"""One more line of front matter, in the form that a source has it; no other byte changes: pure."""

import json
import re
from collections.abc import Sequence

from presswork.content import source
from presswork.content.front_matter.vocabulary import (
    ALIASES,
    AUTHORS,
    CATEGORIES,
    DATE,
    PERMALINK,
    URL,
    canonical,
)
from presswork.errors import Rejected

_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(rb"(?:[ \t]*+\r?\n)*+")
_FENCE = re.compile(rb"(-{3,}|\+{3})(?:yaml|yml|toml)?[ \t]*+(\r?\n)")
_HEADER = re.compile(rb"(?!\.\.)(\w[\w -]*+)[ \t]*+:[^\n]*+(\r?\n)")

_WISHES = frozenset((*PERMALINK, *URL))


def with_permalink(data: bytes, path: str) -> bytes | None:
    """The source with a line that says where its post stands; None where one is there."""
    return _with(data, "permalink", path, _WISHES)


def with_aliases(data: bytes, paths: Sequence[str]) -> bytes | None:
    """The source with a line of former addresses; None where one is there."""
    return _with(data, "aliases", list(paths), frozenset(ALIASES))


def with_date(data: bytes, date: str) -> bytes | None:
    """The source with a line that says its date; None where one is there."""
    return _with(data, "date", date, frozenset(DATE))


def with_category(data: bytes, name: str) -> bytes | None:
    """The source with a line that says its category; None where one is there."""
    return _with(data, "category", name, frozenset(CATEGORIES))


def with_author(data: bytes, name: str) -> bytes | None:
    """The source with a line that says its author; None where one is there."""
    return _with(data, "author", name, frozenset(AUTHORS))


def _with(data: bytes, key: str, value: object, others: frozenset[str]) -> bytes | None:
    """The source with a key that it has not; None for one that cannot have it."""
    try:
        data.decode()
        entries = source.read(data).entries
    except (UnicodeDecodeError, Rejected):
        return None
    if any(canonical(each) in others for each in entries):
        return None
    blank = _BLANK.match(data, len(_BOM) if data.startswith(_BOM) else 0)
    start = blank.end() if blank else 0
    found = _line(data, start, key, value, has_entries=bool(entries))
    return found and data[: found[0]] + found[1].encode() + data[found[0] :]


def _line(
    data: bytes, start: int, key: str, value: object, *, has_entries: bool
) -> tuple[int, str] | None:
    """What is to be put in, and where; None where the form is not known."""
    spelled = json.dumps(value, ensure_ascii=False)
    if not has_entries:
        return start, f"---\n{key}: {spelled}\n---\n\n"
    if fence := _FENCE.match(data, start):
        sign = " =" if fence[1].startswith(b"+") else ":"
        return fence.end(), f"{key}{sign} {spelled}{fence[2].decode()}"
    if data.startswith(b"{", start):
        return start + 1, f'"{key}": {spelled},'
    if header := _HEADER.match(data, start):
        text = ", ".join(value) if isinstance(value, list) else str(value)
        return start, f"{key.capitalize()}: {text}{header[2].decode()}"
    return None
