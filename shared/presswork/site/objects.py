"""How the objects of a site are served: how long they may be kept, and what a page is."""

from collections.abc import Mapping

from presswork.object import Object

FRESH = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
"""Cache-Control of what changes: readers ask again, the edge keeps it for a minute."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cache-Control of what is named by its content: assets and media."""


def page(html: str, metadata: Mapping[str, str] | None = None) -> Object:
    """An HTML page; `metadata` tell the edge how to answer with it."""
    return Object(html.encode(), "text/html; charset=utf-8", FRESH, metadata or {})
