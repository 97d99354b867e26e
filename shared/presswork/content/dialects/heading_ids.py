"""Ids that authors give to headings, at their end: `## Install {#install-me}`."""

import re
from html import escape, unescape

from presswork.content.dialects.attributes import LONGEST, attributes_of
from presswork.content.html.headings import is_anchor
from presswork.content.repair_log import RepairLog
from presswork.patterns import late
from presswork.slugs import slugify

_EDGE = late(r"<(/?)h([1-6])>")
_MARK = late(
    r"(?<!\s)(?:\s++#++)?\s*+(?:\{/\*\s*#(?P<id>[\w:.-]{1,100})\s*\*/\}|\{(?P<colon>:?)(?P<list>[^{}<>]{1,600})\})\s*$"
)


def with_heading_ids(html: str, log: RepairLog) -> str:
    """The HTML that Markdown made, each heading with the id that its author gave."""
    parts, at = [], 0
    opening: re.Match[str] | None = None
    for edge in _EDGE.finditer(html):
        if not edge[1]:
            opening = edge
            continue
        if opening is None or opening[2] != edge[2]:
            continue
        start = max(opening.end(), edge.start() - LONGEST - 100)
        mark = _MARK.search(html[start : edge.start()])
        id = _id(mark) if mark else None
        if mark is not None and id is not None:
            named = f' id="{escape(id)}"' if id else ""
            log.add(
                "heading-id",
                before=unescape(mark[0].strip()),
                after=id or None,
                sign=unescape(mark[0].strip()),
            )
            parts += [html[at : opening.start()], f"<h{opening[2]}{named}>"]
            parts.append(html[opening.end() : start + mark.start()])
            at = edge.start()
        opening = None
    return "".join([*parts, html[at:]]) if parts else html


def _id(mark: re.Match[str]) -> str | None:
    """The id that a mark gives, empty where it gives none; None where it is no mark."""
    given = mark["id"]
    if not given:
        attributes = attributes_of(unescape(mark["list"]))
        if attributes is None or not (attributes.is_plain or attributes.words == ("-",)):
            return None
        if attributes.is_plain and attributes.words and not mark["colon"]:
            return None
        given = attributes.id
    return given if not given or is_anchor(given) else slugify(given)
