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
    objects |= _years(settings, theme, months)
    for name, members in lists.items():
        objects |= _term(settings, theme, name, members, documents)
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


def _years(settings: Site, theme: ThemeFiles, months: Sequence[str]) -> Objects:
    """The way to all months, and a page for each year."""
    base_url = settings.base_url
    years = dict.fromkeys(map(site.year_of, months))
    return {
        site.key_of(site.ARCHIVES_PATH): site.archives(settings, base_url, months, theme=theme)
    } | {
        site.key_of(site.list_path(f"year:{year}")): site.year(
            settings, base_url, year, months, theme=theme
        )
        for year in years
    }


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


def _term(
    settings: Site,
    theme: ThemeFiles,
    name: str,
    members: Sequence[Member],
    documents: Mapping[str, Document],
) -> Objects:
    """The page and the feed of a term."""
    newest, older = members[: site.NEWEST], _older(settings, members)
    page = site.term(settings, settings.base_url, name, newest, older, theme=theme)
    texts = [documents[member.card.path] for member in newest]
    feed = site.atom(settings, settings.base_url, texts, name=name, words=newest[0].words)
    return {site.key_of(site.list_path(name)): page, site.feed_key(name): feed}


def _newest(members: Sequence[Member]) -> list[Card]:
    return [member.card for member in members[: site.NEWEST]]


def _older(settings: Site, members: Sequence[Member]) -> str | None:
    """The month of the newest post that a list's page has no room for."""
    if len(members) <= site.NEWEST:
        return None
    return site.month_of(settings, members[site.NEWEST].card.date)
