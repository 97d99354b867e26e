"""The pages of terms: tags, categories, authors and series; their posts by time; and all terms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import feed_key, list_path
from presswork.site.archives import NEWEST, by_month, list_page, months_of, order
from presswork.site.archives import title_of as title_of_period
from presswork.site.lists import STEP, Member
from presswork.site.periods import day_in, month_in
from presswork.site.phrases import phrases_for
from presswork.site.splits import is_year, larger_list, part_in, part_of, whole_list
from presswork.site.theme import context
from presswork.site.theme.values import Link, TermPage, TermPeriodPage, TermsPage
from presswork.theme_files import DEFAULT_THEME, ThemeFiles


def term(
    site: Site,
    base_url: str,
    name: str,
    members: Sequence[Member],
    older: str | None,
    *,
    years: Iterable[str] = (),
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The page of a term, such as `tag:…`: its newest posts, and the way to its years.

    The newest member's spelling of the term is its title. A category leads to those above it, and
    to those right below it that its newest posts stand in. `older` is the month of the next post.
    """
    ordered = _newest_first(members)[:NEWEST]
    cards = [member.card for member in ordered]
    kind, _, slug = name.partition(":")
    words = ordered[0].words if ordered else slug
    steps = _steps(name, words)
    about = site.authors.get(words) if kind == "author" else None
    values = TermPage(
        name=name,
        kind=context.kind(site, kind),
        title=steps[-1][1],
        feed_of_term=feed_key(name) if site.feeds.terms else None,
        terms=context.terms(site, kind),
        parents=context.links(steps[:-1]),
        children=context.links(_children(ordered)),
        about=context.author(about) if about else None,
        cards=context.cards(site, cards),
        months=months_of(site, cards, older),
        years=[_period(site, part_of(name, year)) for year in sorted(years, reverse=True)],
    )
    return list_page("term.html", site, base_url, theme, values, path=list_path(name))


def term_period(
    site: Site,
    base_url: str,
    name: str,
    members: Sequence[Member],
    *,
    parts: Sequence[str] = (),
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The posts of a term in a year, month or day, such as `tag:sea.2021`.

    One that has too many leads to its parts instead, and a day to all posts of that day. The
    newest member's spelling of the term is its title.
    """
    whole, period = whole_list(name), part_in(name)
    ordered = _newest_first(members)
    cards = [] if parts else [member.card for member in ordered]
    *_, (_, words) = _steps(whole, ordered[0].words)
    larger = larger_list(name)
    values = TermPeriodPage(
        kind=context.kind(site, name.partition(":")[0]),
        title=title_of_period(site, period),
        term=context.link(whole, words),
        larger=_period(site, larger) if larger else None,
        months=by_month(site, cards) if is_year(name) else [],
        cards=context.cards(site, [] if is_year(name) else cards),
        parts=[
            context.link(f"period:{part}", title_of_period(site, part))
            if part == period
            else _part(site, part_of(name, part))
            for part in sorted(parts)
        ],
    )
    return list_page("term_period.html", site, base_url, theme, values, path=list_path(name))


def terms(
    site: Site,
    base_url: str,
    name: str,
    words: Mapping[str, str],
    *,
    parts: Sequence[str] = (),
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """All terms of a kind, `terms:tag`, or those of it that begin alike, `terms:tag.s`.

    `words` are theirs by their slugs. Too many are in `parts` by their next letter.
    """
    whole = whole_list(name)
    kind = whole.partition(":")[2]
    letters = part_in(name)
    larger = larger_list(name)
    found = sorted(words.items(), key=lambda term: (term[1].casefold(), term[0]))
    values = TermsPage(
        kind=context.kind(site, kind),
        title=letters or context.terms(site, kind)["text"],
        larger=_letters(site, larger) if larger else None,
        terms=context.links((f"{kind}:{slug}", each) for slug, each in found),
        parts=[_letters(site, part_of(name, part)) for part in sorted(parts)],
    )
    return list_page("terms.html", site, base_url, theme, values, path=list_path(name))


def _period(site: Site, name: str) -> Link:
    """A period of a term, in full."""
    return context.link(name, title_of_period(site, part_in(name)))


def _part(site: Site, name: str) -> Link:
    """A period of a term, where the one around it is plain."""
    phrases, part = phrases_for(site.language), part_in(name)
    if part == day_in(part) != month_in(part):
        return context.link(name, phrases.day_of_month(date.fromisoformat(part)))
    return context.link(name, phrases.month_of_year(part))


def _letters(site: Site, name: str) -> Link:
    """The terms that begin with some letters, or all of a kind."""
    letters = part_in(name)
    kind = whole_list(name).partition(":")[2]
    return context.link(name, letters) if letters else context.terms(site, kind)


def _newest_first(members: Iterable[Member]) -> list[Member]:
    return sorted(members, key=lambda member: order(member.card), reverse=True)


def _children(members: Iterable[Member]) -> list[tuple[str, str]]:
    """The categories below one that these members stand in, each as the newest spells it."""
    spelled: dict[str, str] = {}
    for member in members:
        spelled = member.subcategories | spelled
    return sorted(spelled.items(), key=lambda child: (child[1].casefold(), child[0]))


def _steps(name: str, words: str) -> list[tuple[str, str]]:
    """A term by its words; for a category those on the way to it, and itself."""
    kind, _, slug = name.partition(":")
    if kind != "category":
        return [(name, words)]
    slugs, levels = slug.split("/"), words.split(STEP)
    names = ["category:" + "/".join(slugs[:depth]) for depth in range(1, len(slugs) + 1)]
    return list(zip(names, levels if len(levels) == len(slugs) else slugs, strict=True))
