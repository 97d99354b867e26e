"""Posts, cards and settings as the plain values that templates get."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from presswork.kept import kept
from presswork.post import Card, Post, Visibility
from presswork.settings import Author, Site
from presswork.site.addresses import (
    ARCHIVES_PATH,
    FEED_KEY,
    JSON_FEED_KEY,
    RSS_KEY,
    SEARCH_PATH,
    absolute,
    list_path,
)
from presswork.site.contents import TocEntry
from presswork.site.lists import Around, term_slug, trail
from presswork.site.phrases import Phrases, phrases_for
from presswork.site.pictures import Preview
from presswork.site.text import instant
from presswork.site.theme.assets import ICON, asset_key, stylesheet
from presswork.site.theme.values import (
    AroundData,
    AuthorData,
    AuthorLink,
    CardData,
    ContentsEntry,
    EveryPage,
    Link,
    Moment,
    PostData,
    PreviewData,
    SiteData,
)
from presswork.site_keys import data_key
from presswork.theme_files import ThemeFiles


def every_page(
    site: Site,
    base_url: str,
    theme: ThemeFiles,
    *,
    path: str | None,
    language: str,
    canonical: str | None = None,
) -> EveryPage:
    """What a page gets, whatever its template."""
    return {
        **alike(site, base_url, theme),
        "path": path,
        "canonical": (canonical or absolute(base_url, path)) if path else None,
        "language": language,
    }


OF_ONE_PAGE = ("path", "canonical", "language")
"""What every page gets, and each one another."""


@kept
def alike(site: Site, base_url: str, theme: ThemeFiles) -> EveryPage:
    """What all pages of a site get alike; beside it, the page of no address."""
    return {
        "site": settings(site),
        "base_url": base_url,
        "path": None,
        "canonical": None,
        "language": site.language,
        "phrases": _texts(phrases_for(site.language)),
        "stylesheet": stylesheet(site.theme, theme)[0],
        "icon": asset_key(theme, ICON),
        "feed": FEED_KEY,
        "rss": RSS_KEY,
        "json_feed": JSON_FEED_KEY,
        "archives_path": ARCHIVES_PATH,
        "search_path": SEARCH_PATH,
    }


def settings(site: Site) -> SiteData:
    """The settings that pages show."""
    return {
        "title": site.title,
        "description": site.description,
        "language": site.language,
        "menu": [{"text": entry.text, "url": entry.url} for entry in site.menu],
        "search": site.theme.search,
        "authors": {name: author(about) for name, about in site.authors.items()},
    }


def author(about: Author) -> AuthorData:
    """What the settings say of an author."""
    return {"url": about.url, "bio": about.bio}


def moment(site: Site, when: datetime) -> Moment:
    """An instant, ready to be written in any of its forms."""
    phrases, local = phrases_for(site.language), when.astimezone(site.zone)
    return {
        "utc": instant(when),
        "local": local.isoformat(),
        "day_text": phrases.day(local),
        "day_of_month_text": phrases.day_of_month(local),
        "year": local.year,
        "month": local.month,
        "day": local.day,
        "weekday": local.isoweekday(),
        "hour": local.hour,
        "minute": local.minute,
    }


def card(site: Site, card: Card) -> CardData:
    """A post as lists show it."""
    return {
        "id": card.id,
        "path": card.path,
        "title": card.title,
        "date": moment(site, card.date),
        "lang": card.lang,
        "summary": card.summary,
        "cover": card.cover,
    }


def cards(site: Site, members: Iterable[Card]) -> list[CardData]:
    """Posts as lists show them."""
    return [card(site, member) for member in members]


def post(site: Site, post: Post) -> PostData:
    """A post, as its author wrote it."""
    return {
        "id": post.id,
        "title": post.title,
        "date": moment(site, post.date),
        "updated": moment(site, post.updated) if post.updated else None,
        "expires": moment(site, post.expires) if post.expires else None,
        "unlisted": post.visibility is Visibility.UNLISTED,
        "page": post.page,
        "path": post.path,
        "data": f"/{data_key(post.path)}",
        "slug": post.slug,
        "lang": post.lang,
        "authors": list(post.authors),
        "categories": [list(levels) for levels in post.categories],
        "tags": list(post.tags),
        "series": post.series,
        "weight": post.weight,
        "summary": post.summary,
        "words": post.words,
        "reading_minutes": post.reading_minutes,
        "toc": [{"level": each.level, "id": each.id, "text": each.text} for each in post.toc],
        "aliases": list(post.aliases),
        "extra": {name: _plain(value) for name, value in post.extra.items()},
    }


def authors(post: Post, lists: Mapping[str, str]) -> list[AuthorLink]:
    """The authors of a post, with the page of each one that has a list among these."""
    names = [(name, f"author:{term_slug(name)}") for name in post.authors]
    return [
        {"text": name, "path": list_path(list) if list in lists else None} for name, list in names
    ]


def trails(post: Post, lists: Mapping[str, str]) -> list[list[Link]]:
    """Each category of a post as the pages on the way to it, as far as it stands in these lists."""
    ways = ([step for step in trail(path) if step[0] in lists] for path in post.categories)
    return [links(way) for way in ways if way]


def around(site: Site, around: Around) -> AroundData:
    """The posts that a post's page leads to."""
    return {
        "newer": card(site, around.newer) if around.newer else None,
        "older": card(site, around.older) if around.older else None,
        "next_part": card(site, around.next_part) if around.next_part else None,
        "last_part": card(site, around.last_part) if around.last_part else None,
        "related": cards(site, around.related),
    }


def contents(entries: Iterable[TocEntry]) -> list[ContentsEntry]:
    """A table of contents."""
    return [
        {"id": entry.id, "text": entry.text, "children": contents(entry.children)}
        for entry in entries
    ]


def preview(shared: Preview | None) -> PreviewData | None:
    """The image for links to a page."""
    if shared is None:
        return None
    return {"url": shared.url, "width": shared.width, "height": shared.height}


def link(name: str, text: str) -> Link:
    """The page of a list, such as `tag:sea`."""
    return {"text": text, "path": list_path(name)}


def links(lists: Iterable[tuple[str, str]]) -> list[Link]:
    """The pages of lists, each with what it is called."""
    return [link(name, text) for name, text in lists]


def kind(site: Site, kind: str) -> str:
    """What a kind of terms is called, one of them."""
    phrases = phrases_for(site.language)
    words = {
        "tag": phrases.tag,
        "category": phrases.category,
        "author": phrases.author,
        "series": phrases.series,
    }
    return words[kind]


def terms(site: Site, kind: str) -> Link:
    """The page of all terms of a kind."""
    phrases = phrases_for(site.language)
    words = {
        "tag": phrases.tags,
        "category": phrases.categories,
        "author": phrases.authors,
        "series": phrases.all_series,
    }
    return link(f"terms:{kind}", words[kind])


def month(site: Site, month: str) -> Link:
    """The archive of a month, given as `2021-11`."""
    return link(f"period:{month}", phrases_for(site.language).month(month))


def month_of_year(site: Site, month: str) -> Link:
    """The archive of a month, given as `2021-11`, where its year is plain."""
    return link(f"period:{month}", phrases_for(site.language).month_of_year(month))


def year(site: Site, year: str) -> Link:
    """The archive of a year, given as `2021`."""
    return link(f"year:{year}", phrases_for(site.language).year(year))


@lru_cache
def _texts(phrases: Phrases) -> dict[str, str]:
    return asdict(phrases)


def _plain(value: Any) -> Any:
    """A value of front matter: what is neither a number nor a list or such is told as a text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, type(None))) else str(value)
