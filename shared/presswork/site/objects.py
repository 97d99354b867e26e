"""How the objects of a site are served: how long they may be kept, and what a page is."""

import re
from collections.abc import Mapping

from presswork.object import Object
from presswork.patterns import late

FRESH = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
"""Cache-Control of what changes: readers ask again, the edge keeps it for a minute."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cache-Control of what is named by its content: assets and media."""


ROBOTS = "presswork-robots"
"""The metadata that tell the edge what to say to search engines, in X-Robots-Tag."""
NOINDEX = {ROBOTS: "noindex"}

_HEAD = late(r"<head(?=[\s>])[^>]*>", re.IGNORECASE)
_NOINDEX_TAG = '<meta name="robots" content="noindex">'


def hidden_page(html: str) -> Object:
    """An HTML page that search engines are to leave alone, whatever theme it was made with.

    Its bytes say so as its metadata do: stores compare by bytes alone.
    """
    head = _HEAD.search(html)
    at = head.end() if head else len(html)
    return page(f"{html[:at]}\n{_NOINDEX_TAG}{html[at:]}", NOINDEX)


def page(html: str, metadata: Mapping[str, str] | None = None) -> Object:
    """An HTML page; `metadata` tell the edge how to answer with it."""
    return Object(html.encode(), "text/html; charset=utf-8", FRESH, metadata or {})
