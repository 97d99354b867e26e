"""The site as objects: pages, lists, feeds and sitemaps from values, byte for byte the same."""

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import (
    FEED_KEY,
    NOT_FOUND_KEY,
    ROBOTS_KEY,
    SITEMAP_KEY,
    absolute,
    href,
    key_of,
    list_path,
    sitemap_key,
)
from presswork.site.archives import NEWEST, home, month, term
from presswork.site.articles import post_json, post_page
from presswork.site.assets import icon, stylesheet
from presswork.site.bodies import image_urls
from presswork.site.cards import card
from presswork.site.feeds import atom
from presswork.site.lists import Member, lists_of, month_of
from presswork.site.objects import FRESH, IMMUTABLE
from presswork.site.sitemaps import robots, sitemap_index, sitemap_shard
from presswork.site.stubs import gone, not_found, redirect

__all__ = [
    "FEED_KEY",
    "FRESH",
    "IMMUTABLE",
    "NEWEST",
    "NOT_FOUND_KEY",
    "ROBOTS_KEY",
    "SITEMAP_KEY",
    "Member",
    "Object",
    "absolute",
    "atom",
    "card",
    "furniture",
    "gone",
    "home",
    "href",
    "icon",
    "image_urls",
    "key_of",
    "list_path",
    "lists_of",
    "month",
    "month_of",
    "not_found",
    "post_json",
    "post_page",
    "redirect",
    "robots",
    "sitemap_index",
    "sitemap_key",
    "sitemap_shard",
    "stylesheet",
    "term",
]


def furniture(site: Site, base_url: str) -> dict[str, Object]:
    """What a site has before its first post, by key: robots, 404, and the theme's files."""
    return {
        ROBOTS_KEY: robots(base_url),
        NOT_FOUND_KEY: not_found(site, base_url),
        **dict([stylesheet(), icon()]),
    }
