"""What front matter of any dialect is read into: entries with their places, within bounds."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from presswork.errors import Rejected
from presswork.patterns import late
from presswork.settings import names_secret

MAX_NODES = 10_000
MAX_DEPTH = 32

_DIGITS = 15
"""Whole numbers of so many digits are the same in every reader of JSON."""
_SURROGATE = late("[\ud800-\udfff]")

Place = tuple[int, int]
"""A line and a column, counted from 1."""


class Comment(NamedTuple):
    """What stands from a hash sign to the end of a line, and where."""

    text: str
    line: int


class Entry(NamedTuple):
    """A value of the outermost mapping, and where its key stands in the file.

    `inner` tells where the keys stand of a value that is a map itself, `comment` is the first that
    ends an unquoted text in the value.
    """

    key: str
    value: Any
    line: int
    column: int
    inner: Mapping[str, Place] = MappingProxyType({})
    comment: Comment | None = None


def bounded(found: Iterable[Entry], area: str) -> dict[str, Entry]:
    """The entries with values that JSON can hold; too many or too deep ones are rejected.

    Times become text in ISO 8601, and numbers that others would read otherwise stay text.
    """
    count = _Count(area)
    return {
        entry.key: Entry(entry.key, count.plain(entry, 2), entry.line, entry.column, entry.inner)
        for entry in found
    }


def without_secrets(value: Any) -> Any:
    """A plain value without what stands, however deep, under a key that names a secret."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if not names_secret(key)}
        return {key: without_secrets(each) for key, each in kept.items()}
    return [without_secrets(each) for each in value] if isinstance(value, list) else value


def plain_integer(text: str) -> int | str:
    """A whole number as such if every reader can hold it, else its digits."""
    return int(text) if len(text.lstrip("-")) <= _DIGITS else text


def plain_float(text: str) -> float | str:
    """A fraction as a number if that is spelled the same, else as it is written."""
    number = float(text)
    return number if str(number) == text else text


class _Count:
    """Counts the values of one front matter while it makes them plain."""

    def __init__(self, area: str) -> None:
        self._area = area
        self._nodes = 1

    def plain(self, entry: Entry, depth: int) -> Any:
        self._nodes += 1  # the key
        return self._plain(entry, entry.value, depth)

    def _plain(self, at: Entry, value: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._reject(at, "nodes", *too_many())
        if depth > MAX_DEPTH:
            self._reject(at, "depth", *too_deep())
        if isinstance(value, dict):
            self._nodes += len(value)
            return {
                self._text(at, key): self._plain(at, inner, depth + 1)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._plain(at, inner, depth + 1) for inner in value]
        return self._text(at, value) if isinstance(value, str) else _scalar(value)

    def _text(self, at: Entry, text: str) -> str:
        if _SURROGATE.search(text):
            self._reject(
                at,
                "character",
                "Half of a character stands here, as an escape that begins with \\ud.",
                "Write the character itself.",
            )
        return text

    def _reject(self, at: Entry, rule: str, message: str, fix: str) -> NoReturn:
        raise Rejected(f"{self._area}.{rule}", at.line, at.column, message, fix)


def too_many() -> tuple[str, str]:
    """The message and the fix for more than `MAX_NODES` values."""
    return (
        f"There are more than {MAX_NODES:,} values, repeated ones counted.",
        "Keep data that is not about the post out of it.",
    )


def too_deep() -> tuple[str, str]:
    """The message and the fix for values deeper than `MAX_DEPTH`."""
    return f"Values are nested more than {MAX_DEPTH} deep.", "Flatten the structure."


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**_DIGITS else str(value)
    return value if math.isfinite(value) else str(value)
