"""JSON front matter, as Hugo and Hexo write it, with the place of each key."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from presswork.content.front_matter.entries import (
    Entry,
    Place,
    bounded,
    plain_float,
    plain_integer,
    too_deep,
)
from presswork.errors import Rejected
from presswork.patterns import late

_BLANK = late(r"[ \t\n]*")
_FIXES = (
    ("property name", "Put double quotes around each key, and no comma behind the last entry."),
    ("':' delimiter", 'Write each entry as `"key": "value"`.'),
    ("',' delimiter", "Put a comma between two entries, and close every brace and bracket."),
    ("trailing comma", "Delete the comma behind the last entry."),
    ("control character", "Write a line break within text as \\n, and a tab as \\t."),
    ("Unterminated", "Close the quote that is opened here."),
    ("escape", "Write a backslash as two, \\\\."),
    ("Expecting value", "Put double quotes around text; write true, false and null without."),
)


class _UnfitError(ValueError):
    """A value that JSON as such would allow, or that Python would add to it."""


def load(text: str, *, area: str, first_line: int = 1) -> dict[str, Entry]:
    """The entries of a JSON object, its outermost braces there or not, and nothing behind it."""
    reading = _JsonReader(text, area, first_line)
    entries = reading.entries()
    blank = _BLANK.match(text, reading.at)
    if blank and blank.end() < len(text):
        reading.reject("There is text behind the last entry", blank.end())
    return entries


def leading(text: str, *, area: str, first_line: int = 1) -> tuple[dict[str, Entry], int]:
    """The entries of the JSON object that begins a text, and where that object ends."""
    reading = _JsonReader(text, area, first_line)
    return reading.entries(), reading.at


class _JsonReader:
    """One pass over an object, key by key, so that the place of each is known."""

    def __init__(self, text: str, area: str, first_line: int) -> None:
        self.at = 0
        self._text = text
        self._area = area
        self._first_line = first_line
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_without_duplicates,
            parse_int=plain_integer,
            parse_float=plain_float,
            parse_constant=_no_constant,
        )

    def entries(self) -> dict[str, Entry]:
        self._skip()
        braced = self._text.startswith("{", self.at)
        self.at += braced
        found: dict[str, Entry] = {}
        for key, place, value, start in self._pairs("}" if braced else ""):
            if key in found:
                raise Rejected(
                    f"{self._area}.duplicate-key",
                    *place,
                    f"The key {key[:40]!r} is given twice.",
                    "Keep the one you mean and delete the other.",
                )
            found[key] = Entry(key, value, *place, self._inner(value, start))
        return bounded(found.values(), self._area)

    def _inner(self, value: Any, start: int) -> dict[str, Place]:
        if not isinstance(value, dict):
            return {}
        end, self.at = self.at, start + 1
        places = {key: place for key, place, _, _ in self._pairs("}")}
        self.at = end
        return places

    def _pairs(self, close: str) -> Iterator[tuple[str, Place, Any, int]]:
        """Key, its place, value and its start, up to the closing brace or the end of the text."""
        self._skip()
        while not self._closes(close):
            place = self._place(self.at)
            if not self._text.startswith('"', self.at):
                self.reject("Expecting property name enclosed in double quotes", self.at)
            key = self._value()
            self._expect(":")
            start = self.at
            yield key, place, self._value(), start
            if not self._closes(close):
                comma = self.at
                self._expect(",")
                if self._closes(close):
                    self.reject("Illegal trailing comma", comma)
        self.at += len(close)

    def _closes(self, close: str) -> bool:
        return self._text.startswith(close, self.at) if close else self.at == len(self._text)

    def _value(self) -> Any:
        start = self.at
        try:
            value, self.at = self._decoder.raw_decode(self._text, self.at)
        except json.JSONDecodeError as error:
            self.reject(error.msg, error.pos)
        except _UnfitError as error:
            self.reject(str(error), start)
        except RecursionError as error:
            raise Rejected(f"{self._area}.depth", *self._place(self.at), *too_deep()) from error
        self._skip()
        return value

    def _expect(self, sign: str) -> None:
        if not self._text.startswith(sign, self.at):
            self.reject(f"Expecting '{sign}' delimiter", self.at)
        self.at += 1
        self._skip()

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self.at)
        self.at = blank.end() if blank else self.at

    def _place(self, at: int) -> Place:
        return (
            self._first_line + self._text.count("\n", 0, at),
            at - self._text.rfind("\n", 0, at),
        )

    def reject(self, problem: str, at: int) -> NoReturn:
        """Raises for what stands at an offset of the text."""
        fixes = (fix for sign, fix in _FIXES if sign in problem)
        raise Rejected(
            f"{self._area}.json",
            *self._place(at),
            f"JSON: {problem}.",
            next(fixes, 'Write each entry as `"key": "value"`, with commas between them.'),
        )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _UnfitError("A key is given twice in this value")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _UnfitError(f"{name} is no number of JSON")
