"""The site as objects: pages, lists, feeds and sitemaps from values, byte for byte the same."""

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import (
    ARCHIVES_PATH,
    FEED_KEY,
    JSON_FEED_KEY,
    RSS_KEY,
    SEARCH_PATH,
    SEARCH_PERIODS_KEY,
    SITEMAP_KEY,
    TERMS,
    absolute,
    cached_at,
    feed_key,
    feed_keys,
    href,
    list_path,
    media_cached_at,
    search_key,
    sitemap_key,
)
from presswork.site.archives import NEWEST, archives, home, period, year, years_beside
from presswork.site.articles import RELATED, post_json, post_page
from presswork.site.bodies import image_urls
from presswork.site.cards import card
from presswork.site.feeds import atom, feeds, json_feed, rss
from presswork.site.lists import (
    PAGE_LISTS,
    PAGES,
    Around,
    ListsAround,
    Member,
    lists_around,
    lists_of,
    month_of,
    renamings,
    subcategories,
    year_of,
)
from presswork.site.objects import FRESH, IMMUTABLE, ROBOTS
from presswork.site.periods import (
    LARGEST_PERIOD,
    day_in,
    larger_period,
    month_in,
    parts_of,
    periods_to,
    whole_periods,
)
from presswork.site.search import search_page, search_periods, search_segment, searched_periods
from presswork.site.sitemaps import robots, sitemap_index, sitemap_shard
from presswork.site.splits import (
    TERM_LISTS,
    bounds,
    is_term,
    is_year,
    larger_list,
    names_terms,
    part_in,
    part_of,
    positions,
    possible_parts,
    way_to,
    whole_list,
)
from presswork.site.static_files import static_file
from presswork.site.stubs import STATUS, gone, not_found, redirect, redirect_to
from presswork.site.terms import term, term_period, terms
from presswork.site.theme.assets import base_assets, own_assets, stylesheet
from presswork.site_keys import (
    NOT_FOUND_PATH,
    OF_EVERY_SITE,
    ROBOTS_PATH,
    data_key,
    key_of,
    keys_of,
    path_of,
)
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

__all__ = [
    "ARCHIVES_PATH",
    "FEED_KEY",
    "FRESH",
    "IMMUTABLE",
    "JSON_FEED_KEY",
    "LARGEST_PERIOD",
    "NEWEST",
    "NOT_FOUND_PATH",
    "OF_EVERY_SITE",
    "PAGES",
    "PAGE_LISTS",
    "RELATED",
    "ROBOTS",
    "ROBOTS_PATH",
    "RSS_KEY",
    "SEARCH_PATH",
    "SEARCH_PERIODS_KEY",
    "SITEMAP_KEY",
    "STATUS",
    "TERMS",
    "TERM_LISTS",
    "Around",
    "ListsAround",
    "Member",
    "Object",
    "absolute",
    "archives",
    "atom",
    "base_keys",
    "base_objects",
    "bounds",
    "cached_at",
    "card",
    "data_key",
    "day_in",
    "feed_key",
    "feed_keys",
    "feeds",
    "gone",
    "home",
    "href",
    "image_urls",
    "is_term",
    "is_year",
    "json_feed",
    "key_of",
    "keys_of",
    "larger_list",
    "larger_period",
    "list_path",
    "lists_around",
    "lists_of",
    "media_cached_at",
    "month_in",
    "month_of",
    "names_terms",
    "not_found",
    "own_assets",
    "part_in",
    "part_of",
    "parts_of",
    "path_of",
    "period",
    "periods_to",
    "positions",
    "possible_parts",
    "post_json",
    "post_page",
    "redirect",
    "redirect_to",
    "renamings",
    "robots",
    "rss",
    "search_key",
    "search_page",
    "search_periods",
    "search_segment",
    "searched_periods",
    "sitemap_index",
    "sitemap_key",
    "sitemap_shard",
    "static_file",
    "stylesheet",
    "subcategories",
    "term",
    "term_period",
    "terms",
    "way_to",
    "whole_list",
    "whole_periods",
    "year",
    "year_of",
    "years_beside",
]


def base_keys(site: Site, theme: ThemeFiles = DEFAULT_THEME) -> tuple[str, ...]:
    """The keys of what a site has before its first post."""
    search = (SEARCH_PATH,) if site.theme.search else ()
    pages = map(key_of, (ROBOTS_PATH, NOT_FOUND_PATH, *search))
    return (*pages, *base_assets(site.theme, theme))


def base_objects(
    site: Site, base_url: str, *, theme: ThemeFiles = DEFAULT_THEME
) -> dict[str, Object]:
    """What a site has before its first post, by key: robots, 404, and the theme's files."""
    objects = {
        key_of(ROBOTS_PATH): robots(base_url),
        key_of(NOT_FOUND_PATH): not_found(site, base_url, theme=theme),
        **base_assets(site.theme, theme),
    }
    if site.theme.search:
        objects[key_of(SEARCH_PATH)] = search_page(site, base_url, theme=theme)
    return objects
