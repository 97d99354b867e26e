"""What crawlers read first: sitemaps (sitemaps.org, protocol 0.9) and robots.txt (RFC 9309)."""

from collections.abc import Iterable

from presswork.object import Object
from presswork.post import Card
from presswork.site.addresses import SITEMAP_KEY, absolute, sitemap_key
from presswork.site.objects import FRESH
from presswork.site.text import instant
from presswork.site.theme.rendering import render

_XML = "application/xml; charset=utf-8"


def sitemap_shard(base_url: str, cards: Iterable[Card]) -> Object:
    """The sitemap of one list: its paths, each with its date, but for those kept from it."""
    changes = sorted((card.path, instant(card.date)) for card in cards if card.sitemap)
    text = render("sitemap.xml", base_url=base_url, pages=changes)
    return Object(text.encode(), _XML, FRESH)


def sitemap_index(base_url: str, names: Iterable[str]) -> Object:
    """The index over the sitemaps of some lists, each given as `period:2021-11` or `pages:a`."""
    keys = sorted(set(map(sitemap_key, names)))
    return Object(render("sitemaps.xml", base_url=base_url, keys=keys).encode(), _XML, FRESH)


def robots(base_url: str) -> Object:
    """The robots.txt that welcomes everyone and names the sitemap."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {absolute(base_url, SITEMAP_KEY)}\n"
    return Object(text.encode(), "text/plain; charset=utf-8", FRESH)
