"""Pages that list posts: home, periods and years; their members alone decide each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import ARCHIVES_PATH, TERMS, list_path
from presswork.site.lists import month_of, year_of
from presswork.site.objects import page
from presswork.site.periods import day_in, larger_period, month_in
from presswork.site.phrases import phrases_for
from presswork.site.text import linked_data
from presswork.site.theme import context
from presswork.site.theme.rendering import render_page
from presswork.site.theme.values import (
    ArchivesPage,
    HomePage,
    Link,
    MonthOfYear,
    PeriodPage,
    YearData,
    YearPage,
)
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

NEWEST = 20
"""How many posts the home page and the page of a term show."""


def home(
    site: Site,
    base_url: str,
    members: Sequence[Card],
    older: str | None,
    *,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The home page: the newest posts; `older` is the month, `2020-03`, of the next one."""
    cards = newest_first(members)[:NEWEST]
    values = HomePage(
        cards=context.cards(site, cards),
        months=months_of(site, cards, older),
        linked_data=_website(site, base_url),
    )
    return list_page("home.html", site, base_url, theme, values, path="/")


def period(
    site: Site,
    base_url: str,
    period: str,
    members: Sequence[Card] = (),
    *,
    parts: Sequence[str] = (),
    newer: str | None = None,
    older: str | None = None,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The archive of a period: its posts or, when it is split, the parts of it that have some.

    A month leads to the next months that have posts on either side.
    """
    larger = larger_period(period)
    values = PeriodPage(
        title=title_of(site, period),
        larger=context.link(
            f"period:{larger}" if larger else f"year:{year_of(period)}",
            title_of(site, larger or year_of(period)),
        ),
        cards=context.cards(site, newest_first(members)),
        parts=[context.link(f"period:{part}", _part(site, part)) for part in sorted(parts)],
        newer=context.month(site, newer) if newer else None,
        older=context.month(site, older) if older else None,
    )
    return list_page(
        "period.html", site, base_url, theme, values, path=list_path(f"period:{period}")
    )


def title_of(site: Site, period: str) -> str:
    """What a period is called: `5 November 2021`; parts of a day by their numbers."""
    phrases = phrases_for(site.language)
    if period == year_of(period):
        return phrases.year(period)
    if period == month_in(period):
        return phrases.month(period)
    day = phrases.day(date.fromisoformat(day_in(period)))
    return day if period == day_in(period) else f"{day} · {_part(site, period)}"


def _part(site: Site, period: str) -> str:
    """What a day, or a part of one, is called where the period above it is plain."""
    if period == day_in(period):
        return phrases_for(site.language).day_of_month(date.fromisoformat(period))
    return period.rpartition("-")[2]


def year(
    site: Site,
    base_url: str,
    year: str,
    members: Iterable[Card] = (),
    *,
    months: Iterable[str] = (),
    newer: str | None = None,
    older: str | None = None,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The archive of a year, `2021`: its posts by month or, when they are too many, its `months`.

    It leads to the next years that have posts on either side.
    """
    values = YearPage(
        title=phrases_for(site.language).year(year),
        months=by_month(site, members)
        or [
            {**context.month_of_year(site, month), "cards": []}
            for month in sorted(months, reverse=True)
        ],
        newer=context.year(site, newer) if newer else None,
        older=context.year(site, older) if older else None,
    )
    return list_page("year.html", site, base_url, theme, values, path=list_path(f"year:{year}"))


def years_beside(month: str, months: Iterable[str]) -> tuple[str, ...]:
    """The years whose pages change when this month comes or goes: its own, and those beside it."""
    this, others = year_of(month), {year_of(each) for each in months}
    newer = min((each for each in others if each > this), default=None)
    older = max((each for each in others if each < this), default=None)
    return tuple(each for each in (older, this, newer) if each is not None)


def archives(
    site: Site,
    base_url: str,
    months: Iterable[str],
    *,
    kinds: Iterable[str] = (),
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The way to every post: all months that have some, given as `2021-11`, by year.

    `kinds` are those of the terms that there are, such as `tag`.
    """
    by_year: dict[str, list[str]] = {}
    for each in sorted(set(months), reverse=True):
        by_year.setdefault(year_of(each), []).append(each)
    years = [
        YearData(
            year=year,
            **context.year(site, year),
            months=[context.month_of_year(site, month) for month in months_of_year],
        )
        for year, months_of_year in by_year.items()
    ]
    there = set(kinds)
    values = ArchivesPage(
        years=years, terms=[context.terms(site, kind) for kind in TERMS if kind in there]
    )
    return list_page("archives.html", site, base_url, theme, values, path=ARCHIVES_PATH)


def by_month(site: Site, cards: Iterable[Card]) -> list[MonthOfYear]:
    """The posts of a year under their months, all newest first."""
    found: dict[str, list[Card]] = {}
    for card in newest_first(cards):
        found.setdefault(month_of(site, card.date), []).append(card)
    return [
        {**context.month_of_year(site, month), "cards": context.cards(site, some)}
        for month, some in found.items()
    ]


def months_of(site: Site, cards: Iterable[Card], older: str | None) -> list[Link]:
    """The months of these posts and the next older one, newest first."""
    months = {month_of(site, card.date) for card in cards} | ({older} if older else set())
    return [context.month(site, month) for month in sorted(months, reverse=True)]


def list_page(
    template: str,
    site: Site,
    base_url: str,
    theme: ThemeFiles,
    values: Mapping[str, object],
    *,
    path: str,
) -> Object:
    """A page in the site's own language."""
    return page(
        render_page(template, site, base_url, theme, values, path=path, language=site.language)
    )


def _website(site: Site, base_url: str) -> str:
    return linked_data(
        {
            "@type": "WebSite",
            "name": site.title,
            "description": site.description,
            "inLanguage": site.language,
            "url": f"{base_url}/",
        }
    )


def newest_first(cards: Iterable[Card]) -> list[Card]:
    """Posts in the order of lists."""
    return sorted(cards, key=order, reverse=True)


def order(card: Card) -> tuple[datetime, str]:
    """Where a post stands in a list, from its oldest."""
    return card.date, card.id
