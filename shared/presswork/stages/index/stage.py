"""index: brings lists, feed and sitemaps up to date with the posts that went live or down."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.clients import variable
from presswork.aws.edge import Edge
from presswork.aws.lists import MONTHS, PAGES
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.events import Event, Type
from presswork.messages import Message, PublishBase, unknown
from presswork.object import Object
from presswork.settings import Site
from presswork.site import Member
from presswork.stages.converge import converge
from presswork.stages.index.periods import Note, Notes, Periods
from presswork.state import BuildId, ListMember, PostState
from presswork.tasks import (
    InvalidateMedia,
    InvalidatePath,
    Task,
    UpdateList,
    UpdateMonth,
    UpdatePageList,
    UpdateParts,
)
from presswork.theme_files import ThemeFiles


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
    theme: ThemeFiles
    lists: Mapping[str, ListContents] = field(default_factory=dict)
    months: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


KEPT_BYTES = 8 * 1024 * 1024


class Documents:
    """The `index.json` of posts, each state of one read once, as long as there is room for it.

    A member's digest changes with its post, and a post's document is there before the member is.
    """

    def __init__(self, bucket: SiteBucket) -> None:
        self._bucket = bucket
        self._kept: dict[tuple[str, str], bytes] = {}
        self._bytes = 0

    def of(self, members: Iterable[ListMember]) -> tuple[bytes, ...]:
        """The documents of members of a list, as far as they are there."""
        documents = map(self._one, members)
        return tuple(document for document in documents if document is not None)

    def _one(self, member: ListMember) -> bytes | None:
        path, digest = member.card.path, member.content_digest
        document = self._kept.get((path, digest))
        if document is None:
            document = self._bucket.get(site.data_key(path))
            if document is not None:
                self._keep(path, digest, document)
        return document

    def _keep(self, path: str, digest: str, document: bytes) -> None:
        self._bytes += len(document)
        if self._bytes > KEPT_BYTES:
            self._kept.clear()
            self._bytes = len(document)
        self._kept[path, digest] = document


@dataclass(frozen=True)
class Index:
    """The stage: only the lists that a change touched are made, each from its members alone."""

    bucket: SiteBucket
    stores: Stores
    topic: Topic
    edge: Edge
    site_url: str
    most: int = site.LARGEST_PERIOD

    @cached_property
    def documents(self) -> Documents:
        """Kept from one message to the next: most of a feed's posts are those of the last time."""
        return Documents(self.bucket)

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            bucket=SiteBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            edge=Edge.from_env(),
            site_url=variable("SITE_URL"),
        )

    def route(self, messages: Iterable[Event | Message]) -> None:
        """Does what a batch of messages asks for, each list once however many posts are in it."""
        builds: list[BuildId] = []
        ids: list[str] = []
        for message in messages:
            match message:
                case Event(type=Type.LIVE | Type.REMOVED):
                    ids.append(message.data.post)
                case PublishBase():
                    builds.append(message.build)
                case _:
                    raise unknown("index", message)
        for build in builds:
            self.publish_base(build)
        self.index(ids)

    def index(self, ids: Iterable[str]) -> None:
        """Brings every list that the posts touched up to date, each once; then announces them."""
        states = [post for id in dict.fromkeys(ids) if (post := self.stores.posts.read(id))]
        posts = [post for post in states if post.live]
        if not posts:
            return
        site_state = self.stores.sites.read()
        if site_state.base_published != site_state.build:
            self.publish_base(site_state.build)
        notes = Notes(self.stores.posts, posts[0])
        tasks: list[Task] = [task for post in posts for task in post.pending_index.known]
        self.bring_up_to_date(tasks, notes)
        keys = [key for task in tasks for key in _cached_at(task)]
        if keys:
            why = [f"{post.id}.{post.live.version}" for post in posts if post.live]
            self.edge.forget(keys, why)
        for post in (notes.post, *posts[1:]):
            self.stores.posts.clear(post, "pending_index")
            self._announce(post)

    def _announce(self, post: PostState) -> None:
        if post.live is not None:
            self.topic.announce(
                Type.LISTED,
                post=post.id,
                key=post.live.source,
                revision=post.live.revision,
                generation=post.live.generation,
            )

    def publish_base(self, build: BuildId) -> None:
        """Makes what a site has before its first post, for these settings and this software."""
        keys = {*_base_objects(self._inputs()), site.key_of(site.SEARCH_PATH)}
        converge(self.bucket, keys, self._inputs, _base_objects)
        years = {site.year_of(month) for month in self.stores.lists.names(MONTHS)}
        self._converge(["home"], years=years, with_months=True)
        self.stores.sites.base_published(build)

    def make(self, names: Sequence[str]) -> None:
        """Makes the objects of these lists, and nothing else."""
        self._converge(names)

    def bring_up_to_date(self, tasks: Iterable[Task], note: Note) -> None:
        """Makes every object that tasks call for, each list read once however many need it.

        What is found to do is noted before it is begun.
        """
        work = set(tasks)

        def noted(more: Iterable[Task]) -> None:
            work.update(more)
            note(more)

        lists = {task.list for task in work if isinstance(task, UpdateList)}
        positions = {name for name in lists if name.startswith("period:")}
        periods = {
            period
            for name in sorted(positions)
            for period in Periods(self.stores, self.most).settle(name.partition(":")[2], noted)
        }
        months = {task.month for task in work if isinstance(task, UpdateMonth)}
        parts = {task.part for task in work if isinstance(task, UpdatePageList)}
        turned = {task.period for task in work if isinstance(task, UpdateParts)}
        for part in parts:
            self._settle_name(PAGES, part, f"{site.PAGES}:{part}")
        years: set[str] = set()
        for month in months:
            there = self._settle_name(MONTHS, month, f"period:{month}")
            years.update(site.years_beside(month, there))
            periods.update(_months_beside(month, there))
        names = {f"period:{period}" for period in periods | turned} | (lists - positions)
        self._make_parts(turned, of_split=True)
        self._converge(sorted(names), years=years, with_months=bool(months or parts))
        self._make_parts(turned, of_split=False)

    def _make_parts(self, periods: Iterable[str], *, of_split: bool) -> None:
        """Makes, or takes away, the parts of periods that came to be split, or whole.

        Parts come before the pages that lead to them, and go after those lead elsewhere.
        """
        for period in sorted(periods):
            if (self.stores.lists.parts(period) is not None) is of_split:
                for part in site.parts_of(period):
                    self._converge([f"period:{part}"])

    def _settle_name(self, kind: str, name: str, list: str) -> tuple[str, ...]:
        """All of a kind that have members, once it is settled whether this one is among them."""
        lists = self.stores.lists
        while True:
            has_members = lists.is_longer(list, 0)
            there = lists.names(kind)
            if (name in there) == has_members:
                return there
            put, delete = lists.put_name(kind, name), lists.delete_name(kind, name)
            self.stores.write(put if has_members else delete)

    def _converge(
        self, names: Sequence[str], *, years: Iterable[str] = (), with_months: bool = False
    ) -> None:
        year_keys = {site.key_of(site.list_path(f"year:{year}")): year for year in sorted(years)}
        keys = [key for name in names for key in _keys(name)]
        if with_months:
            keys += [site.SITEMAP_KEY, site.SEARCH_PERIODS_KEY]
            keys += [site.key_of(site.ARCHIVES_PATH), *year_keys]

        def read() -> Inputs:
            inputs, store = self._inputs(), self.stores.lists
            months = store.names(MONTHS) if with_months else ()
            return replace(
                inputs,
                lists={name: self._read(name, inputs.site) for name in names},
                months=months,
                periods=site.whole_periods(months, store.splits()) if with_months else (),
                pages=store.names(PAGES) if with_months else (),
            )

        def make(inputs: Inputs) -> Mapping[str, Object]:
            objects: dict[str, Object] = {}
            for name, listed in inputs.lists.items():
                objects |= _objects(name, inputs, listed)
            if with_months:
                objects |= _of_all_months(inputs, year_keys)
            return objects

        converge(self.bucket, keys, read, make)

    def _read(self, name: str, settings: Site) -> ListContents:
        lists = self.stores.lists
        kind, _, rest = name.partition(":")
        if kind == "period":
            return self._read_period(rest)
        if kind == site.PAGES:
            return ListContents(members=tuple(map(_member, lists.newest(name))))
        most = max(site.NEWEST + 1, settings.feeds.entries)
        found = list(lists.newest(name, limit=most))
        members = tuple(map(_member, found))
        older = members[site.NEWEST :]
        return ListContents(
            members=members[: site.NEWEST],
            older=site.month_of(settings, older[0].card.date) if older else None,
            documents=self.documents.of(found[: settings.feeds.entries]),
        )

    def _read_period(self, period: str) -> ListContents:
        lists = self.stores.lists
        larger = site.larger_period(period)
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

    def _inputs(self) -> Inputs:
        """What every page depends on."""
        state = self.stores.sites.read()
        return Inputs(state.effective(self.site_url), self.stores.themes.read(state.theme))


def _base_objects(inputs: Inputs) -> Mapping[str, Object]:
    return site.base_objects(inputs.site, inputs.site.base_url, theme=inputs.theme)


def _cached_at(task: Task) -> tuple[str, ...]:
    """What caches are to forget for a task."""
    match task:
        case InvalidatePath():
            return site.cached_at(task.path)
        case InvalidateMedia():
            return (site.media_cached_at(task.media),)
        case _:
            return ()


def _member(member: ListMember) -> Member:
    return Member(card=member.card, words=member.words, subcategories=dict(member.subcategories))


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


def _objects(name: str, inputs: Inputs, listed: ListContents) -> Mapping[str, Object]:
    """What a list's members say; a list without any has no objects, but for the home page."""
    if not listed.members and not listed.parts and name != "home":
        return {}
    settings, theme, members = inputs.site, inputs.theme, listed.members
    url = settings.base_url
    page, *_ = _keys(name)
    cards = [member.card for member in members]
    if name in site.PAGE_LISTS:
        return {page: site.sitemap_shard(url, cards)}
    if name.startswith("period:"):
        period, newer, older = name.partition(":")[2], listed.newer, listed.older
        if listed.parts:
            parts = listed.parts
            made = site.period(
                settings, url, period, parts=parts, newer=newer, older=older, theme=theme
            )
            return {page: made}
        found = site.search_segment(settings, period, cards) if settings.theme.search else {}
        return found | {
            page: site.period(settings, url, period, cards, newer=newer, older=older, theme=theme),
            site.sitemap_key(name): site.sitemap_shard(url, cards),
        }
    posts: list[Mapping[str, Any]] = [json.loads(document) for document in listed.documents]
    if name == "home":
        return {page: site.home(settings, url, cards, listed.older, theme=theme)} | site.feeds(
            settings, url, posts
        )
    feed = site.atom(settings, url, posts, name=name, words=members[0].words)
    return {
        page: site.term(settings, url, name, members, listed.older, theme=theme),
        site.feed_key(name): feed,
    }


def _of_all_months(inputs: Inputs, year_keys: Mapping[str, str]) -> Mapping[str, Object]:
    """The sitemap, the archives and the search of all months, and the pages of some years."""
    settings, theme, months = inputs.site, inputs.theme, inputs.months
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
            site.key_of(site.ARCHIVES_PATH): site.archives(settings, url, months, theme=theme),
        }
        | {
            key: site.year(settings, url, year, months, theme=theme)
            for key, year in year_keys.items()
            if year in years
        }
    )
