"""Pages that list posts, home, months, tags and categories; their members alone decide each."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import list_path
from presswork.site.lists import STEP, Member, month_of
from presswork.site.objects import page
from presswork.site.phrases import phrases_for
from presswork.site.rendering import render_page

NEWEST = 20
"""How many posts the home page and the page of a term show."""


def home(site: Site, base_url: str, members: Sequence[Card], older: str | None) -> Object:
    """The home page: the newest posts; `older` is the month, `2020-03`, of the next one."""
    cards = _newest_first(members)[:NEWEST]
    return page(
        render_page(
            "home.html",
            site,
            base_url,
            path="/",
            language=site.language,
            cards=cards,
            months=_months(site, cards, older),
        )
    )


def month(  # noqa: PLR0917 - a month has two neighbours
    site: Site,
    base_url: str,
    month: str,
    members: Sequence[Card],
    newer: str | None,
    older: str | None,
) -> Object:
    """The archive of a month, `2021-11`, with the next months that have posts on either side."""
    return page(
        render_page(
            "month.html",
            site,
            base_url,
            path=list_path(f"month:{month}"),
            language=site.language,
            month=month,
            cards=_newest_first(members),
            newer=newer,
            older=older,
        )
    )


def term(
    site: Site, base_url: str, name: str, members: Sequence[Member], older: str | None
) -> Object:
    """The page of a list `tag:…` or `category:…`: its newest posts; `older` as in `home`.

    The newest member's spelling of the term is its title.
    """
    ordered = sorted(members, key=lambda member: _order(member.card), reverse=True)[:NEWEST]
    cards = [member.card for member in ordered]
    kind, _, slug = name.partition(":")
    words = ordered[0].words if ordered else slug
    phrases = phrases_for(site.language)
    steps = _steps(slug, words) if kind == "category" else [(name, words)]
    return page(
        render_page(
            "term.html",
            site,
            base_url,
            path=list_path(name),
            language=site.language,
            kind=phrases.category if kind == "category" else phrases.tag,
            above=steps[:-1],
            words=steps[-1][1],
            cards=cards,
            months=_months(site, cards, older),
        )
    )


def _steps(slug: str, words: str) -> list[tuple[str, str]]:
    """The categories on the way to one, as lists and the words of each level."""
    slugs, levels = slug.split("/"), words.split(STEP)
    names = ["category:" + "/".join(slugs[:depth]) for depth in range(1, len(slugs) + 1)]
    return list(zip(names, levels if len(levels) == len(slugs) else slugs, strict=True))


def _months(site: Site, cards: Iterable[Card], older: str | None) -> list[str]:
    months = {month_of(site, card.date) for card in cards} | ({older} if older else set())
    return sorted(months, reverse=True)


def _newest_first(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=_order, reverse=True)


def _order(card: Card) -> tuple[datetime, str]:
    return card.date, card.id
