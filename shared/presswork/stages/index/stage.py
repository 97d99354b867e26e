"""index: brings lists, feed and sitemaps up to date with the posts that went live or down."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Self

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.edge import Edge
from presswork.aws.lists import KINDS, MONTHS, PAGES, Lists
from presswork.aws.look import TableLook
from presswork.aws.parallel import in_parallel
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.events import Event, Type
from presswork.messages import InvalidateSite, ListPosts, MakeLists, Message, PublishBase, unknown
from presswork.object import Object
from presswork.settings import Site
from presswork.stages.converge import NO_LONGER_AT_WORK, converge
from presswork.stages.index.caches import Caches
from presswork.stages.index.contents import (
    ARCHIVES,
    SITEMAP,
    Documents,
    ListContents,
    ListReader,
)
from presswork.stages.index.members import Members, Reach
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

MOST_LOOKS, A_MOMENT = 4, 5
"""How often lists are looked at while they move, and seconds until those are made that still did.

Whoever made them move has them made as well: who looks last makes them right for all.
"""

MOST_TOGETHER = 100
"""How many lists are made together, and posts read: what lists are made of is held in memory."""

ENOUGH = timedelta(seconds=15)
"""After this time a batch begins no more posts: it would be out of time in the middle of them."""


@dataclass(frozen=True)
class Inputs:
    """All that the objects of some lists depend on, each read once; and who read it."""

    site: Site
    theme: ThemeFiles
    reader: ListReader = field(compare=False)
    lists: Mapping[str, ListContents] = field(default_factory=dict)

    def words(self, name: str) -> str | None:
        """How the newest post of a term spells it; None when there is no post."""
        return next((member.words for member in self.lists[name].members), None)


class ListsMove(Exception):
    """Lists whose members changed between two looks, time and again.

    `others` were left besides, and did not move; `seen` is the last look at each.
    """

    def __init__(self, names: Collection[str], others: Sequence[str], seen: Inputs) -> None:
        super().__init__(*names)
        self.names, self.others, self.seen = names, others, seen


class Restless(Exception):
    """Lists that are not right after as many messages as may follow each other: theirs alone fails.

    With RetryLater the whole batch would come again, and with it posts that are listed already.
    """


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
    documents: Documents = field(default_factory=Documents)
    """Kept from one message to the next: most of a feed's posts are those of the last time."""
    reach: Reach = field(default_factory=Reach)
    """Kept as well: a list is about as long as it was the last time."""
    hop: int = 0
    """How often a list of this batch was left to a message: Lambda stops a chain of sixteen."""

    @cached_property
    def caches(self) -> Caches:
        """What stands between the site and its readers."""
        return Caches(self.edge, self.stores.invalidations, self.queue, self.clock)

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

    def route(self, messages: Sequence[Event | Message]) -> None:
        """Does what a batch of messages asks for, each list once however many posts are in it."""
        builds: list[BuildId] = []
        again: list[MakeLists] = []
        over: set[datetime] = set()
        for message in messages:
            match message:
                case Event(type=Type.LIVE | Type.REMOVED) | ListPosts():
                    pass
                case PublishBase():
                    builds.append(message.build)
                case MakeLists():
                    again.append(message)
                case InvalidateSite():
                    over.add(message.before)
                case _:
                    raise unknown("index", message)
        batch = replace(self, hop=max((message.hop for message in again), default=0))
        posts = _posts_of(messages)
        bulk = [id for id, is_bulk in posts.items() if is_bulk]
        batch.index(sorted(posts, key=posts.__getitem__), bulk, self.clock() + ENOUGH)
        for build in builds:
            batch.publish_base(build)
        if again:
            batch.make_again({name for message in again for name in message.lists})
        for instant in sorted(over):
            self.caches.forget_everything(instant)

    def index(
        self, ids: Iterable[str], bulk: Collection[str] = (), until: datetime | None = None
    ) -> None:
        """Brings every list that the posts touched up to date, each once; then announces them.

        It begins anew at once when an outbox moved: the message would be back in minutes. Posts
        that are not begun `until` then go on in messages; some are begun in any case.
        """
        left = tuple(dict.fromkeys(ids))
        while left:
            some, rest = left[:MOST_TOGETHER], left[MOST_TOGETHER:]
            about = f"the lists of {', '.join(some)}"
            left = (*retry_on_conflict(about, partial(self._attempt, some, bulk)), *rest)
            if until and self.clock() >= until:
                self._put_off(left, bulk)
                return

    def _put_off(self, ids: Sequence[str], bulk: Collection[str]) -> None:
        """Sends posts on, bulk work apart: what an author waits for goes before it."""
        for is_bulk in (False, True):
            posts = [id for id in ids if (id in bulk) is is_bulk]
            for at in range(0, len(posts), MOST_TOGETHER):
                some = tuple(posts[at : at + MOST_TOGETHER])
                self.queue.send(ListPosts(posts=some, bulk=is_bulk))

    def _attempt(self, ids: Sequence[str], bulk: Collection[str]) -> tuple[str, ...]:
        """Does as many of the posts as can be done together, and returns the others."""
        look = TableLook.at(self.stores.table)
        wanted = map(self.stores.posts.wanted, ids)
        site_state, *states = look.read_all(self.stores.sites.wanted(), *wanted)
        live = [post for post in states if post and post.live]
        posts = _together(live)
        if not posts:
            return ()
        if site_state.base_published is None:  # later builds have a message of their own
            self.publish_base(site_state.build)
        notes = Notes(self.stores.posts, posts[0])
        tasks: list[Task] = [task for post in posts for task in post.pending_index.known]
        try:
            made = self.bring_up_to_date(tasks, notes, look)
        except OutboxMoved as error:
            raise Changed from error
        if any(post.pending_index.overtaken for post in posts):
            # The worker of an earlier change may write late, and die before it looks again: its
            # message will find nothing to do.
            again = MakeLists(lists=tuple(sorted(made)), hop=self.hop + 1)
            self.queue.send(again, delay=NO_LONGER_AT_WORK)
        keys = [key for task in tasks for key in _cached_at(task)]
        if keys:
            why = [f"{post.id}.{post.live.version}" for post in posts if post.live]
            self.caches.forget(keys, why)
        in_parallel(
            partial(self._finish, post, bulk=post.id in bulk) for post in (notes.post, *posts[1:])
        )
        return tuple(post.id for post in live[len(posts) :])

    def _finish(self, post: PostState, *, bulk: bool) -> None:
        """Takes away what was done for a post, and only then announces that it is."""
        self.stores.posts.clear(post, "pending_index")
        self._announce(post, bulk=bulk)

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
        converge(self.bucket, keys, lambda _: self._inputs(), _base_objects)
        years = [f"home.{year}" for year in self.stores.lists.years("home")]
        for name in ("home", *years):  # each alone: in a burst of posts most of them change
            self._converge([name])
        self._converge([ARCHIVES, SITEMAP])
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

    def make_again(self, names: Collection[str]) -> None:
        """Makes lists that moved, or whose documents ought to be there now, each once.

        Somebody is to look in the end.
        """
        made, moving = self._make(sorted(names))
        awaited = _awaited(made)
        if self.hop < MOST_HOPS:
            self._leave(moving, awaited)
            return
        if moving:
            raise Restless(f"the members of {', '.join(moving)} keep changing")
        state = self.stores.sites.read()
        if awaited and state.backfilled == state.build:  # else the backfill renders their posts
            raise Restless(f"the documents of {', '.join(awaited)} are not those of their posts")

    def _leave(self, moving: tuple[str, ...], awaited: tuple[str, ...]) -> None:
        """Has lists made again later: a worker is about to put right what they were made of."""
        for lists, delay in ((moving, A_MOMENT), (awaited, PATIENCE)):
            if lists:
                self.queue.send(MakeLists(lists=lists, hop=self.hop + 1), delay=delay)

    def bring_up_to_date(
        self, tasks: Iterable[Task], note: Note, look: TableLook | None = None
    ) -> set[str]:
        """Makes every object that tasks call for, each list read once however many need it.

        Returns the lists that were made. What is found to do is noted before it is begun. What
        `look` knows was read after the tasks.
        """
        work = set(tasks)

        def noted(more: Iterable[Task]) -> None:
            more = set(more)
            work.update(more)
            note(more)

        lists = {task.list for task in work if isinstance(task, UpdateList)}
        terms = {name for name in lists if site.whole_list(name) in site.TERM_LISTS}
        reader = self._foreseen(lists - terms, look)
        zone = reader.settings.zone
        made = self._make_lists(lists - terms, work, noted, reader)
        terms |= self._settle_terms(lists, made, noted)
        names = set(made.lists)
        if terms:
            names |= set(self._make_terms(terms, work, noted).lists)
        if made.site.zone != zone:
            raise Changed  # and with it the years and days: begin anew
        return names

    def _make_lists(
        self, lists: Iterable[str], work: set[Task], note: Note, reader: ListReader
    ) -> Inputs:
        """Makes lists of posts, and what names months and lists of pages."""
        lists = tuple(lists)
        splits = Splits(reader.members, reader.settings)
        names = {name for list in lists for name in _to_make(list, splits, note)}
        note(_unnamed(set(site.renamings(lists)) - work, reader.lists))
        months = {task.month for task in work if isinstance(task, UpdateMonth)}
        pages = {task.part for task in work if isinstance(task, UpdatePageList)}
        for part in pages:
            self._settle_name(PAGES, part, f"{site.PAGES}:{part}", reader)
        for month in months:
            there = self._settle_name(MONTHS, month, f"period:{month}", reader)
            names.update(f"home.{year}" for year in site.years_beside(month, there))
            names.update(f"period:{each}" for each in _months_beside(month, there))
        if months or pages:
            names |= {ARCHIVES, SITEMAP}
        turned = {name for name in _turned(work) if not site.names_terms(name)}
        if any(name.startswith("home.") for name in turned):  # a year is searched otherwise
            names.add(SITEMAP)
        return self._make_with_parts(names, turned, reader)

    def _settle_terms(self, positions: Iterable[str], made: Inputs, note: Note) -> set[str]:
        """Names each term as its newest post does, and returns those that were named otherwise."""
        terms = {site.whole_list(each) for each in positions if site.is_term(each)}
        lists = made.reader.lists
        others = [name for name in sorted(terms) if made.words(name) != lists.term(*_term(name))]
        changed = {site.part_of(f"terms:{kind}", slug) for kind, slug in map(_term, others)}
        note(UpdateList(list=each) for each in changed)
        in_parallel(partial(self._name_term, name, made.words(name)) for name in others)
        return changed

    def _name_term(self, name: str, words: str | None) -> None:
        """Names a term by these words, and looks again until its newest post spells it so."""
        lists, (kind, slug) = self.stores.lists, _term(name)
        while True:
            put = lists.put_term(kind, slug, words) if words else None
            self.stores.write(put or lists.delete_term(kind, slug))
            words = next((m.words for m in lists.newest(name, limit=1)), None)
            if words == lists.term(kind, slug):
                return

    def _make_terms(self, positions: Iterable[str], work: set[Task], note: Note) -> Inputs:
        """Makes what leads to terms that came, went, or are called otherwise."""
        reader = self._foreseen({*positions, ARCHIVES})
        splits = Splits(reader.members, reader.settings)
        names = {name for each in positions for name in _to_make(each, splits, note)}
        for name in {site.whole_list(each) for each in positions}:
            self._settle_name(KINDS, name.partition(":")[2], name, reader)
        turned = {name for name in _turned(work) if site.names_terms(name)}
        return self._make_with_parts({*names, ARCHIVES}, turned, reader)

    def _make_with_parts(
        self, names: Iterable[str], turned: Iterable[str], reader: ListReader
    ) -> Inputs:
        """Makes lists, and the parts of those that came to be split, or whole."""
        turned = sorted(turned)
        parts = self._make_parts(turned, of_split=True)
        made = self._converge(sorted({*names, *turned}), reader)
        parts |= self._make_parts(turned, of_split=False)
        return replace(made, lists={**parts, **made.lists})

    def _make_parts(self, names: Iterable[str], *, of_split: bool) -> dict[str, ListContents]:
        """Makes, or takes away, the parts of lists that came to be split, or whole.

        Parts come before the pages that lead to them, and go after those lead elsewhere.
        """
        made: dict[str, ListContents] = {}
        for name in names:
            recorded = self.stores.lists.parts(name)
            if bool(recorded) is of_split:
                for part in site.possible_parts(name) or recorded or ():
                    made |= self._converge([site.part_of(name, part)]).lists
        return made

    def _settle_name(self, kind: str, name: str, list: str, reader: ListReader) -> tuple[str, ...]:
        """All of a kind that have members, once it is settled whether this one is among them."""
        members, lists, look = reader.members, reader.lists, reader.members.look
        while True:
            has_members = members.are_there(list)
            there = lists.names(kind)
            if (name in there) == has_members:
                return there
            members.forget(list)
            put, delete = lists.put_name(kind, name), lists.delete_name(kind, name)
            look.write(put if has_members else delete)

    def _converge(self, names: Sequence[str], reader: ListReader | None = None) -> Inputs:
        """Makes the objects of lists, and returns what they were made of.

        Neither a document that is not there yet nor a list that keeps moving holds up the others:
        a message is sent to look at those later.
        """
        made, moving = self._make(names, reader)
        self._leave(moving, _awaited(made))
        return made

    def _make(
        self, names: Sequence[str], reader: ListReader | None = None
    ) -> tuple[Inputs, tuple[str, ...]]:
        """Makes the objects of lists, and returns what of and which lists are left: they move.

        The first look at them is that of `reader`, if there is one. Any other is new, for it is to
        see what came since.
        """
        if not names:
            return self._read((), reader or self._foreseen(())), ()
        try:
            return self._make_all(names, reader), ()
        except ListsMove as error:
            made, moving = self._make(error.others)
            lists = {**error.seen.lists, **made.lists}
            return replace(made, lists=lists), (*error.names, *moving)

    def _make_all(self, names: Sequence[str], reader: ListReader | None) -> Inputs:
        """Makes the objects of lists; ListsMove if some change too often for that.

        Each list is looked at until it is right, whatever becomes of the others.
        """
        list_of = {key: name for name in names for key in keys_of(name)}
        first = [] if reader is None else [reader]
        looks: list[Inputs] = []
        found: dict[str, ListContents] = {}
        made: dict[str, tuple[object, Mapping[str, Object]]] = {}

        def read(keys: Sequence[str]) -> Inputs:
            left = tuple(dict.fromkeys(list_of[key] for key in keys))
            look = self._read(left, first.pop() if first else self._foreseen(left))
            looks.append(look)
            found.update(look.lists)
            if len(looks) >= MOST_LOOKS and (moving := _moving(*looks[-2:])):
                others = [name for name in left if name not in moving]
                raise ListsMove(moving, others, replace(look, lists=found))
            return look

        def make(inputs: Inputs) -> Mapping[str, Object]:
            objects: dict[str, Object] = {}
            for name, listed in inputs.lists.items():
                made_of = (inputs.site, inputs.theme, listed)
                if name not in made or made[name][0] != made_of:
                    made[name] = made_of, objects_of(name, inputs.site, inputs.theme, listed)
                objects |= made[name][1]
            return objects

        return replace(converge(self.bucket, list_of, read, make), lists=found)

    def _inputs(self) -> Inputs:
        """What every page depends on."""
        return self._read((), self._reader(TableLook.at(self.stores.table)))

    def _read(self, names: Iterable[str], reader: ListReader) -> Inputs:
        state = reader.site
        theme = self.stores.themes.read(state.theme)
        return Inputs(state.effective(self.site_url), theme, reader, reader.read(names))

    def _foreseen(self, names: Iterable[str], look: TableLook | None = None) -> ListReader:
        """Who has read what these lists are made of: now, but for what `look` knows."""
        reader = self._reader(look or TableLook.at(self.stores.table))
        reader.foresee(names)
        return reader

    def _reader(self, look: TableLook) -> ListReader:
        members = Members(look, self.reach, self.most)
        return ListReader(members, partial(self.documents.of, self.bucket))


def _posts_of(messages: Sequence[Event | Message]) -> dict[str, bool]:
    """The posts whose lists are to follow, and whether each is in bulk work alone.

    First come those that were put off before: each has its turn.
    """
    found: dict[str, bool] = {}
    for message in messages:
        if isinstance(message, ListPosts):
            found |= {post: message.bulk and found.get(post, True) for post in message.posts}
    for message in messages:
        if isinstance(message, Event):
            about = message.data
            found[about.post] = about.bulk and found.get(about.post, True)
    return found


def _together(posts: Sequence[PostState]) -> Sequence[PostState]:
    """As many of the posts as have no more lists than are made together; the first in any case."""
    lists: set[str] = set()
    for at, post in enumerate(posts):
        tasks = post.pending_index.known
        lists.update(site.whole_list(task.list) for task in tasks if isinstance(task, UpdateList))
        if at and len(lists) > MOST_TOGETHER:
            return posts[:at]
    return posts


def _moving(before: Inputs, after: Inputs) -> tuple[str, ...]:
    """The lists that one look found otherwise than the one before."""
    return tuple(name for name, listed in after.lists.items() if before.lists[name] != listed)


def _unnamed(
    names: Iterable[UpdateMonth | UpdatePageList], lists: Lists
) -> list[UpdateMonth | UpdatePageList]:
    """What has to be named, for it may have got its first post.

    Who takes the last member away looks again after that: no transaction of a post checks it.
    """
    return [
        task
        for task in names
        if not (
            lists.is_named(MONTHS, task.month)
            if isinstance(task, UpdateMonth)
            else lists.is_named(PAGES, task.part)
        )
    ]


def _term(name: str) -> tuple[str, str]:
    """The kind and the slug of a term, such as `tag:sea`."""
    kind, _, slug = name.partition(":")
    return kind, slug


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
