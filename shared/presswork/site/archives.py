"""Pages that list posts: home, periods and years, and terms; their members alone decide each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import ARCHIVES_PATH, feed_key, list_path
from presswork.site.lists import STEP, Member, month_of, year_of
from presswork.site.objects import page
from presswork.site.periods import day_in, larger_period, month_in
from presswork.site.phrases import Phrases, phrases_for
from presswork.site.text import linked_data
from presswork.site.theme import context
from presswork.site.theme.rendering import render_page
from presswork.site.theme.values import (
    ArchivesPage,
    HomePage,
    Link,
    PeriodPage,
    TermPage,
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
    cards = _newest_first(members)[:NEWEST]
    values = HomePage(
        cards=context.cards(site, cards),
        months=_months(site, cards, older),
        linked_data=_website(site, base_url),
    )
    return _page("home.html", site, base_url, theme, values, path="/")


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
        title=_title(site, period),
        larger=context.link(
            f"period:{larger}" if larger else f"year:{year_of(period)}",
            _title(site, larger or year_of(period)),
        ),
        cards=context.cards(site, _newest_first(members)),
        parts=[context.link(f"period:{part}", _part(site, part)) for part in sorted(parts)],
        newer=context.month(site, newer) if newer else None,
        older=context.month(site, older) if older else None,
    )
    return _page("period.html", site, base_url, theme, values, path=list_path(f"period:{period}"))


def _title(site: Site, period: str) -> str:
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
    months: Iterable[str],
    *,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The archive of a year, `2021`: which of its months have posts, and the years beside it.

    `months` are all months that have posts, as `2021-11`.
    """
    by_year = _by_year(months)
    newer = min((other for other in by_year if other > year), default=None)
    older = max((other for other in by_year if other < year), default=None)
    values = YearPage(
        title=phrases_for(site.language).year(year),
        months=[context.month_of_year(site, month) for month in by_year.get(year, [])],
        newer=context.year(site, newer) if newer else None,
        older=context.year(site, older) if older else None,
    )
    return _page("year.html", site, base_url, theme, values, path=list_path(f"year:{year}"))


def years_beside(month: str, months: Iterable[str]) -> tuple[str, ...]:
    """The years whose pages change when this month comes or goes: its own, and those beside it."""
    this, others = year_of(month), {year_of(each) for each in months}
    newer = min((each for each in others if each > this), default=None)
    older = max((each for each in others if each < this), default=None)
    return tuple(each for each in (older, this, newer) if each is not None)


def archives(
    site: Site, base_url: str, months: Iterable[str], *, theme: ThemeFiles = DEFAULT_THEME
) -> Object:
    """The way to every post: all months that have some, given as `2021-11`, by year."""
    years = [
        YearData(
            year=year,
            **context.year(site, year),
            months=[context.month_of_year(site, month) for month in months_of_year],
        )
        for year, months_of_year in _by_year(months).items()
    ]
    return _page(
        "archives.html", site, base_url, theme, ArchivesPage(years=years), path=ARCHIVES_PATH
    )


def term(
    site: Site,
    base_url: str,
    name: str,
    members: Sequence[Member],
    older: str | None,
    *,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The page of a term, such as `tag:…`: its newest posts; `older` as in `home`.

    The newest member's spelling of the term is its title. A category leads to those above it, and
    to those right below it that its newest posts stand in.
    """
    ordered = sorted(members, key=lambda member: _order(member.card), reverse=True)[:NEWEST]
    cards = [member.card for member in ordered]
    kind, _, slug = name.partition(":")
    words = ordered[0].words if ordered else slug
    steps = _steps(slug, words) if kind == "category" else [(name, words)]
    about = site.authors.get(words) if kind == "author" else None
    values = TermPage(
        name=name,
        kind=_kind(kind, phrases_for(site.language)),
        title=steps[-1][1],
        feed_of_term=feed_key(name),
        parents=context.links(steps[:-1]),
        children=context.links(_children(ordered)),
        about=context.author(about) if about else None,
        cards=context.cards(site, cards),
        months=_months(site, cards, older),
    )
    return _page("term.html", site, base_url, theme, values, path=list_path(name))


def _page(
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


def _children(members: Iterable[Member]) -> list[tuple[str, str]]:
    """The categories below one that these members stand in, each as the newest spells it."""
    spelled: dict[str, str] = {}
    for member in members:
        spelled = member.subcategories | spelled
    return sorted(spelled.items(), key=lambda child: (child[1].casefold(), child[0]))


def _kind(kind: str, phrases: Phrases) -> str:
    return {
        "tag": phrases.tag,
        "category": phrases.category,
        "author": phrases.author,
        "series": phrases.series,
    }[kind]


def _steps(slug: str, words: str) -> list[tuple[str, str]]:
    """The categories on the way to one, as lists and the words of each level."""
    slugs, levels = slug.split("/"), words.split(STEP)
    names = ["category:" + "/".join(slugs[:depth]) for depth in range(1, len(slugs) + 1)]
    return list(zip(names, levels if len(levels) == len(slugs) else slugs, strict=True))


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


def _by_year(months: Iterable[str]) -> dict[str, list[str]]:
    """Months by their year, newest first."""
    by_year: dict[str, list[str]] = {}
    for each in sorted(set(months), reverse=True):
        by_year.setdefault(year_of(each), []).append(each)
    return by_year


def _months(site: Site, cards: Iterable[Card], older: str | None) -> list[Link]:
    """The months of these posts and the next older one, newest first."""
    months = {month_of(site, card.date) for card in cards} | ({older} if older else set())
    return [context.month(site, month) for month in sorted(months, reverse=True)]


def _newest_first(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=_order, reverse=True)


def _order(card: Card) -> tuple[datetime, str]:
    return card.date, card.id
