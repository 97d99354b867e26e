"""What a page of HTML says of itself: its title, its language, and when it appeared."""

import re
from html import unescape

from presswork.patterns import late

_TITLE = late(r"<title\b[^<>]*+>([^<]{1,500}+)</title", re.IGNORECASE)
_PAGE = late(r"<html\b[^<>]{0,500}?\slang=[\"']?([\w-]{1,40}+)", re.IGNORECASE)
_DATED = late(r"<(?:meta|time)\b[^<>]{1,1000}+>", re.IGNORECASE)
_ATTRIBUTE = late(r"\s([\w:-]{1,50}+)=(?:\"([^\"<>]*+)\"|'([^'<>]*+)')")
_LONGEST_HEAD = 20_000


def title_of(html: str) -> str:
    """The title in the head of a page; the empty text if there is none."""
    found = _TITLE.search(html, 0, _LONGEST_HEAD)
    return " ".join(unescape(found[1]).split()) if found else ""


def language_of(html: str) -> str:
    """The language that a page says it is in; the empty text if it does not."""
    found = _PAGE.search(html, 0, _LONGEST_HEAD)
    return found[1] if found else ""


def date_of(html: str) -> str:
    """When a page appeared, by the Open Graph protocol or by microformats, as it is written."""
    for tag in _DATED.finditer(html):
        given: dict[str, str] = {name.lower(): a or b for name, a, b in _ATTRIBUTE.findall(tag[0])}
        if given.get("property") == "article:published_time":
            return given.get("content", "").strip()
        if "dt-published" in given.get("class", "").split():
            return given.get("datetime", "").strip()
    return ""
