"""Front matter without fences, as Pelican writes it: lines of keys up to an empty one."""

import re
from collections.abc import Iterator

from presswork.content.front_matter.entries import Entry, bounded
from presswork.content.front_matter.vocabulary import KNOWN, canonical
from presswork.errors import Rejected

# The rules of Python-Markdown's meta-data, but that a key begins its line.
BLOCK = re.compile(r"(?:\w[\w-]*+:[^\n]*+\n(?:[ ]{4,}+[^\s][^\n]*+\n)*+)++(?=[ \t]*+(?:\n|\Z))")
_LINE = re.compile(r"(\w[\w-]*+):[ \t]*+([^\n]*+)\n((?:[ ]{4}[^\n]*+\n)*+)")
_LISTS = frozenset({"authors", "tags"})


def is_meant(block: str) -> bool:
    """Whether lines are front matter: with a title, and a date or nothing that is strange."""
    keys = {canonical(line[1]) for line in _LINE.finditer(block)}
    return "title" in keys and ("date" in keys or keys <= KNOWN)


def load(text: str, *, area: str, first_line: int = 1) -> dict[str, Entry]:
    """The entries of a block; every value is text, of several lines where more are indented.

    Authors and tags are lists, set apart by semicolons or else by commas.
    """
    return bounded(_entries(text, area, first_line), area)


def _entries(text: str, area: str, first_line: int) -> Iterator[Entry]:
    seen = set()
    for found in _LINE.finditer(text):
        key, line = found[1], first_line + text.count("\n", 0, found.start())
        if key.lower() in seen:
            raise Rejected(
                f"{area}.duplicate-key",
                line,
                1,
                f"The key {key[:40]!r} is given twice.",
                "Keep the one you mean and delete the other.",
            )
        seen.add(key.lower())
        more = [each.strip() for each in found[3].splitlines()]
        value = "\n".join([found[2].strip(), *more]).strip()
        yield Entry(key, _value(key.lower(), value), line, 1)


def _value(key: str, text: str) -> str | list[str] | None:
    if key not in _LISTS or not text:
        return text or None
    return text.split(";" if ";" in text else ",")
