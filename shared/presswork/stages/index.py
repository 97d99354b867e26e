"""index: brings lists, feed and sitemaps up to date with the posts that went live or down."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.clients import variable
from presswork.aws.lists import Lists
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


@dataclass(frozen=True)
class Listed:
    """The inputs of a list's page: settings, members, newest first, and the months beside them."""

    site: Site
    members: tuple[Member, ...]
    newer: str | None = None
    older: str | None = None


@dataclass(frozen=True)
class Fed:
    """The inputs of a list's feeds: the newest posts' own `index.json` documents."""

    site: Site
    words: str
    documents: tuple[bytes, ...]


class Documents:
    """The `index.json` of posts, each state of one read once for as long as this object lives.

    A member's mark changes with its post, and a post's document is there before its mark is.
    """

    def __init__(self, bucket: SiteBucket) -> None:
        self._bucket = bucket
        self._kept: dict[tuple[str, str], bytes | None] = {}

    def of(self, items: Iterable[Item]) -> tuple[bytes, ...]:
        """The documents of members of a list, as far as they are there."""
        found = map(self._one, items)
        return tuple(document for document in found if document is not None)

    def _one(self, item: Item) -> bytes | None:
        path, mark = str(item["card"]["path"]), str(item["mark"])
        if (path, mark) not in self._kept:
            self._kept[path, mark] = self._bucket.get(site.key_of(path, "index.json"))
        return self._kept[path, mark]


@dataclass(frozen=True)
class Index:
    """The stage: only the lists that a change touched are made, each from its members alone."""

    bucket: SiteBucket
    table: Table
    topic: Topic
    site_url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(SiteBucket.from_env(), Table.from_env(), Topic.from_env(), variable("SITE_URL"))

    def index(self, id: str) -> None:
        """Brings every list that the post touched up to date, then announces that it is listed."""
        posts = Posts(self.table)
        post = posts.read(id)
        if post is None or post.live is None:
            return
        documents = Documents(self.bucket)
        for name in post.touched:
            self._list(name, documents)
        posts.listed(post, post.live)
        event = Event.of(
            Type.LISTED,
            post=post.id,
            key=post.live.source,
            revision=post.live.revision,
            turn=post.live.turn,
            now=self.clock(),
        )
        self.topic.announce(event)

    def furnish(self, furnishing: str) -> None:
        """Makes what a site has before its first post, for these settings and this software."""
        self._home(Documents(self.bucket))
        self._sitemap()
        self._years(map(site.year_of, Lists(self.table).months()))
        Sites(self.table).furnished(furnishing)

    def _list(self, name: str, documents: Documents) -> None:
        kind, _, rest = name.partition(":")
        if kind == "home":
            self._home(documents)
        elif kind == "month":
            self._month(rest)
        elif kind == "archive":
            self._archive(rest)
        else:
            self._page(name, _term, self._newest)
            self._feeds(name, documents)

    def _home(self, documents: Documents) -> None:
        settings = self._settings()
        keys = {*site.furniture(settings, settings.base_url), site.key_of(site.SEARCH_PATH)}
        converge(self.bucket, keys, self._settings, lambda s: site.furniture(s, s.base_url))
        self._page("home", _home, self._newest)
        self._feeds("home", documents)

    def _feeds(self, name: str, documents: Documents) -> None:
        """The feeds of a list; those of the site are there before its first post."""
        converge(
            self.bucket,
            site.feed_keys(name),
            lambda: self._fed(name, documents),
            lambda fed: _feeds(name, fed),
        )

    def _month(self, month: str) -> None:
        """A month's page, its sitemap, and what a search finds of it."""
        name = f"month:{month}"
        self._page(name, _month, self._whole_month)
        converge(
            self.bucket,
            [site.sitemap_key(month), *site.search_keys(month)],
            lambda: self._whole_month(name),
            lambda listed: _shards(month, listed),
        )

    def _archive(self, month: str) -> None:
        """A month that came or went: the sitemap of all, and the archives on either side."""
        lists = Lists(self.table)
        while True:
            has_posts = next(lists.newest(f"month:{month}", limit=1), None) is not None
            if lists.has_month(month) == has_posts:
                break
            self.table.write(lists.put_month(month) if has_posts else lists.delete_month(month))
        self._sitemap()
        self._years(site.years_beside(month, lists.months()))
        for beside in (lists.next_month(month), lists.previous_month(month)):
            if beside is not None:
                self._page(f"month:{beside}", _month, self._whole_month)

    def _sitemap(self) -> None:
        """The sitemap of all months, and which of them can be searched."""

        def make(inputs: tuple[Site, tuple[str, ...]]) -> Mapping[str, Object]:
            settings, months = inputs
            made = {site.SITEMAP_KEY: site.sitemap_index(settings.base_url, months)}
            if settings.theme.search:
                made[site.SEARCH_MONTHS_KEY] = site.search_months(months)
            return made

        converge(
            self.bucket,
            [site.SITEMAP_KEY, site.SEARCH_MONTHS_KEY],
            lambda: (self._settings(), Lists(self.table).months()),
            make,
        )

    def _years(self, years: Iterable[str]) -> None:
        """The way to all months, and the pages of these years."""
        keys = {site.key_of(site.list_path(f"year:{year}")): year for year in years}
        archives = site.key_of(site.ARCHIVES_PATH)

        def make(inputs: tuple[Site, tuple[str, ...]]) -> Mapping[str, Object]:
            settings, months = inputs
            url, there = settings.base_url, set(map(site.year_of, months))
            pages = {k: site.year(settings, url, y, months) for k, y in keys.items() if y in there}
            return pages | {archives: site.archives(settings, url, months)}

        converge(
            self.bucket,
            [archives, *keys],
            lambda: (self._settings(), Lists(self.table).months()),
            make,
        )

    def _page(
        self,
        name: str,
        make: Callable[[str, Listed], Object],
        read: Callable[[str], Listed],
    ) -> None:
        """One list's page; a list without members has none, but for the home page."""
        key = site.key_of(site.list_path(name))
        converge(
            self.bucket,
            [key],
            lambda: read(name),
            lambda listed: {key: make(name, listed)} if listed.members or name == "home" else {},
        )

    def _newest(self, name: str) -> Listed:
        """The newest members of a list, and the month of the next one."""
        settings = self._settings()
        items = list(Lists(self.table).newest(name, limit=site.NEWEST + 1))
        members = tuple(map(_member, items))
        older = members[site.NEWEST :]
        return Listed(
            site=settings,
            members=members[: site.NEWEST],
            older=site.month_of(settings, older[0].card.date) if older else None,
        )

    def _whole_month(self, name: str) -> Listed:
        """All members of a month, and the months with posts on either side."""
        settings, lists = self._settings(), Lists(self.table)
        month = name.partition(":")[2]
        return Listed(
            site=settings,
            members=tuple(map(_member, lists.newest(name))),
            newer=lists.next_month(month),
            older=lists.previous_month(month),
        )

    def _fed(self, name: str, documents: Documents) -> Fed:
        settings = self._settings()
        items = list(Lists(self.table).newest(name, limit=settings.feeds.entries))
        words = str(items[0]["words"]) if items and name != "home" else ""
        return Fed(site=settings, words=words, documents=documents.of(items))

    def _settings(self) -> Site:
        return Sites(self.table).read().effective(self.site_url)


def _member(item: Item) -> Member:
    return Member(card=Card.model_validate(item["card"]), words=str(item["words"]))


def _home(_: str, listed: Listed) -> Object:
    cards = [member.card for member in listed.members]
    return site.home(listed.site, listed.site.base_url, cards, listed.older)


def _month(name: str, listed: Listed) -> Object:
    cards = [member.card for member in listed.members]
    month = name.partition(":")[2]
    return site.month(listed.site, listed.site.base_url, month, cards, listed.newer, listed.older)


def _term(name: str, listed: Listed) -> Object:
    return site.term(listed.site, listed.site.base_url, name, listed.members, listed.older)


def _feeds(name: str, fed: Fed) -> Mapping[str, Object]:
    if name != "home" and not fed.words:
        return {}
    posts: list[Mapping[str, Any]] = [json.loads(document) for document in fed.documents]
    if name == "home":
        return site.feeds(fed.site, fed.site.base_url, posts)
    feed = site.atom(fed.site, fed.site.base_url, posts, name=name, words=fed.words)
    return {site.feed_key(name): feed}


def _shards(month: str, listed: Listed) -> Mapping[str, Object]:
    """The sitemap of a month, and what a search finds of it; none for a month without posts."""
    cards = [member.card for member in listed.members]
    if not cards:
        return {}
    pages = {card.path: card.date for card in cards}
    made = {site.sitemap_key(month): site.sitemap_shard(listed.site.base_url, pages)}
    if listed.site.theme.search:
        made |= site.search_segment(listed.site, month, cards)
    return made
