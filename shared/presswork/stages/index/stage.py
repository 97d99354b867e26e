"""index: brings lists, feed and sitemaps up to date with the posts that went live or down."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.edge import Edge
from presswork.aws.lists import KINDS, MONTHS, PAGES
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import RetryLater
from presswork.events import Event, Type
from presswork.messages import InvalidateSite, MakeLists, Message, PublishBase, unknown
from presswork.object import Object
from presswork.settings import Site
from presswork.stages.converge import converge
from presswork.stages.index.caches import Caches
from presswork.stages.index.contents import ARCHIVES, Documents, ListContents, ListReader
from presswork.stages.index.objects import keys_of, objects_of
from presswork.stages.index.splits import Note, Notes, OutboxMoved, Splits
from presswork.state import BuildId, PostState
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

PATIENCE, MOST_HOPS = 60, 10
"""Seconds until a document is looked for again, and how often: render tries again in minutes."""


@dataclass(frozen=True)
class Inputs:
    """All that the objects of some lists depend on, each read once."""

    site: Site
    theme: ThemeFiles
    lists: Mapping[str, ListContents] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def words(self, name: str) -> str | None:
        """How the newest post of a term spells it; None when there is no post."""
        return next((member.words for member in self.lists[name].members), None)


@dataclass(frozen=True)
class Index:
    """The stage: only the lists that a change touched are made, each from its members alone."""

    bucket: SiteBucket
    stores: Stores
    topic: Topic
    edge: Edge
    queue: Queue
    site_url: str
    most: int = site.LARGEST_PERIOD
    clock: Callable[[], datetime] = utc_now

    @cached_property
    def caches(self) -> Caches:
        """What stands between the site and its readers."""
        return Caches(self.edge, self.stores.invalidations, self.queue, self.clock)

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
            queue=Queue.from_env("INDEX_QUEUE_URL"),
            site_url=variable("SITE_URL"),
        )

    def route(self, messages: Iterable[Event | Message]) -> None:
        """Does what a batch of messages asks for, each list once however many posts are in it."""
        builds: list[BuildId] = []
        again: list[MakeLists] = []
        over: set[datetime] = set()
        posts: dict[str, bool] = {}
        for message in messages:
            match message:
                case Event(type=Type.LIVE | Type.REMOVED):
                    about = message.data
                    posts[about.post] = about.bulk and posts.get(about.post, True)
                case PublishBase():
                    builds.append(message.build)
                case MakeLists():
                    again.append(message)
                case InvalidateSite():
                    over.add(message.before)
                case _:
                    raise unknown("index", message)
        self.index(posts, [id for id, is_bulk in posts.items() if is_bulk])
        for build in builds:
            self.publish_base(build)
        for message in again:
            self._make_again(message)
        for instant in sorted(over):
            self.caches.forget_everything(instant)

    def index(self, ids: Iterable[str], bulk: Collection[str] = ()) -> None:
        """Brings every list that the posts touched up to date, each once; then announces them.

        It begins anew at once when an outbox moved: the message would be back in minutes.
        """
        ids = tuple(dict.fromkeys(ids))
        retry_on_conflict(f"the lists of {', '.join(ids)}", lambda: self._attempt(ids, bulk))

    def _attempt(self, ids: Iterable[str], bulk: Collection[str]) -> None:
        states = [post for id in ids if (post := self.stores.posts.read(id))]
        posts = [post for post in states if post.live]
        if not posts:
            return
        site_state = self.stores.sites.read()
        if site_state.base_published is None:  # later builds have a message of their own
            self.publish_base(site_state.build)
        notes = Notes(self.stores.posts, posts[0])
        tasks: list[Task] = [task for post in posts for task in post.pending_index.known]
        try:
            self.bring_up_to_date(tasks, notes)
        except OutboxMoved as error:
            raise Changed from error
        keys = [key for task in tasks for key in _cached_at(task)]
        if keys:
            why = [f"{post.id}.{post.live.version}" for post in posts if post.live]
            self.caches.forget(keys, why)
        for post in (notes.post, *posts[1:]):
            self.stores.posts.clear(post, "pending_index")
            self._announce(post, bulk=post.id in bulk)

    def _announce(self, post: PostState, *, bulk: bool) -> None:
        if post.live is not None:
            self.topic.announce(
                Type.LISTED,
                post=post.id,
                key=post.live.source,
                revision=post.live.revision,
                generation=post.live.generation,
                correlationid=post.accepted.correlationid if post.accepted else None,
                bulk=bulk,
            )

    def publish_base(self, build: BuildId) -> None:
        """Makes what a site has before its first post, for these settings and this software."""
        keys = {*_base_objects(self._inputs()), site.key_of(site.SEARCH_PATH)}
        keys -= set(map(site.key_of, site.OF_EVERY_SITE))  # those are of render
        converge(self.bucket, keys, self._inputs, _base_objects)
        years = [f"home.{year}" for year in self.stores.lists.years("home")]
        for name in ("home", *years):  # each alone: in a burst of posts most of them change
            self._converge([name])
        self._converge([], with_months=True)
        for kind in self.stores.lists.names(KINDS):
            self._make_all_of(f"terms:{kind}")
        self.stores.sites.base_published(build)

    def _make_all_of(self, name: str) -> None:
        """Makes all that leads to the terms of a kind."""
        self._converge([name])
        for part in self.stores.lists.parts(name) or ():
            self._make_all_of(site.part_of(name, part))

    def make(self, names: Sequence[str]) -> None:
        """Makes the objects of these lists, and nothing else."""
        self._make(names)

    def _make_again(self, message: MakeLists) -> None:
        """Makes lists once their documents ought to be there; somebody is to look in the end."""
        awaited = _awaited(self._make(message.lists))
        if awaited and message.hop >= MOST_HOPS:
            state = self.stores.sites.read()
            if state.backfilled != state.build:
                return  # the backfill renders their posts, and then come their lists
            raise RetryLater(f"the documents of {', '.join(awaited)} are not those of their posts")
        self._wait_for(awaited, message.hop + 1)

    def _wait_for(self, lists: tuple[str, ...], hop: int = 1) -> None:
        """Has lists made again later: a worker is about to put right what they were made of."""
        if lists:
            self.queue.send(MakeLists(lists=lists, hop=hop), delay=PATIENCE)

    def bring_up_to_date(self, tasks: Iterable[Task], note: Note) -> None:
        """Makes every object that tasks call for, each list read once however many need it.

        What is found to do is noted before it is begun.
        """
        work = set(tasks)

        def noted(more: Iterable[Task]) -> None:
            more = set(more)
            work.update(more)
            note(more)

        settings = self.stores.sites.read().site
        splits = Splits(self.stores, self.most, settings)
        lists = {task.list for task in work if isinstance(task, UpdateList)}
        terms = {name for name in lists if site.whole_list(name) in site.TERM_LISTS}
        made = self._make_lists(lists - terms, work, noted, splits)
        terms |= set(
            self._settle_terms([name for name in lists if site.is_term(name)], made, noted)
        )
        if terms:
            self._make_terms(terms, work, noted, splits)
        if made.site.zone != settings.zone:
            raise RetryLater("the site's time zone changed, and with it its years and days")

    def _make_lists(
        self, lists: Iterable[str], work: set[Task], note: Note, splits: Splits
    ) -> Inputs:
        """Makes lists of posts, and what names months and lists of pages."""
        lists = tuple(lists)
        names = {name for list in lists for name in _to_make(list, splits, note)}
        note(self._unnamed(set(site.renamings(lists)) - work))
        months = {task.month for task in work if isinstance(task, UpdateMonth)}
        pages = {task.part for task in work if isinstance(task, UpdatePageList)}
        for part in pages:
            self._settle_name(PAGES, part, f"{site.PAGES}:{part}")
        for month in months:
            there = self._settle_name(MONTHS, month, f"period:{month}")
            names.update(f"home.{year}" for year in site.years_beside(month, there))
            names.update(f"period:{each}" for each in _months_beside(month, there))
        turned = {name for name in _turned(work) if not site.names_terms(name)}
        return self._make_with_parts(names, turned, with_months=bool(months or pages))

    def _unnamed(self, names: Iterable[UpdateMonth | UpdatePageList]) -> list[Task]:
        """What has to be named, for it may have got its first post.

        Who takes the last member away looks again after that: no transaction of a post checks it.
        """
        is_named = self.stores.lists.is_named
        return [
            task
            for task in names
            if not (
                is_named(MONTHS, task.month)
                if isinstance(task, UpdateMonth)
                else is_named(PAGES, task.part)
            )
        ]

    def _settle_terms(self, positions: Iterable[str], made: Inputs, note: Note) -> Iterator[str]:
        """Names each term as its newest post does, and returns those that were named otherwise."""
        lists = self.stores.lists
        for name in sorted({site.whole_list(each) for each in positions if site.is_term(each)}):
            kind, _, slug = name.partition(":")
            words = made.words(name)
            while words != lists.term(kind, slug):
                position = site.part_of(f"terms:{kind}", slug)
                note([UpdateList(list=position)])
                put = lists.put_term(kind, slug, words) if words else None
                self.stores.write(put or lists.delete_term(kind, slug))
                yield position
                words = next((m.words for m in lists.newest(name, limit=1)), None)

    def _make_terms(
        self, positions: Iterable[str], work: set[Task], note: Note, splits: Splits
    ) -> None:
        """Makes what leads to terms that came, went, or are called otherwise."""
        names = {name for each in positions for name in _to_make(each, splits, note)}
        for name in {site.whole_list(each) for each in positions}:
            self._settle_name(KINDS, name.partition(":")[2], name)
        self._make_with_parts(
            {*names, ARCHIVES}, {name for name in _turned(work) if site.names_terms(name)}
        )

    def _make_with_parts(
        self, names: Iterable[str], turned: Iterable[str], *, with_months: bool = False
    ) -> Inputs:
        """Makes lists, and the parts of those that came to be split, or whole."""
        turned = sorted(turned)
        self._make_parts(turned, of_split=True)
        made = self._converge(sorted({*names, *turned}), with_months=with_months)
        self._make_parts(turned, of_split=False)
        return made

    def _make_parts(self, names: Iterable[str], *, of_split: bool) -> None:
        """Makes, or takes away, the parts of lists that came to be split, or whole.

        Parts come before the pages that lead to them, and go after those lead elsewhere.
        """
        for name in names:
            recorded = self.stores.lists.parts(name)
            if bool(recorded) is of_split:
                for part in site.possible_parts(name) or recorded or ():
                    self._converge([site.part_of(name, part)])

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

    def _converge(self, names: Sequence[str], *, with_months: bool = False) -> Inputs:
        """Makes the objects of lists, and returns what they were made of.

        A document that is not there yet keeps no other from being shown: it is looked for later.
        """
        made = self._make(names, with_months=with_months)
        self._wait_for(_awaited(made))
        return made

    def _make(self, names: Sequence[str], *, with_months: bool = False) -> Inputs:
        names = [*names, *([ARCHIVES] if with_months and ARCHIVES not in names else [])]
        keys = [key for name in names for key in keys_of(name)]
        if with_months:
            keys += [site.SITEMAP_KEY, site.SEARCH_PERIODS_KEY]

        def read() -> Inputs:
            inputs, store = self._inputs(), self.stores.lists
            reader = ListReader(store, self.documents, inputs.site, self.most)
            months = store.names(MONTHS) if with_months else ()
            return replace(
                inputs,
                lists={name: reader.read(name) for name in names},
                periods=site.whole_periods(months, store.splits()) if with_months else (),
                pages=store.names(PAGES) if with_months else (),
            )

        def make(inputs: Inputs) -> Mapping[str, Object]:
            objects: dict[str, Object] = {}
            for name, listed in inputs.lists.items():
                objects |= objects_of(name, inputs.site, inputs.theme, listed)
            if with_months:
                objects |= _sitemap(inputs)
            return objects

        return converge(self.bucket, keys, read, make)

    def _inputs(self) -> Inputs:
        """What every page depends on."""
        state = self.stores.sites.read()
        return Inputs(state.effective(self.site_url), self.stores.themes.read(state.theme))


def _base_objects(inputs: Inputs) -> Mapping[str, Object]:
    return site.base_objects(inputs.site, inputs.site.base_url, theme=inputs.theme)


def _awaited(made: Inputs) -> tuple[str, ...]:
    """The lists that were made of what is to come."""
    return tuple(name for name, listed in made.lists.items() if listed.awaited)


def _cached_at(task: Task) -> tuple[str, ...]:
    """What caches are to forget for a task."""
    match task:
        case InvalidatePath():
            return site.cached_at(task.path)
        case InvalidateMedia():
            return (site.media_cached_at(task.media),)
        case _:
            return ()


def _to_make(name: str, splits: Splits, note: Note) -> set[str]:
    """The lists to be made for one, or for a position in one, once their record is right."""
    if not site.part_in(name):
        return {name}
    whole = set() if name.startswith("period:") else {site.whole_list(name)}
    return whole | set(splits.settle(name, note))


def _turned(work: Iterable[Task]) -> set[str]:
    """The lists that came to be split, or whole."""
    return {task.list for task in work if isinstance(task, UpdateParts)}


def _months_beside(month: str, there: Sequence[str]) -> set[str]:
    """The months with posts on either side of one."""
    newer, older = [m for m in there if m > month], [m for m in there if m < month]
    return {*newer[:1], *older[-1:]}


def _sitemap(inputs: Inputs) -> Mapping[str, Object]:
    """The sitemap and the search of all months."""
    settings = inputs.site
    mapped = [
        *(f"period:{period}" for period in inputs.periods),
        *(f"{site.PAGES}:{part}" for part in inputs.pages),
    ]
    searched = site.search_periods(inputs.periods)
    found = {site.SEARCH_PERIODS_KEY: searched} if settings.theme.search else {}
    return found | {site.SITEMAP_KEY: site.sitemap_index(settings.base_url, mapped)}
