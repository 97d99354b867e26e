"""YAML as people mean it: plain values read as in YAML 1.2, and nothing that acts or surprises.

`no`, `12:30`, `017`, `3.10` and dates stay text. A number is a number only where it is spelled the
one way that gives it back, so nothing an author wrote is lost.
"""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from presswork.content.characters import uncommon
from presswork.content.front_matter.entries import (
    MAX_DEPTH,
    MAX_NODES,
    Comment,
    Entry,
    Place,
    plain_float,
    plain_integer,
    too_deep,
    too_many,
)
from presswork.content.front_matter.yaml_mistakes import Mark, mistake, not_an_entry
from presswork.errors import Rejected
from presswork.patterns import late

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER = late(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_UNPRINTABLE = late("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAIR = late(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
"""A character beyond U+FFFF as JSON escapes it, in two halves, which libyaml refuses."""
_PAIR_OR_ESCAPE = late(rf"{_PAIR.pattern}|\\.", re.DOTALL)
_REST_OF_STRING = late(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_MOST_MENDED = 32
"""How many strings with such characters are mended: each takes another pass."""
_SHORT = 40
_INNER = 2
"""The depth of what stands in a value of the outermost mapping."""
_YAML_1_1_BREAKS = "\x85\u2028\u2029"


def load(text: str, *, area: str, first_line: int = 1) -> dict[str, Entry]:
    """The entries of a YAML mapping; inner values are str, bool, int, float, None, list or dict.

    `area` begins the names of the rules that a text may break; `first_line` is where it begins in
    its file.
    """
    if not text.isascii():
        for line_end in _YAML_1_1_BREAKS:
            text = text.replace(line_end, " ")
    for _ in range(_MOST_MENDED):
        try:
            return _YamlReader(text, area, first_line).entries()
        except Rejected as rejected:
            mended = _with_whole_characters(text, rejected.__cause__)
            if mended is None:
                raise
            text = mended
    return _YamlReader(text, area, first_line).entries()


def _with_whole_characters(text: str, error: object) -> str | None:
    """The text with one escape for each character that has two in the string of an `error`.

    None where that is not what is wrong.
    """
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return None
    start = error.problem_mark.index - len(r"\u")
    if start < 0 or not _PAIR.match(text, start):
        return None
    rest = _REST_OF_STRING.match(text, start)
    end = rest.end() if rest else start
    return text[:start] + _PAIR_OR_ESCAPE.sub(_whole, text[start:end]) + text[end:]


def _whole(escape: re.Match[str]) -> str:
    high, low = escape.groups()
    if high is None:
        return escape[0]
    pair = f"{high}{low}"
    return f"\\U{ord(bytes.fromhex(pair).decode('utf-16-be')):08X}"


class _YamlReader:
    """One pass over the events of one text; nesting is bounded before it is followed."""

    def __init__(self, text: str, area: str, first_line: int) -> None:
        self._text = text
        self._area = area
        self._first_line = first_line
        self._nodes = 0
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._inner: dict[str, Place] = {}
        self._lines = text.split("\n") if "#" in text else []
        self._comment: Comment | None = None

    def entries(self) -> dict[str, Entry]:
        self._refuse_unprintable()
        parser = LOADER(self._text)
        # Methods of the parser itself: events by the generator of `yaml.parse` take twice as long.
        self._next = parser.get_event
        try:
            self._next()  # the start of the stream
            if type(self._next()) is yaml.StreamEndEvent:
                return {}
            entries = self._outermost()
            self._next()  # the end of the document
            more = self._next()
        except yaml.YAMLError as error:
            self._reject_syntax(error)
        finally:
            parser.dispose()
        if type(more) is not yaml.StreamEndEvent:
            self._reject("documents", more, "There is a second YAML document.", "Keep only one.")
        return entries

    def _outermost(self) -> dict[str, Entry]:
        first = self._next()
        if type(first) is yaml.ScalarEvent and first.value in _NULLS:
            return {}
        if type(first) is not yaml.MappingStartEvent:
            line, column, message, fix = not_an_entry(self._text.split("\n"), first.start_mark.line)
            raise Rejected(
                f"{self._area}.mapping", self._first_line + line, column + 1, message, fix
            )
        self._admit(first, 1)
        entries: dict[str, Entry] = {}
        for key, value, event in self._pairs(1):
            inner, self._inner = self._inner, {}
            comment, self._comment = self._comment, None
            entries[key] = Entry(key, value, *self._place(event), inner, comment)
        return entries

    def _pairs(self, depth: int) -> Iterator[tuple[str, Any, Any]]:
        seen: set[str] = set()
        while type(event := self._next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                self._reject(
                    "key",
                    event,
                    "A list or a map stands where a key should.",
                    "Put quotes around a value that begins with a brace or a bracket.",
                )
            self._admit(event, depth + 1)
            if event.value in seen:
                self._reject(
                    "duplicate-key",
                    event,
                    f"The key {_shortened(event.value)!r} is given twice.",
                    "Keep the one you mean and delete the other.",
                )
            seen.add(event.value)
            yield event.value, self._value(self._next(), depth + 1), event

    def _value(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._aliased(event, depth)
        before = self._nodes
        self._admit(event, depth)
        value: Any
        if kind is yaml.ScalarEvent:
            value = _scalar(event)
            if self._lines and not event.style and self._comment is None:
                self._comment = self._comment_behind(event.end_mark)
        elif kind is yaml.MappingStartEvent:
            value = {}
            for key, inner, at in self._pairs(depth):
                value[key] = inner
                if depth == _INNER:
                    self._inner[key] = self._place(at)
        else:
            value = []
            while type(inner := self._next()) is not yaml.SequenceEndEvent:
                value.append(self._value(inner, depth + 1))
        if event.anchor:
            self._anchors[event.anchor] = value, self._nodes - before
        return value

    def _comment_behind(self, mark: Any) -> Comment | None:
        rest = self._lines[mark.line][mark.column :] if mark.line < len(self._lines) else ""
        text = rest.strip()
        return Comment(text, self._first_line + mark.line) if text.startswith("#") else None

    def _aliased(self, event: Any, depth: int) -> Any:
        anchor = event.anchor or ""
        if anchor not in self._anchors:
            self._reject(
                "alias",
                event,
                f"*{_shortened(anchor)} refers to nothing.",
                "Put quotes around a value that begins with *.",
            )
        value, size = self._anchors[anchor]
        self._count(event, size, depth + _height(value) - 1)
        return value

    def _admit(self, event: Any, depth: int) -> None:
        self._count(event, 1, depth)
        if event.tag is not None:
            self._reject(
                "tag",
                event,
                f"The tag {_shortened(event.tag)!r} is not allowed.",
                "Remove the tag, or put quotes around a value that begins with !.",
            )

    def _count(self, event: Any, nodes: int, depth: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._reject("nodes", event, *too_many())
        if depth > MAX_DEPTH:
            self._reject("depth", event, *too_deep())

    def _refuse_unprintable(self) -> None:
        found = _UNPRINTABLE.search(uncommon(self._text))
        if found:
            at = self._text.index(found[0])
            raise Rejected(
                f"{self._area}.character",
                self._first_line + self._text.count("\n", 0, at),
                at - self._text.rfind("\n", 0, at),
                f"The control character U+{ord(found[0]):04X} is not allowed here.",
                "Delete the invisible character.",
            )

    def _reject(self, rule: str, event: Any, message: str, fix: str) -> NoReturn:
        raise Rejected(f"{self._area}.{rule}", *self._place(event), message, fix)

    def _place(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return (self._first_line + mark.line, mark.column + 1) if mark else (self._first_line, 1)

    def _reject_syntax(self, error: yaml.YAMLError) -> NoReturn:
        problem = getattr(error, "problem", None) or "unreadable"
        marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
        at, start = (Mark(each.line, each.column) if each else None for each in marks)
        found = mistake(self._text, problem, at, start) if at else None
        context = f" ({during})" if (during := getattr(error, "context", None)) else ""
        line, column, message, fix = found or (
            *(at or Mark(0, 0)),
            f"YAML: {problem}{context}.",
            "Put quotes around the value, or write it on one line.",
        )
        last = self._text.count("\n")  # a parser may stop behind it
        raise Rejected(
            f"{self._area}.yaml", self._first_line + min(line, last), column + 1, message, fix
        ) from error


def _scalar(event: yaml.ScalarEvent) -> str | bool | int | float | None:
    text: str = event.value
    if event.style:  # quoted, literal or folded
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if not _NUMBER.fullmatch(text) or text == "-0":
        return text
    return plain_float(text) if "." in text else plain_integer(text)


def _height(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_height(each) for each in inner), default=0)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
