"""The whole site of a set of posts, planned from all of them at once: pure.

The stages plan from what a change touches. This planner knows nothing of them, and they nothing of
it: both share the renderers of `presswork.site` alone, so that each can be held against the other.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from presswork import site
from presswork.post import Card, Image, Post
from presswork.settings import Site
from presswork.site import Around, Member, Object
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

Objects = dict[str, Object]
Document = Mapping[str, Any]
Dated = tuple[str, Card]
"""A card, with the finest period that holds it."""


@dataclass(frozen=True)
class RenderedPost:
    """A post that readers see, and its images by their addresses, as far as they have come."""

    post: Post
    images: Mapping[str, Image] = field(default_factory=dict)


def claimed_keys(rendered: Iterable[RenderedPost]) -> frozenset[str]:
    """The keys at which posts and their aliases stand: there is no static file, and no redirect."""
    paths = (path for each in rendered for path in (each.post.path, *each.post.aliases))
    return frozenset(key for path in paths for key in site.keys_of(path))


def plan_site(
    settings: Site,
    rendered: Sequence[RenderedPost],
    *,
    theme: ThemeFiles = DEFAULT_THEME,
    static: Collection[str] = (),
    most: int = site.LARGEST_PERIOD,
) -> Objects:
    """Every object of the site but media and static files, by key; `base_url` is to be set.

    `static` are the keys of static files. A period with more than `most` posts is split.
    """
    taken = {*claimed_keys(rendered), *static}
    posts = sorted(rendered, key=lambda post: (post.post.date, post.post.id), reverse=True)
    lists = _lists(settings, posts)
    objects = site.base_objects(settings, settings.base_url, theme=theme)
    for path, target in settings.redirects.items():
        if taken.isdisjoint(site.keys_of(path)):
            objects[site.key_of(path)] = site.redirect_to(target)
    neighbours = PlannedNeighbours(settings, lists)
    for each in posts:
        objects |= _post(settings, theme, each, neighbours.around(each.post))
    documents = {each.post.path: _document(objects, each.post.path) for each in posts}
    pages = {name: lists.pop(name) for name in site.PAGE_LISTS if name in lists}
    newest = [documents[m.card.path] for m in lists.get("home", ())[: site.NEWEST]]
    objects |= _home(settings, theme, lists.pop("home", []))
    objects |= site.feeds(settings, settings.base_url, newest)
    periods = {name: lists.pop(name) for name in list(lists) if name.startswith("period:")}
    members_of = _months(periods)
    months, unsplit = sorted(members_of), list[str]()
    for older, month, newer in zip(["", *months], months, [*months[1:], ""], strict=False):
        archive = MonthArchive(settings, theme, most, newer=newer or None, older=older or None)
        objects |= archive.plan(month, members_of[month])
        unsplit += archive.unsplit
    for name, members in pages.items():
        objects[site.sitemap_key(name)] = _sitemap(settings, [m.card for m in members])
    mapped = [*(f"period:{period}" for period in unsplit), *pages]
    objects[site.SITEMAP_KEY] = site.sitemap_index(settings.base_url, mapped)
    if settings.theme.search:
        objects[site.SEARCH_PERIODS_KEY] = site.search_periods(unsplit)
    archives = TermArchives(settings, theme, most)
    for name, members in lists.items():
        objects |= archives.plan(name, members, documents)
    objects |= archives.all_terms()
    objects |= _years(settings, theme, members_of, most)
    objects[site.key_of(site.ARCHIVES_PATH)] = site.archives(
        settings, settings.base_url, months, kinds=archives.kinds, theme=theme
    )
    return objects


class PlannedNeighbours:
    """The neighbours of each post, by where it stands in the lists."""

    def __init__(self, settings: Site, lists: Mapping[str, Sequence[Member]]) -> None:
        self._settings = settings
        self._cards = {name: [m.card for m in members] for name, members in lists.items()}
        self._positions = {
            name: {card.id: position for position, card in enumerate(cards)}
            for name, cards in self._cards.items()
        }

    def around(self, post: Post) -> Around:
        """The posts that the page of a post leads to."""
        names = site.lists_around(self._settings, post)
        newer, older = self._next_to(post, names.home)
        next_part, last_part = self._next_to(post, names.series)
        return Around(
            newer=newer,
            older=older,
            next_part=next_part,
            last_part=last_part,
            related=tuple(self._older(post, names.tag)[: site.RELATED]),
        )

    def _next_to(self, post: Post, name: str | None) -> tuple[Card | None, Card | None]:
        if name is None:
            return None, None
        cards, position = self._cards[name], self._positions[name][post.id]
        return cards[position - 1] if position else None, next(iter(self._older(post, name)), None)

    def _older(self, post: Post, name: str | None) -> list[Card]:
        return self._cards[name][self._positions[name][post.id] + 1 :] if name else []


def _lists(settings: Site, posts: Iterable[RenderedPost]) -> dict[str, list[Member]]:
    """The members of each list, newest first."""
    lists: dict[str, list[Member]] = {}
    for rendered in posts:
        card = site.card(rendered.post, rendered.images)
        names = site.lists_of(settings, rendered.post)
        for name, words in names.items():
            member = Member(card=card, words=words, subcategories=site.subcategories(names, name))
            lists.setdefault(name, []).append(member)
    return lists


def _post(settings: Site, theme: ThemeFiles, rendered: RenderedPost, around: Around) -> Objects:
    """A post's page, the post as data, and what leads there from its aliases."""
    post, base_url = rendered.post, settings.base_url
    return {site.key_of(alias): site.redirect(post.path) for alias in post.aliases} | {
        site.key_of(post.path): site.post_page(
            settings, base_url, post, rendered.images, around, theme=theme
        ),
        site.data_key(post.path): site.post_json(settings, base_url, post, rendered.images),
    }


def _home(settings: Site, theme: ThemeFiles, members: Sequence[Member]) -> Objects:
    older = _older(settings, members)
    page = site.home(settings, settings.base_url, _newest(members), older, theme=theme)
    return {site.key_of("/"): page}


def _document(objects: Objects, path: str) -> Document:
    return dict(json.loads(objects[site.data_key(path)].body))


def _years(
    settings: Site, theme: ThemeFiles, members_of: Mapping[str, Sequence[Dated]], most: int
) -> Objects:
    """A page for each year: its posts, or its months when the posts are too many."""
    objects: Objects = {}
    months = sorted(members_of)
    years = list(dict.fromkeys(map(site.year_of, months)))
    for older, year, newer in zip(["", *years], years, [*years[1:], ""], strict=False):
        of_year = [month for month in months if site.year_of(month) == year]
        cards = [card for month in of_year for _, card in members_of[month]]
        is_split = len(cards) > most
        objects[site.key_of(site.list_path(f"year:{year}"))] = site.year(
            settings,
            settings.base_url,
            year,
            () if is_split else cards,
            months=of_year,
            newer=newer or None,
            older=older or None,
            theme=theme,
        )
    return objects


def _months(periods: Mapping[str, Sequence[Member]]) -> dict[str, list[Dated]]:
    """The cards of each month, each with the finest period that holds it."""
    months: dict[str, list[Dated]] = {}
    for name, members in periods.items():
        period = name.partition(":")[2]
        cards = months.setdefault(site.month_in(period), [])
        cards += [(period, member.card) for member in members]
    return months


@dataclass
class MonthArchive:
    """The archive of a month, down to the periods that are not split: those list posts."""

    settings: Site
    theme: ThemeFiles
    most: int
    newer: str | None
    older: str | None
    unsplit: list[str] = field(default_factory=list)

    def plan(self, period: str, members: Sequence[Dated]) -> Objects:
        """What is made of a period, and of all that it is split into."""
        if len(members) <= self.most:
            self.unsplit.append(period)
            return self._list(period, [card for _, card in members])
        parts: dict[str, list[Dated]] = {}
        for finest, card in members:
            part = next(longer for longer in site.periods_to(finest) if len(longer) > len(period))
            parts.setdefault(part, []).append((finest, card))
        objects = {self._key(period): self._page(period, parts=tuple(parts))}
        for part, members_of_part in sorted(parts.items()):
            objects |= self.plan(part, members_of_part)
        return objects

    def _list(self, period: str, cards: Sequence[Card]) -> Objects:
        """The archive and the sitemap of a period, and what a search finds of it."""
        made = {
            self._key(period): self._page(period, cards),
            site.sitemap_key(f"period:{period}"): _sitemap(self.settings, cards),
        }
        if self.settings.theme.search:
            made |= site.search_segment(self.settings, period, cards)
        return made

    def _page(self, period: str, cards: Sequence[Card] = (), parts: Sequence[str] = ()) -> Object:
        is_part = bool(site.larger_period(period))
        neighbours = {} if is_part else {"newer": self.newer, "older": self.older}
        return site.period(
            self.settings,
            self.settings.base_url,
            period,
            cards,
            parts=parts,
            theme=self.theme,
            **neighbours,
        )

    def _key(self, period: str) -> str:
        return site.key_of(site.list_path(f"period:{period}"))


def _sitemap(settings: Site, cards: Sequence[Card]) -> Object:
    return site.sitemap_shard(settings.base_url, cards)


@dataclass
class TermArchives:
    """The pages of terms, down to the times that are not split; then those of all terms."""

    settings: Site
    theme: ThemeFiles
    most: int
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of the terms that there are."""
        return self.words.keys()

    def plan(
        self, name: str, members: Sequence[Member], documents: Mapping[str, Document]
    ) -> Objects:
        """The page, the feed, and all posts of a term by time."""
        kind, _, slug = name.partition(":")
        self.words.setdefault(kind, {})[slug] = members[0].words
        by_year = self._by_time(members, "%Y")
        newest, older = members[: site.NEWEST], _older(self.settings, members)
        page = site.term(
            self.settings,
            self.settings.base_url,
            name,
            newest,
            older,
            years=by_year,
            theme=self.theme,
        )
        objects = {site.key_of(site.list_path(name)): page}
        if self.settings.feeds.terms:
            texts = [documents[member.card.path] for member in newest]
            objects[site.feed_key(name)] = site.atom(
                self.settings, self.settings.base_url, texts, name=name, words=newest[0].words
            )
        for year, members_of_year in by_year.items():
            objects |= self._time(f"{name}.{year}", members_of_year, ["%Y-%m", "%Y-%m-%d"])
        return objects

    def _time(self, name: str, members: Sequence[Member], smaller: Sequence[str]) -> Objects:
        """The posts of a term in a year, month or day; a day of too many leads to that of all."""
        parts: dict[str, list[Member]] = {}
        if len(members) > self.most:
            form = smaller[0] if smaller else "%Y-%m-%d"
            parts = self._by_time(members, form)
        page = site.term_period(
            self.settings,
            self.settings.base_url,
            name,
            members,
            parts=tuple(parts),
            theme=self.theme,
        )
        objects = {site.key_of(site.list_path(name)): page}
        for part, members_of_part in parts.items() if smaller else ():
            objects |= self._time(f"{name.partition('.')[0]}.{part}", members_of_part, smaller[1:])
        return objects

    def _by_time(self, members: Iterable[Member], form: str) -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for member in members:
            time = f"{member.card.date.astimezone(self.settings.zone).date():{form}}"
            found.setdefault(time, []).append(member)
        return found

    def all_terms(self) -> Objects:
        """All terms of each kind, by as many of their first letters as it takes."""
        objects: Objects = {}
        for kind, words in self.words.items():
            objects |= self._letters(f"terms:{kind}", words, 0)
        return objects

    def _letters(self, name: str, words: Mapping[str, str], length: int) -> Objects:
        parts: dict[str, dict[str, str]] = {}
        listed = dict(words)
        if len(words) > self.most:
            listed = {slug: each for slug, each in words.items() if len(slug) == length}
            for slug, each in words.items():
                if len(slug) > length:
                    parts.setdefault(slug[: length + 1], {})[slug] = each
        page = site.terms(
            self.settings,
            self.settings.base_url,
            name,
            listed,
            parts=tuple(parts),
            theme=self.theme,
        )
        objects = {site.key_of(site.list_path(name)): page}
        for part, words_of_part in parts.items():
            objects |= self._letters(f"{name.partition('.')[0]}.{part}", words_of_part, length + 1)
        return objects


def _newest(members: Sequence[Member]) -> list[Card]:
    return [member.card for member in members[: site.NEWEST]]


def _older(settings: Site, members: Sequence[Member]) -> str | None:
    """The month of the newest post that a list's page has no room for."""
    if len(members) <= site.NEWEST:
        return None
    return site.month_of(settings, members[site.NEWEST].card.date)
