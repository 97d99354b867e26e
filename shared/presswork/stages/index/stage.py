"""index: brings lists, feed and sitemaps up to date with the posts that went live or down."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.clients import variable
from presswork.aws.edge import Edge
from presswork.aws.lists import CACHED, MONTHS, PAGES, Lists
from presswork.aws.posts import Posts
from presswork.aws.sites import Sites
from presswork.aws.table import Item, Table
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.events import Event, Type
from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site import Member
from presswork.stages.converge import converge
from presswork.stages.index.periods import Note, Notes, Periods
from presswork.state import Live, PostState


@dataclass(frozen=True)
class ListContents:
    """What a list's objects are made of: its members, newest first, and the months beside them.

    A period that is split has parts instead of members.
    """

    members: tuple[Member, ...] = ()
    parts: tuple[str, ...] = ()
    newer: str | None = None
    older: str | None = None
    documents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """All that the objects of some lists depend on, each read once."""

    site: Site
    lists: Mapping[str, ListContents]
    months: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


KEPT_BYTES = 8 * 1024 * 1024


class Documents:
    """The `index.json` of posts, each state of one read once, as long as there is room for it.

    A member's mark changes with its post, and a post's document is there before its mark is.
    """

    def __init__(self, bucket: SiteBucket) -> None:
        self._bucket = bucket
        self._kept: dict[tuple[str, str], bytes] = {}
        self._bytes = 0

    def of(self, items: Iterable[Item]) -> tuple[bytes, ...]:
        """The documents of members of a list, as far as they are there."""
        found = map(self._one, items)
        return tuple(document for document in found if document is not None)

    def _one(self, item: Item) -> bytes | None:
        path, mark = str(item["card"]["path"]), str(item["mark"])
        document = self._kept.get((path, mark))
        if document is None:
            document = self._bucket.get(site.key_of(path, "index.json"))
            if document is not None:
                self._keep(path, mark, document)
        return document

    def _keep(self, path: str, mark: str, document: bytes) -> None:
        self._bytes += len(document)
        if self._bytes > KEPT_BYTES:
            self._kept.clear()
            self._bytes = len(document)
        self._kept[path, mark] = document


@dataclass(frozen=True)
class Index:
    """The stage: only the lists that a change touched are made, each from its members alone."""

    bucket: SiteBucket
    table: Table
    topic: Topic
    edge: Edge
    site_url: str
    clock: Callable[[], datetime] = utc_now
    most: int = site.MOST

    @cached_property
    def documents(self) -> Documents:
        """Kept from one message to the next: most of a feed's posts are those of the last time."""
        return Documents(self.bucket)

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            bucket=SiteBucket.from_env(),
            table=Table.from_env(),
            topic=Topic.from_env(),
            edge=Edge.from_env(),
            site_url=variable("SITE_URL"),
        )

    def index(self, ids: Iterable[str]) -> None:
        """Brings every list that the posts touched up to date, each once; then announces them."""
        posts = Posts(self.table)
        states = [post for id in dict.fromkeys(ids) if (post := posts.read(id))]
        changed = [(post, post.live) for post in states if post.live]
        if not changed:
            return
        site_state = Sites(self.table).read()
        if site_state.furnished != site_state.furnishing:
            self.furnish(site_state.furnishing)
        names = {name for post, _ in changed for name in (*post.touched, *post.turning)}
        cached = {name for name in names if name.startswith(f"{CACHED}:")}
        self.bring_up_to_date(names - cached, Notes(posts, changed[0][0]))
        if cached:
            paths = [path for name in cached for path in site.cached_at(name.partition(":")[2])]
            self.edge.forget(paths, (f"{post.id}.{live.n}" for post, live in changed))
        for post, live in changed:
            posts.listed(post, live)
            self._announce(post, live)

    def _announce(self, post: PostState, live: Live) -> None:
        event = Event.of(
            Type.LISTED,
            post=post.id,
            key=live.source,
            revision=live.revision,
            turn=live.turn,
            now=self.clock(),
        )
        self.topic.announce(event)

    def furnish(self, furnishing: str) -> None:
        """Makes what a site has before its first post, for these settings and this software."""
        settings = self._settings()
        keys = {*site.base_objects(settings, settings.base_url), site.key_of(site.SEARCH_PATH)}
        converge(self.bucket, keys, self._settings, lambda s: site.base_objects(s, s.base_url))
        years = {site.year_of(month) for month in Lists(self.table).names(MONTHS)}
        self._converge(["home"], years=years, with_months=True)
        Sites(self.table).furnished(furnishing)

    def make(self, names: Sequence[str]) -> None:
        """Makes the objects of these lists, and nothing else."""
        self._converge(names)

    def bring_up_to_date(self, names: Iterable[str], note: Note) -> None:
        """Makes every object of these lists, each list read once however many need it.

        `archive:<month>` stands for what names a month or its parts: the sitemap, the years, and
        the archives on either side; `map:<part>` for what names a list of pages; `turn:<period>`
        for all parts of one that came to be split or whole. What is found to do is noted before it
        is begun.
        """
        found: set[str] = set()

        def noted(more: Iterable[str]) -> None:
            found.update(more)
            note(found)

        by_kind = _by_kind(names)
        periods = {
            period
            for place in sorted(by_kind.pop("period", ()))
            for period in Periods(self.table, self.most).settle(place, noted)
        }
        for kind, more in _by_kind(found).items():
            by_kind.setdefault(kind, set()).update(more)
        months, turned = by_kind.pop("archive", set()), by_kind.pop("turn", set())
        maps = by_kind.pop("map", set())
        for part in maps:
            self._settle_name(PAGES, part, f"{site.PAGES}:{part}")
        years: set[str] = set()
        for month in months:
            there = self._settle_name(MONTHS, month, f"period:{month}")
            years.update(site.years_beside(month, there))
            periods.update(_months_beside(month, there))
        by_kind["period"] = periods | turned
        lists = [f"{kind}:{each}".rstrip(":") for kind, some in by_kind.items() for each in some]
        self._make_parts(turned, of_split=True)
        self._converge(sorted(lists), years=years, with_months=bool(months or maps))
        self._make_parts(turned, of_split=False)

    def _make_parts(self, periods: Iterable[str], *, of_split: bool) -> None:
        """Makes, or takes away, the parts of periods that came to be split, or whole.

        Parts come before the pages that lead to them, and go after those lead elsewhere.
        """
        for period in sorted(periods):
            if (Lists(self.table).parts(period) is not None) is of_split:
                for part in site.parts_of(period):
                    self._converge([f"period:{part}"])

    def _settle_name(self, kind: str, name: str, list: str) -> tuple[str, ...]:
        """All of a kind that have members, once it is settled whether this one is among them."""
        lists = Lists(self.table)
        while True:
            has_members = lists.is_longer(list, 0)
            there = lists.names(kind)
            if (name in there) == has_members:
                return there
            put, delete = lists.put_name(kind, name), lists.delete_name(kind, name)
            self.table.write(put if has_members else delete)

    def _converge(
        self, names: Sequence[str], *, years: Iterable[str] = (), with_months: bool = False
    ) -> None:
        year_keys = {site.key_of(site.list_path(f"year:{year}")): year for year in sorted(years)}
        keys = [key for name in names for key in _keys(name)]
        if with_months:
            keys += [site.SITEMAP_KEY, site.SEARCH_PERIODS_KEY]
            keys += [site.key_of(site.ARCHIVES_PATH), *year_keys]

        def read() -> Inputs:
            settings, store = self._settings(), Lists(self.table)
            months = store.names(MONTHS) if with_months else ()
            return Inputs(
                site=settings,
                lists={name: self._read(name, settings) for name in names},
                months=months,
                periods=site.leaves(months, store.splits()) if with_months else (),
                pages=store.names(PAGES) if with_months else (),
            )

        def make(inputs: Inputs) -> Mapping[str, Object]:
            objects: dict[str, Object] = {}
            for name, listed in inputs.lists.items():
                objects |= _objects(name, inputs.site, listed)
            if with_months:
                objects |= _of_all_months(inputs, year_keys)
            return objects

        converge(self.bucket, keys, read, make)

    def _read(self, name: str, settings: Site) -> ListContents:
        lists = Lists(self.table)
        kind, _, rest = name.partition(":")
        if kind == "period":
            return self._read_period(rest)
        if kind == site.PAGES:
            return ListContents(members=tuple(map(_member, lists.newest(name))))
        most = max(site.NEWEST + 1, settings.feeds.entries)
        items = list(lists.newest(name, limit=most))
        members = tuple(map(_member, items))
        older = members[site.NEWEST :]
        return ListContents(
            members=members[: site.NEWEST],
            older=site.month_of(settings, older[0].card.date) if older else None,
            documents=self.documents.of(items[: settings.feeds.entries]),
        )

    def _read_period(self, period: str) -> ListContents:
        lists = Lists(self.table)
        larger = site.above(period)
        if larger is not None and period not in (lists.parts(larger) or ()):
            return ListContents()
        parts = lists.parts(period)
        members = lists.newest(f"period:{period}", limit=self.most + 1) if parts is None else ()
        return ListContents(
            members=tuple(map(_member, members)),
            parts=parts or (),
            newer=lists.next_month(period) if larger is None else None,
            older=lists.previous_month(period) if larger is None else None,
        )

    def _settings(self) -> Site:
        return Sites(self.table).read().effective(self.site_url)


def _member(item: Item) -> Member:
    return Member(
        card=Card.model_validate(item["card"]),
        words=str(item["words"]),
        below=item.get("below") or {},
    )


def _by_kind(names: Iterable[str]) -> dict[str, set[str]]:
    """What follows the kinds of lists in their names."""
    kinds: dict[str, set[str]] = {}
    for kind, _, rest in (name.partition(":") for name in names):
        kinds.setdefault(kind, set()).add(rest)
    return kinds


def _months_beside(month: str, there: Sequence[str]) -> set[str]:
    """The months with posts on either side of one."""
    newer, older = [m for m in there if m > month], [m for m in there if m < month]
    return {*newer[:1], *older[-1:]}


def _keys(name: str) -> tuple[str, ...]:
    """The objects of a list."""
    if name in site.PAGE_LISTS:
        return (site.sitemap_key(name),)
    page = site.key_of(site.list_path(name))
    if name.startswith("period:"):
        period = name.partition(":")[2]
        return page, site.sitemap_key(name), *site.search_keys(period)
    return page, *site.feed_keys(name)


def _objects(name: str, settings: Site, listed: ListContents) -> Mapping[str, Object]:
    """What a list's members say; a list without any has no objects, but for the home page."""
    if not listed.members and not listed.parts and name != "home":
        return {}
    url, members = settings.base_url, listed.members
    page, *_ = _keys(name)
    cards = [member.card for member in members]
    pages: dict[str, datetime | None] = {card.path: card.date for card in cards}
    if name in site.PAGE_LISTS:
        return {page: site.sitemap_shard(url, pages)}
    if name.startswith("period:"):
        period, newer, older = name.partition(":")[2], listed.newer, listed.older
        if listed.parts:
            parts = listed.parts
            made = site.period(settings, url, period, parts=parts, newer=newer, older=older)
            return {page: made}
        found = site.search_segment(settings, period, cards) if settings.theme.search else {}
        return found | {
            page: site.period(settings, url, period, cards, newer=newer, older=older),
            site.sitemap_key(name): site.sitemap_shard(url, pages),
        }
    posts: list[Mapping[str, Any]] = [json.loads(document) for document in listed.documents]
    if name == "home":
        return {page: site.home(settings, url, cards, listed.older)} | site.feeds(
            settings, url, posts
        )
    feed = site.atom(settings, url, posts, name=name, words=members[0].words)
    return {
        page: site.term(settings, url, name, members, listed.older),
        site.feed_key(name): feed,
    }


def _of_all_months(inputs: Inputs, year_keys: Mapping[str, str]) -> Mapping[str, Object]:
    """The sitemap, the archives and the search of all months, and the pages of some years."""
    settings, months = inputs.site, inputs.months
    url, years = settings.base_url, set(map(site.year_of, months))
    mapped = [
        *(f"period:{period}" for period in inputs.periods),
        *(f"{site.PAGES}:{part}" for part in inputs.pages),
    ]
    searched = site.search_periods(inputs.periods)
    found = {site.SEARCH_PERIODS_KEY: searched} if settings.theme.search else {}
    return (
        found
        | {
            site.SITEMAP_KEY: site.sitemap_index(url, mapped),
            site.key_of(site.ARCHIVES_PATH): site.archives(settings, url, months),
        }
        | {
            key: site.year(settings, url, year, months)
            for key, year in year_keys.items()
            if year in years
        }
    )
