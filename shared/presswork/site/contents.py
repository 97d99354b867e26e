"""The table of contents of a text, from its headings."""

import re
from dataclasses import dataclass, field
from html import unescape

from presswork.patterns import late

FEWEST = 3
"""How many headings a text has to have for a table of contents."""

_HEADING = late(
    r'<h(?P<level>[2-6])\b[^>]*?\sid="(?P<id>[^"]+)"[^>]*>(?P<words>.*?)</h(?P=level)>', re.DOTALL
)
_TAG = late(r"<[^>]*>")


@dataclass
class TocEntry:
    """A heading of a text: its id, its words, and the headings one level below it."""

    id: str
    text: str
    children: list["TocEntry"] = field(default_factory=list)


def contents_of(html: str) -> list[TocEntry]:
    """The two upper levels of a text's headings as shown, nested; empty for a text of few."""
    headings = [
        (int(each["level"]), TocEntry(unescape(each["id"]), _words(each["words"])))
        for each in _HEADING.finditer(html)
    ]
    headings = [(level, heading) for level, heading in headings if heading.text]
    if len(headings) < FEWEST:
        return []
    top = min(level for level, _ in headings)
    contents: list[TocEntry] = []
    for level, heading in headings:
        if level == top or not contents:
            contents.append(heading)
        elif level == top + 1:
            contents[-1].children.append(heading)
    return contents


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
