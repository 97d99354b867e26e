"""What authors get wrong in YAML, told in their words and with the line as it should be."""

import re
from collections.abc import Callable
from typing import NamedTuple

from presswork.patterns import late

_ENTRY = late(
    r"(?P<indent>[ \t]*+(?:-[ \t]++)*+)"
    r"(?P<key>[^\s:#'\"](?:[^:]*[^\s:])?)[ \t]*+:[ \t]++(?P<value>.*)"
)
_UNSPACED = late(
    r"[ \t]*(?P<key>\w[\w-]*)(?P<colon>:\u00a0|[:：=]|[ \t]+=)(?!//)[ \t]*(?P<value>.*)"
)
_ITEM = late(r"([ \t]*)-(?:[ \t]|\Z)")
_LONGEST = 60


class Mistake(NamedTuple):
    """What is wrong where, and what to write; line and column count from 0 in the text."""

    line: int
    column: int
    message: str
    fix: str


class Mark(NamedTuple):
    """A place in a text, counted from 0."""

    line: int
    column: int


class _Found(NamedTuple):
    """What there is to judge by: the lines, where a parser stopped, where its token began."""

    lines: list[str]
    at: Mark
    start: Mark
    entry: re.Match[str] | None


def mistake(text: str, problem: str, at: Mark, start: Mark | None) -> Mistake | None:
    """What an author did for a parser to have this `problem`; `start` is where its token began."""
    lines = [*text.split("\n"), "", ""]  # a parser may stop behind the last line
    here = lines[at.line]
    if "\t" in here[: _depth(here)]:
        return Mistake(
            *at,
            "The line is indented with a tab.",
            "Indent with spaces: as many for each entry of the same list.",
        )
    found = _Found(lines, at, start or at, _ENTRY.match(here))
    judge = next((judge for sign, judge in _JUDGES if sign in problem), _first_character)
    return judge(found)


def not_an_entry(lines: list[str], number: int) -> Mistake:
    """What is wrong with a line that has no key, a colon, and a blank."""
    line = lines[number] if number < len(lines) else ""
    column = len(line) - len(line.lstrip())
    found = _UNSPACED.match(line)
    if not found:
        return Mistake(
            number,
            column,
            "The line is no entry: it has no key with a colon and a blank behind it.",
            "Write each entry as `key: value`, one to a line; indent a line that goes on.",
        )
    colon = found["colon"].strip(" \t")
    wrong = {
        ":": "There is no blank behind the colon.",
        "=": "An equals sign stands where YAML has a colon.",
        "：": "The colon is the wide one of East Asian scripts.",
    }.get(colon, "The blank behind the colon is a non-breaking one.")
    value = found["value"].strip()
    return Mistake(
        number,
        found.start("colon"),
        wrong,
        f"Write {_line(found['key'], value)}." if value else "Write `key: value`.",
    )


def quoted_entry(key: str, text: str) -> str:
    """How an entry is written whose value is a text with marks of YAML in it."""
    return _line(key, _quoted(text))


def _no_entry(found: _Found) -> Mistake:
    return not_an_entry(found.lines, found.start.line)


def _colon(found: _Found) -> Mistake | None:
    lines, at, _, entry = found
    if entry and entry.start("value") < at.column:
        value = entry["value"]
        typographic = value[0] in "“„«‘"
        quotes = " Typographic quotation marks do not count as quotes." if typographic else ""
        return Mistake(
            *at,
            f"The value of {_short(entry['key'])} has a colon with a blank behind it.{quotes}",
            f"Put quotes around all of it: {_quoted_line(entry)}.",
        )
    above = lines[at.line - 1] if at.line else ""
    if above.strip() and _depth(lines[at.line]) > _depth(above):
        return Mistake(
            *at,
            "The line is indented further than the one above it, which has a value already.",
            "Begin it in the same column as the line above.",
        )
    return None


def _no_key(found: _Found) -> Mistake:
    return _open_quote(found) or _beyond_the_value(found) or _misaligned(found)


def _open_quote(found: _Found) -> Mistake | None:
    """A quote that a line above opened, and that a quote further down seemed to close."""
    for number in range(found.at.line - 1, -1, -1):
        entry = _ENTRY.match(found.lines[number])
        if entry and entry["value"][:1] in ("'", '"'):
            quote = entry["value"][0]
            if entry["value"].count(quote) > 1:
                return None
            return Mistake(
                number,
                entry.start("value"),
                "The quote that is opened here is not closed on its line.",
                f"Close it: `{_short(entry['key'])}: {_short(entry['value'])}{quote}`.",
            )
    return None


def _beyond_the_value(found: _Found) -> Mistake | None:
    entry = found.entry
    first = entry["value"][:1] if entry else ""
    if entry and first in ("'", '"'):
        return Mistake(
            *found.at,
            f"Text stands behind the quote that closes the value of {_short(entry['key'])}.",
            f"Put one pair of quotes around all of it: {_quoted_line(entry)}.",
        )
    if entry and first in ("[", "{"):
        return Mistake(
            *found.at,
            f"The value of {_short(entry['key'])} begins as a list or a map, and goes on as text.",
            f"Put quotes around all of it: {_quoted_line(entry)}.",
        )
    return None


def _misaligned(found: _Found) -> Mistake:
    if _ITEM.match(found.lines[found.at.line]):
        return Mistake(
            *found.at,
            "The hyphen does not stand below that of the entry above.",
            "Begin all entries of a list in the same column.",
        )
    return Mistake(
        *found.at,
        "The line does not begin where the entries above it do.",
        "Begin all keys of a list in the same column.",
    )


def _too_far_left(found: _Found) -> Mistake:
    return Mistake(
        *found.at,
        "The line begins further left than the ones above it.",
        "Begin all keys in the first column.",
    )


def _never_closed(found: _Found) -> Mistake:
    return Mistake(
        *found.start, "The quote that is opened here is never closed.", "Close it on the same line."
    )


def _open_bracket(found: _Found) -> Mistake:
    line, column = found.start
    sign = found.lines[line][column : column + 1]
    place = found.at if found.lines[found.at.line].strip() else found.start
    return Mistake(
        *place,
        f"The bracket or brace {sign} is not closed." if sign else "A bracket is not closed.",
        "Close it, or put quotes around the value if it is text.",
    )


def _backslash(found: _Found) -> Mistake:
    return Mistake(
        *found.at,
        "Between double quotes a backslash has a meaning of its own.",
        "Use single quotes, in which a backslash is an ordinary character.",
    )


def _first_character(found: _Found) -> Mistake | None:
    entry = found.entry
    if not entry or entry["value"][:1] in ("", "'", '"'):
        return None
    if entry["value"].startswith("- "):
        return Mistake(
            *found.at,
            f"A list begins on the line of its key {_short(entry['key'])}.",
            f"Write the list below it, or put quotes around text: {_quoted_line(entry)}.",
        )
    first = entry["value"][0]
    return Mistake(
        *found.at,
        f"The value of {_short(entry['key'])} begins with {first}, which has a meaning in YAML.",
        f"Put quotes around it: {_quoted_line(entry)}.",
    )


# What libyaml and PyYAML say, and what came before it.
_JUDGES: tuple[tuple[str, Callable[[_Found], Mistake | None]], ...] = (
    ("could not find expected ':'", _no_entry),
    ("mapping values", _colon),
    ("expected key", _no_key),
    ("expected <block end>", _no_key),
    ("expected '-' indicator", _no_key),
    ("document start", _too_far_left),
    ("end of stream", _never_closed),
    ("',' or", _open_bracket),
    ("node content", _open_bracket),
    ("escape", _backslash),
)


def _quoted_line(entry: re.Match[str]) -> str:
    value = entry["value"].strip()
    if (
        value[:1] == value[-1:] and value and value[0] in "'\""
    ):  # they were meant to be around all of it
        value = value[1:-1]
    return quoted_entry(entry["key"], value)


def _quoted(text: str) -> str:
    """A text between the quotes that need the least change in it."""
    if "'" in text and not re.search(r'["\\]', text):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _line(key: str, value: str) -> str:
    line = f"{key}: {value}"
    return f"`{line}`" if len(line) <= _LONGEST else f"`{_short(key)}: '…'`"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
