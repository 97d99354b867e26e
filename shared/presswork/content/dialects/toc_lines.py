"""Lines in whose place other tools put a table of contents; the page has its own."""

import re

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_LINE = late(
    r"(?:\A|(?<=\n\n))(?P<mark>[ ]{0,3}"
    r"(?:\[TOC\]|\[\[(?:TOC|_TOC_)\]\]|@\[TOC\](?:\([^()\n]{0,200}+\))?+))"
    r"[ \t]*+(?=\n[ \t]*+\n|\n?\Z)",
    re.IGNORECASE,
)
_DEFINED = late(r"^[ ]{0,3}\[toc\]:", re.IGNORECASE | re.MULTILINE)


def drop(draft: Draft, *, wikilinks: bool) -> None:
    """Drops each such line, unless it is a link: to a note, or to what is defined elsewhere."""

    def of(mark: re.Match[str]) -> str | None:
        if wikilinks and "[[" in mark["mark"]:
            return None
        draft.mended("toc-line", mark)
        return ""

    if not _DEFINED.search(draft.text):
        draft.replace(_LINE, of)
