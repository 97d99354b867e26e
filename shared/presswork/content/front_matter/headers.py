"""Headers without fences, as Pelican and MultiMarkdown have them: `Title: Fog` and the like.

They are lines of keys and text, ended by an empty line; what begins with a blank goes on with the
line above. Quotes, colons and hash signs in them are text.
"""

from presswork.content.front_matter.dates import looks_like_date
from presswork.content.front_matter.entries import Entry, bounded
from presswork.content.front_matter.vocabulary import ALIASES, DATE, KNOWN, TAGS, TITLE, canonical
from presswork.patterns import late

_LINE = late(r"(\w[\w -]{0,40}+):(?:[ \t]++(.*))?")
_LISTS = frozenset((*TAGS, *ALIASES, "authors"))
"""Keys whose text has semicolons or commas between the members of a list."""
_BLOCKS = frozenset({"|", ">", "|-", ">-", "|+", ">+"})


def read(block: str, first_line: int) -> dict[str, Entry] | None:
    """The entries of a block of lines; None where it is text, or YAML that lacks its fences.

    The first key is a known one, no key comes twice, every line is an entry or goes on with one,
    and there is a title, or a date with digits in it.
    """
    texts: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(block.split("\n"), first_line):
        entry = _LINE.fullmatch(line)
        if entry is not None:
            key = entry[1].strip()
        elif not key or not line[:1].isspace():
            return None
        text = (entry[2] or "" if entry else line).strip()
        if (entry and key in texts) or _is_yaml(key, text):
            return None
        texts.setdefault(key, []).append(text)
        lines.setdefault(key, number)
    if not _is_of_a_post(texts):
        return None
    entries = (Entry(key, _value(key, parts), lines[key], 1) for key, parts in texts.items())
    return bounded(entries, "frontmatter")


def _is_yaml(key: str, text: str) -> bool:
    is_list = text.startswith("[") and canonical(key) in _LISTS
    return is_list or text.startswith("- ") or text in _BLOCKS


def _is_of_a_post(texts: dict[str, list[str]]) -> bool:
    given = {canonical(key): " ".join(parts).strip() for key, parts in texts.items()}
    has_title = any(given.get(key) for key in TITLE)
    is_dated = any(looks_like_date(given.get(key, "")) for key in DATE)
    return next(iter(given)) in KNOWN and (has_title or is_dated)


def _value(key: str, parts: list[str]) -> str | list[str]:
    if canonical(key) not in _LISTS:
        return " ".join(filter(None, parts))
    mark = ";" if any(";" in part for part in parts) else ","
    members = (member.strip(" \t,;") for part in parts for member in part.split(mark))
    return list(filter(None, members))
