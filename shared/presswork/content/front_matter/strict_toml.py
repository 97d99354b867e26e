"""TOML front matter, as Hugo and Zola write it, with the place of each key."""

import re
from typing import NoReturn

from presswork.content.front_matter.entries import Entry, Place, bounded, too_deep
from presswork.errors import Rejected
from presswork.patterns import late

_KEY = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_LINE = late(
    rf"^[ \t]*(?:\[{{1,2}}[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)",
    re.MULTILINE,
)
_PART = late(_KEY)
# tomllib takes time that grows with the square of the length of such keys.
_TOWER = late(rf"^[ \t]*+\[{{0,2}}[ \t]*+(?:{_KEY}[ \t]*+\.[ \t]*+){{32}}", re.MULTILINE)
_STRING_OR_COMMENT = late(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_AT = late(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
_FIXES = (
    ("Invalid value", "Put double quotes around text; write true, false and numbers without."),
    ("Cannot overwrite", "Keep the one you mean and delete the other."),
    ("Cannot declare", "Keep the one you mean and delete the other."),
    ("Cannot mutate", "Keep the one you mean and delete the other."),
    ("Cannot redefine", "Keep the one you mean and delete the other."),
    ("Duplicate inline", "Keep the one you mean and delete the other."),
    ("Expected '='", 'Write each entry as `key = "value"`, one to a line.'),
    ("Invalid statement", 'Write each entry as `key = "value"`, one to a line.'),
    ("Expected newline", "Write one entry to a line, all of its value within one pair of quotes."),
    ("Illegal character", "Close the quote on the line where it is opened."),
    ("Unescaped", "Write the text between single quotes, in which a backslash is ordinary."),
    ("Unterminated", "Close the quote that is opened here."),
    ('Expected "\'"', "Close the quote that is opened here."),
    ("Expected '\"'", "Close the quote that is opened here."),
    ("Unclosed array", "Close the list with ] and put a comma between two values."),
)


def load(text: str, *, area: str, first_line: int = 1) -> dict[str, Entry]:
    """The entries of a TOML document; `area` and `first_line` are as for YAML.

    Values are those of `presswork.content.front_matter.entries.bounded`.
    """
    tower = _TOWER.search(text)
    if tower:
        line = first_line + text.count("\n", 0, tower.start())
        raise Rejected(f"{area}.depth", line, 1, *too_deep())
    import tomllib  # noqa: PLC0415  most front matter is YAML

    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise Rejected(f"{area}.depth", first_line, 1, *too_deep()) from error
    except ValueError as error:
        _reject(error, text, area, first_line)
    places = _places(text, first_line)
    unknown = (first_line, 1)
    return bounded(
        (
            Entry(
                key,
                value,
                *places.get((key,), unknown),
                {path[1]: place for path, place in places.items() if path[:-1] == (key,)},
            )
            for key, value in document.items()
        ),
        area,
    )


def _places(text: str, first_line: int) -> dict[tuple[str, ...], Place]:
    """Where keys first stand: those of the outermost table, and of the tables in it."""
    places: dict[tuple[str, ...], Place] = {}
    table: tuple[str, ...] = ()
    line, counted = first_line, 0
    for found in _LINE.finditer(_STRING_OR_COMMENT.sub(_blanked, text)):
        start = found.start("table" if found["table"] else "key")
        line, counted = line + text.count("\n", counted, start), start
        spelled = text[slice(*found.span("table" if found["table"] else "key"))]
        path = tuple(part.strip("\"'") for part in _PART.findall(spelled))
        if found["table"]:
            table = path
        else:
            path = table + path
        for length in (1, 2):
            if len(path) >= length:
                places.setdefault(path[:length], (line, start - text.rfind("\n", 0, start)))
    return places


def _blanked(found: re.Match[str]) -> str:
    """Text of the same length without what could be taken for keys or tables."""
    if found[0].startswith(('"""', "'''", "#")):
        return re.sub(r"[^\n]", " ", found[0])
    return found[0][0] + "x" * (len(found[0]) - 2) + found[0][-1]


def _reject(error: ValueError, text: str, area: str, first_line: int) -> NoReturn:
    message = str(error)
    at = _AT.search(message)
    problem = _AT.sub("", message)
    lines = text.rstrip("\n").split("\n")
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    fixes = (fix for sign, fix in _FIXES if sign in problem)
    raise Rejected(
        f"{area}.toml",
        first_line + line - 1,
        column,
        f"TOML: {problem[:120]}.",
        next(fixes, 'Write each entry as `key = "value"`, one to a line.'),
    ) from error
