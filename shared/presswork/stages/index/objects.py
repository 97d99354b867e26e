"""The objects of each list, and what they are made of: pure."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from presswork import site
from presswork.object import Object
from presswork.settings import Site
from presswork.stages.index.contents import ARCHIVES, SITEMAP, ListContents
from presswork.theme_files import ThemeFiles


def keys_of(name: str) -> tuple[str, ...]:
    """The keys of the objects of a list."""
    if name in site.PAGE_LISTS:
        return (site.sitemap_key(name),)
    if name == ARCHIVES:
        return (site.key_of(site.ARCHIVES_PATH),)
    if name == SITEMAP:
        return site.SITEMAP_KEY, site.SEARCH_PERIODS_KEY
    page, part = site.key_of(site.list_path(name)), site.part_in(name)
    if name.startswith(("period:", "home.")):
        mapped = [site.sitemap_key(name)] if name.startswith("period:") else []
        return page, *mapped, site.search_key(part)
    return (page,) if part or site.names_terms(name) else (page, *site.feed_keys(name))


def objects_of(
    name: str, settings: Site, theme: ThemeFiles, listed: ListContents
) -> Mapping[str, Object]:
    """What a list's members say; a list without any has no objects, but for home and archives."""
    if name == SITEMAP:
        return _sitemap(settings, listed)
    if name not in (ARCHIVES, "home") and not (listed.members or listed.parts or listed.terms):
        return {}
    if name.startswith("period:"):
        return _period(name, settings, theme, listed)
    if name.startswith("home."):
        found = _searched(settings, listed)
        return found | {keys_of(name)[0]: _one(name, settings, theme, listed)}
    if name == "home" or (site.is_term(name) and not site.part_in(name)):
        return _newest(name, settings, theme, listed)
    return {keys_of(name)[0]: _one(name, settings, theme, listed)}


def _one(name: str, settings: Site, theme: ThemeFiles, listed: ListContents) -> Object:
    """The one object of a list that has no more."""
    url, parts = settings.base_url, listed.parts
    if name == ARCHIVES:
        return site.archives(settings, url, parts, kinds=listed.years, theme=theme)
    if name in site.PAGE_LISTS:
        return site.sitemap_shard(url, [member.card for member in listed.members])
    if site.names_terms(name):
        return site.terms(settings, url, name, listed.terms, parts=parts, theme=theme)
    if site.is_term(name):
        return site.term_period(settings, url, name, listed.members, parts=parts, theme=theme)
    return site.year(
        settings,
        url,
        site.part_in(name),
        [] if parts else [member.card for member in listed.members],
        months=parts,
        newer=listed.newer,
        older=listed.older,
        theme=theme,
    )


def _newest(
    name: str, settings: Site, theme: ThemeFiles, listed: ListContents
) -> Mapping[str, Object]:
    """The page and the feeds of the newest posts of all, or of a term."""
    url, members = settings.base_url, listed.members
    page, *_ = keys_of(name)
    posts: list[Mapping[str, Any]] = [json.loads(document) for document in listed.documents]
    if name == "home":
        cards = [member.card for member in members]
        return {page: site.home(settings, url, cards, listed.older, theme=theme)} | site.feeds(
            settings, url, posts
        )
    term = site.term(settings, url, name, members, listed.older, years=listed.years, theme=theme)
    if not settings.feeds.terms:
        return {page: term}
    feed = site.atom(settings, url, posts, name=name, words=members[0].words)
    return {page: term, site.feed_key(name): feed}


def _period(
    name: str, settings: Site, theme: ThemeFiles, listed: ListContents
) -> Mapping[str, Object]:
    """The archive of a period; unless it is split, its sitemap, and what is searched there."""
    url, period = settings.base_url, site.part_in(name)
    cards = [member.card for member in listed.members]
    make = partial(
        site.period, settings, url, period, newer=listed.newer, older=listed.older, theme=theme
    )
    page, *_ = keys_of(name)
    if listed.parts:
        return {page: make(parts=listed.parts)}
    return _searched(settings, listed) | {
        page: make(cards),
        site.sitemap_key(name): site.sitemap_shard(url, cards),
    }


def _searched(settings: Site, listed: ListContents) -> dict[str, Object]:
    """What is searched of the members of a list, if they are searched there."""
    if not settings.theme.search:
        return {}
    cards = [member.card for member in listed.members]
    return {
        site.search_key(period): site.search_segment(settings, cards) for period in listed.searched
    }


def _sitemap(settings: Site, listed: ListContents) -> Mapping[str, Object]:
    """The sitemap and the search of all periods that list posts; and the lists of pages."""
    periods = listed.parts
    mapped = [
        *(f"period:{period}" for period in periods),
        *(f"{site.PAGES}:{part}" for part in listed.years),
    ]
    found = {}
    if settings.theme.search:
        found = {site.SEARCH_PERIODS_KEY: site.search_periods(listed.searched)}
    return found | {site.SITEMAP_KEY: site.sitemap_index(settings.base_url, mapped)}
