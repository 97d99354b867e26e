"""render: makes a post's pages, then puts it live; or takes it down, then its pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from presswork import site
from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.lists import position
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores, Write
from presswork.aws.topic import Topic
from presswork.content import links
from presswork.content.own_files import images_of
from presswork.events import Type
from presswork.messages import MakePath
from presswork.object import Content, Object
from presswork.post import UP, Image, Post
from presswork.settings import Site
from presswork.site import Around
from presswork.stages.converge import NO_LONGER_AT_WORK, ETags, converge
from presswork.stages.render.links import LinkResolver
from presswork.stages.render.neighbours import NOWHERE, Near, Neighbours, moved_neighbours
from presswork.stages.sources import SourceReader, Version
from presswork.state import (
    Accepted,
    BuildId,
    Holder,
    ListMember,
    Live,
    PostState,
    Ready,
    SiteState,
    SourceLinks,
)
from presswork.tasks import (
    InvalidatePath,
    RefreshNeighbours,
    RefreshReferrers,
    Task,
    UpdateList,
)
from presswork.theme_files import DEFAULT_THEME, ThemeFiles


@dataclass(frozen=True)
class Page:
    """The inputs of a post's page: equal inputs make equal bytes."""

    source: str
    version_id: str
    fingerprint: str
    path: str
    first_date: datetime
    site: Site
    theme: ThemeFiles
    images: Mapping[str, Image]
    addresses: Mapping[str, str]
    around: Around = field(default_factory=Around)


@dataclass(frozen=True)
class Redirect:
    """The input of a former path's stub: where its post lives now."""

    path: str


@dataclass(frozen=True)
class Moved:
    """The input of a stub that an administrator asked for: where it leads."""

    target: str


@dataclass(frozen=True)
class StaticContents:
    """The static files at the keys of a path, by key."""

    contents: Mapping[str, Content]


@dataclass(frozen=True)
class Gone:
    """The inputs of a removed post's stub."""

    site: Site
    theme: ThemeFiles


@dataclass(frozen=True)
class NotFound:
    """The inputs of the page for every address without one, where no post is that."""

    site: Site
    theme: ThemeFiles


@dataclass(frozen=True)
class Robots:
    """The input of what crawlers read first, where no file of the author is that."""

    base_url: str


View = Page | Redirect | StaticContents | Moved | Gone | NotFound | Robots | None


@dataclass(frozen=True)
class Views:
    """The inputs of the objects of several paths, and the build of the site as they were read."""

    of: Mapping[str, View]
    build: BuildId = field(compare=False)


@dataclass(frozen=True)
class Prospect:
    """A post that is about to be live as `live` says: its page is made first, then that is written.

    It is `shown` so; `uploaded` is when what readers did not see before was uploaded.
    """

    post: PostState
    live: Live
    shown: Post
    site: Site
    events: tuple[Type, ...]
    bulk: bool
    uploaded: datetime | None

    @property
    def members(self) -> Iterable[tuple[str, ListMember]]:
        """What it is to be in each of its lists."""
        related = site.lists_around(self.site, self.shown).tag
        return _members(site.lists_of(self.site, self.shown), self.live, related)


@dataclass(frozen=True)
class Remainder:
    """What is left to be done for a post whose live half stands, or is down: pages, then events.

    Its pages are to be made with this `build`, if with any one. `seen` are their ETags.
    """

    post: PostState
    events: tuple[Type, ...]
    bulk: bool
    build: BuildId | None = None
    seen: ETags = field(default_factory=dict)


Begun = Prospect | Remainder
"""A post that is to go live, or is down already."""


@dataclass(frozen=True)
class Render:
    """The stage: a page belongs to its path, and is made of what the path's holder is now."""

    reader: SourceReader
    bucket: SiteBucket
    stores: Stores
    topic: Topic
    queue: Queue
    site_url: str

    @cached_property
    def links(self) -> LinkResolver:
        """The links between sources."""
        return LinkResolver(self.stores, self.queue)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The posts beside a post."""
        return Neighbours(self.stores.lists)

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            reader=SourceReader(ContentBucket.from_env()),
            bucket=SiteBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            queue=Queue.from_env("RENDER_QUEUE_URL"),
            site_url=variable("SITE_URL"),
        )

    def render(self, id: str, *, bulk: bool = False) -> datetime | None:
        """Makes readers see the newest accepted revision of a post whose images are ready.

        The answer is when that was uploaded, if they did not see it before.
        """

        def attempt() -> datetime | None:
            begun = self._begin(id, bulk=bulk)
            if begun is None:
                return None
            self._finish([begun])
            return begun.uploaded if isinstance(begun, Prospect) else None

        return retry_on_conflict(f"post {id}", attempt)

    def begin(self, id: str, *, bulk: bool = False) -> Begun | None:
        """Reads a post that is to go live, or takes one down, all but its pages."""
        return retry_on_conflict(f"post {id}", lambda: self._begin(id, bulk=bulk))

    def finish(self, begun: Sequence[Begun]) -> None:
        """Has posts live, makes the pages of all beside them, each once, then announces each post.

        One alone begins anew when something moves meanwhile. What fails of several keeps all from
        being announced: who calls renders each by itself then.
        """
        try:
            self._finish(begun)
        except Changed:
            if len(begun) > 1:
                raise
            self.render(begun[0].post.id, bulk=begun[0].bulk)

    def _finish(self, begun: Sequence[Begun]) -> None:
        prospects = [each for each in begun if isinstance(each, Prospect)]
        left = [each for each in begun if isinstance(each, Remainder)] + self._go_live(prospects)
        own = {path: each.post.id for each in left for path in each.post.paths}
        seen: ETags = {key: etag for each in left for key, etag in each.seen.items()}
        # A page that was made before is looked at again, now that the lists name it: nothing that
        # it is made of was written by that.
        beside = [task for each in left for task in _beside(each.post)]
        shown = self._converge(own, seen=seen, near=Near(beside))
        if any(each.build not in (None, shown.build) for each in left):
            raise Changed  # the backfill of that build may have passed
        left = [self._unlinked(each) if each.build is None else each for each in left]
        around = self._found_around(shown)
        paths = self.neighbours.paths(beside, around)
        others = {path: id for path, id in paths.items() if path not in own}
        # The data of a post name no neighbours.
        self._converge(others, keys=map(site.key_of, others), near=Near(beside))
        for each in left:
            self._tell_others(each, around)
            for type in each.events:
                self._announce(type, each.post, bulk=each.bulk)

    def make(self, path: str) -> None:
        """Makes the objects of a path, whoever holds it, and nothing else."""
        self._converge({path: None})

    def make_file(self, place: str) -> bool:
        """Makes a key at which a static file may stand; whether it is what stands there."""
        path = site.path_of(place)
        keys = site.keys_of(path)
        if place in keys:
            return isinstance(self._converge({path: None}).of[path], StaticContents)
        files = converge(
            self.bucket,
            (place,),
            lambda _: self._files((place,)),
            lambda view: self._objects(view, path),
        )
        return files is not None

    def refresh_links(self, id: str, *, bulk: bool = False) -> None:
        """Renders a post whose links lead elsewhere since a target came, moved or went."""
        post, state = self.stores.post_and_site(id)
        if post is None:
            return
        if post.live is None:  # whoever makes it live may have looked before the target came
            self.render(id, bulk=bulk)
            return
        page = _page(post, state.effective(self.site_url), DEFAULT_THEME)
        if page is None:
            return
        addresses = self.links.addresses(self._parsed(page), page.source, page.path)
        is_shown = SourceLinks(addresses=addresses).digest == post.live.links
        if not is_shown or addresses != post.links.addresses:  # somebody may be about to show those
            self.render(id, bulk=bulk)

    def _go_live(self, prospects: Sequence[Prospect]) -> list[Remainder]:
        """Makes the pages of posts, each once, then writes the live half of each by itself."""
        if not prospects:
            return []
        seen = self._make_first(prospects)
        left: list[Remainder | None] = []
        for prospect in prospects:
            try:
                left.append(self._put_up(prospect, seen))
            except Changed:
                left.append(self._begin_anew(prospect, seen))
        return [each for each in left if each is not None]

    def _begin_anew(self, prospect: Prospect, seen: ETags) -> Remainder | None:
        """The same by itself for a post that moved meanwhile."""

        def attempt() -> Remainder | None:
            begun = self._begin(prospect.post.id, bulk=prospect.bulk)
            if not isinstance(begun, Prospect):
                return begun
            seen.update(self._make_first([begun]))
            return self._put_up(begun, seen)

        return retry_on_conflict(f"post {prospect.post.id}", attempt)

    def _make_first(self, prospects: Sequence[Prospect]) -> ETags:
        """Makes the pages of posts before any list names them: the next look is to come later.

        They lead to each other as they will once all are live.
        """
        for prospect in prospects:
            if prospect.post.live is None:
                self._expect_nothing_at(prospect.live.path)
        places = [
            place for each in prospects for place in moved_neighbours(each.post.live, each.live)
        ]
        coming: dict[str, list[ListMember]] = {}
        for name, member in (each for prospect in prospects for each in prospect.members):
            coming.setdefault(name, []).append(member)
        seen: ETags = {}
        paths = {prospect.live.path: prospect.post.id for prospect in prospects}
        self._converge(paths, seen=seen, looks_again=False, near=Near(places, coming))
        return seen

    def _put_up(self, prospect: Prospect, seen: ETags) -> Remainder:
        post, live = prospect.post, prospect.live
        if live != post.live:
            post = self._commit(post, live, prospect.site, prospect.shown)
        return Remainder(post, prospect.events, prospect.bulk, live.build, seen)

    def _begin(self, id: str, *, bulk: bool) -> Begun | None:
        post, state = self.stores.post_and_site(id)
        if post is None or post.accepted is None:
            return None
        if post.accepted.status not in UP:
            return self._take_down(post, state, bulk=bulk)
        if post.ready is not None and post.ready.revision >= post.accepted.revision:
            return self._prospect(post, post.accepted, post.ready, state, bulk=bulk)
        # Otherwise images has yet to announce this revision.
        return None

    def _prospect(
        self, post: PostState, accepted: Accepted, ready: Ready, state: SiteState, *, bulk: bool
    ) -> Prospect:
        is_seen = post.live is not None and post.live.revision == accepted.revision
        settings, theme = state.effective(self.site_url), self.stores.themes.read(state.theme)
        if state.base_published != state.build:  # no page without its stylesheet
            key, sheet = site.stylesheet(settings.theme, theme)
            converge(self.bucket, [key], lambda _: None, lambda _: {key: sheet})
            self._converge(dict.fromkeys(site.OF_EVERY_SITE))
        page = _page(post, settings, theme)
        if page is None:
            raise Changed
        post = self.links.refresh(post, accepted, self._parsed(page), bulk=bulk)
        shown = self._post(replace(page, addresses=post.links.addresses))
        images = images_of(shown, accepted.source, ready.images)
        live = Live(
            version=post.live.version if post.live else 1,
            up=True,
            revision=accepted.revision,
            generation=ready.generation,
            source=accepted.source,
            version_id=page.version_id,
            fingerprint=accepted.fingerprint,
            path=accepted.path,
            lists=tuple(sorted(site.lists_of(settings, shown))),
            card=site.card(shown, images),
            appeared=shown.publish_at and shown.appears,
            build=state.build,
            handles=links.handles_of(accepted.source, shown),
            links=post.links.digest,
            document=site.post_json(settings, settings.base_url, shown, images).digest,
        )
        events = (Type.LIVE, Type.HEALED) if ready.healed else (Type.LIVE,)
        uploaded = None if is_seen else accepted.uploaded
        return Prospect(post, live, shown, settings, events, bulk, uploaded)

    def _commit(self, post: PostState, live: Live, settings: Site, shown: Post) -> PostState:
        """One transaction: the live half, its members, and what is to be brought up to date."""
        old, store = post.live, self.stores.lists
        lists = site.lists_of(settings, shown)
        live = live.model_copy(update={"version": old.version + 1 if old else 1})
        tasks: list[Task] = [*_updates(lists), *_updates(old.lists if old else ())]
        writes: list[Write] = [
            store.put_member(name, member)
            for name, member in _members(lists, live, site.lists_around(settings, shown).tag)
        ]
        targets, moved = self.links.targets(old, live, post.id)
        writes += targets
        if old is not None and not old.up:
            writes.append(store.delete_gone(post.id))
        if old is not None and old.up:
            kept = {store.key(name, live.card) for name in lists}
            stale = [name for name in old.lists if store.key(name, old.card) not in kept]
            writes += [store.delete_member(name, old.card) for name in stale]
            tasks += site.renamings(stale)
            is_changed = (old.version_id, old.path) != (live.version_id, live.path)
            if is_changed and settings.invalidate == "updated":
                tasks += _invalidations(post)
        after = _after(post, live, tasks, moved)
        self.stores.write(self.stores.posts.save_live(post, after), *writes)
        return after

    def _tell_others(self, left: Remainder, around: Mapping[str, Around]) -> None:
        """Has those looked at later that link to the post; what it called for is done then."""
        post, bulk = left.post, left.bulk
        tasks = post.pending_render.known
        referrers = [task for task in tasks if isinstance(task, RefreshReferrers)]
        self.links.tell_referrers(referrers, bulk=bulk)
        if post.pending_render.overtaken:
            # The message of a worker that has an earlier change in hand makes the post's own pages
            # in any case, and finds nothing to do beside them.
            for path in self.neighbours.paths(_beside(post), around):
                self.queue.send(MakePath(path=path, bulk=bulk), delay=NO_LONGER_AT_WORK)
        self.stores.posts.clear(post, "pending_render")

    def _unlinked(self, left: Remainder) -> Remainder:
        """A post that is down links to nobody any more; lists that name it have yet to follow."""
        post = self.links.drop(left.post)
        is_listed = post.live is not None and bool(post.pending_index.known)
        return replace(left, post=post, events=(Type.REMOVED,) if is_listed else ())

    def _take_down(self, post: PostState, state: SiteState, *, bulk: bool) -> Remainder:
        """Members first, then pages: a list may name a page that is gone, never one to come."""
        live = post.live
        if live is not None and live.up:
            post = self._commit_gone(post, live, state)
        elif live is not None and live.build != state.build:
            update = {"version": live.version + 1, "build": state.build}
            after = _after(post, live.model_copy(update=update), [], [])
            self.stores.write(self.stores.posts.save_live(post, after))
            post = after
        return Remainder(post, (), bulk)

    def _commit_gone(self, post: PostState, live: Live, state: SiteState) -> PostState:
        """One transaction: the live half is down, and its members are gone."""
        store = self.stores.lists
        update = {"up": False, "version": live.version + 1, "build": state.build}
        tasks: list[Task] = [*_updates(live.lists), *site.renamings(live.lists)]
        if state.site.invalidate != "never":
            tasks += _invalidations(post)
        down = live.model_copy(update=update)
        targets, moved = self.links.targets(live, down, post.id)
        after = _after(post, down, tasks, moved)
        self.stores.write(
            self.stores.posts.save_live(post, after),
            *targets,
            store.put_gone(post.id),
            *(store.delete_member(name, live.card) for name in live.lists),
        )
        return after

    def _expect_nothing_at(self, path: str) -> None:
        """Has a page that never was written without asking whether it is there, unless it is."""
        for key in site.keys_of(path):
            if key not in self.bucket.seen:
                self.bucket.seen.put(key, None)

    def _converge(
        self,
        paths: Mapping[str, str | None],
        *,
        keys: Iterable[str] | None = None,
        seen: ETags | None = None,
        looks_again: bool = True,
        near: Near = NOWHERE,
    ) -> Views:
        """Makes the objects of paths, or some `keys` of them, what their posts or files are now.

        With each path goes the id of the post that is expected to hold it, if any is. Most of the
        posts are `near` some places.
        """
        every = (key for path in paths for key in site.keys_of(path))
        return converge(
            self.bucket,
            every if keys is None else keys,
            lambda _: self._views(paths, near),
            self._all_objects,
            seen=seen,
            looks_again=looks_again,
        )

    def _views(self, paths: Mapping[str, str | None], near: Near) -> Views:
        """What each path shows: of the post that holds it, of a static file, of an administrator.

        A path that a post held once comes last.
        """
        state, holders, posts = self._holders(paths)
        settings, theme = state.effective(self.site_url), self.stores.themes.read(state.theme)
        found: dict[str, View] = {}
        for path, holder in holders.items():
            post = posts.get(holder.post) if holder else None
            shown = view(path, post, settings, theme) if post is not None else None
            is_held = holder is not None and holder.held and isinstance(shown, Redirect)
            if not is_held and not isinstance(shown, Page):
                shown = self._unclaimed(path, site.keys_of(path), state) or shown
            found[path] = shown
        return Views(found | self._with_neighbours(found, near), state.build)

    def _holders(
        self, paths: Mapping[str, str | None]
    ) -> tuple[SiteState, dict[str, Holder | None], dict[str, PostState | None]]:
        """Who holds or held each path, with these posts and the site."""
        stores, expected = self.stores, tuple({id for id in paths.values() if id is not None})
        state, *found = stores.table.read_all(
            stores.sites.wanted(),
            *map(stores.claims.wanted, paths),
            *map(stores.posts.wanted, expected),
        )
        holders = dict(zip(paths, found, strict=False))
        posts = dict(zip(expected, found[len(paths) :], strict=True))
        others = {holder.post for holder in holders.values() if holder is not None} - posts.keys()
        more = tuple(sorted(others))
        posts |= zip(more, stores.table.read_all(*map(stores.posts.wanted, more)), strict=True)
        return state, holders, posts

    def _with_neighbours(self, found: Mapping[str, View], near: Near) -> dict[str, View]:
        """The pages among these, with the posts around each."""
        pages = {path: shown for path, shown in found.items() if isinstance(shown, Page)}
        self.reader.read_all(_asked(page) for page in pages.values())
        posts = [(page.site, self._post(page)) for page in pages.values()]
        around = self.neighbours.around_each(posts, near)
        return {
            path: replace(page, around=each)
            for (path, page), each in zip(pages.items(), around, strict=True)
        }

    def _unclaimed(self, path: str, keys: Iterable[str], state: SiteState) -> View:
        """What a path shows that no post has: a file, the site's own, an administrator's wish."""
        settings = state.effective(self.site_url)
        if path == site.NOT_FOUND_PATH:
            return NotFound(settings, self.stores.themes.read(state.theme))
        if files := self._files(keys):
            return files
        if path == site.ROBOTS_PATH:
            return Robots(settings.base_url)
        target = settings.redirects.get(path)
        return Moved(target) if target else None

    def _files(self, keys: Iterable[str]) -> StaticContents | None:
        found = {key: self.reader.static(key) for key in keys}
        contents = {key: each for key, each in found.items() if each is not None}
        return StaticContents(contents) if contents else None

    def _found_around(self, shown: Views) -> dict[str, Around]:
        """What was found around the positions of the posts that these views show, among all posts.

        A path may show another post by now, or its own at another date.
        """
        pages = [page for page in shown.of.values() if isinstance(page, Page)]
        posts = [(page, self._post(page)) for page in pages]
        return {
            position(post.date, post.id): page.around
            for page, post in posts
            if site.lists_around(page.site, post).home is not None
        }

    def _all_objects(self, views: Views) -> Mapping[str, Object]:
        objects: dict[str, Object] = {}
        for path, shown in views.of.items():
            objects |= self._objects(shown, path)
        return objects

    def _objects(self, view: View, path: str) -> Mapping[str, Object]:
        page, data = site.key_of(path), site.data_key(path)
        match view:
            case Page():
                post, url = self._post(view), view.site.base_url
                images = images_of(post, view.source, view.images)
                return {
                    page: site.post_page(
                        view.site, url, post, images, view.around, theme=view.theme
                    ),
                    data: site.post_json(view.site, url, post, images),
                }
            case StaticContents():
                found = view.contents.items()
                return {key: site.static_file(key, each.data) for key, each in found}
            case None:
                return {}
            case _:
                return {page: _stub(view)}

    def _post(self, page: Page) -> Post:
        """The post that a page shows, its links leading to pages."""
        post = self._parsed(page)
        html = links.with_addresses(post.html, page.source, page.addresses)
        return post.model_copy(update={"html": html})

    def _parsed(self, page: Page) -> Post:
        """The post that a page shows, parsed again from the version of its source."""
        (parsed,) = self.reader.read_all([_asked(page)])
        return parsed.post.model_copy(update={"revision": page.fingerprint})

    def _announce(self, type: Type, post: PostState, *, bulk: bool) -> None:
        live = post.live
        if live is None:  # readers never saw it
            return
        self.topic.announce(
            type,
            post=post.id,
            key=live.source,
            revision=post.accepted.revision if post.accepted else live.revision,
            generation=live.generation,
            reason=post.status.value if type is Type.REMOVED else None,
            correlationid=post.accepted.correlationid if post.accepted else None,
            bulk=bulk,
        )


def _stub(view: Redirect | Moved | NotFound | Robots | Gone) -> Object:
    """The one object of a path that shows neither a post nor a file."""
    match view:
        case Redirect():
            return site.redirect(view.path)
        case Moved():
            return site.redirect_to(view.target)
        case NotFound():
            return site.not_found(view.site, view.site.base_url, theme=view.theme)
        case Robots():
            return site.robots(view.base_url)
        case Gone():
            return site.gone(view.site, view.site.base_url, theme=view.theme)


def _members(
    lists: Mapping[str, str], live: Live, related: str | None
) -> Iterable[tuple[str, ListMember]]:
    """What a post is in each of its lists, given by their words; `related` is its first tag's."""
    for name, words in lists.items():
        yield (
            name,
            ListMember(
                card=live.card,
                words=words,
                version=live.version,
                document=live.document,
                feeds_related=name == related,
                subcategories=site.subcategories(lists, name),
            ),
        )


def _after(post: PostState, live: Live, tasks: Iterable[Task], moved: Iterable[str]) -> PostState:
    """The post with another live half, and what that calls for at render and at index.

    By the handles that `moved` others link to the post.
    """
    update = {
        "live": live,
        "pending_render": post.pending_render.overtake(
            *sorted(moved_neighbours(post.live, live), key=str),
            *(RefreshReferrers(handle=handle) for handle in moved),
        ),
        "pending_index": post.pending_index.overtake(*tasks),
    }
    return post.model_copy(update=update)


def _beside(post: PostState) -> list[RefreshNeighbours]:
    """The places beside which pages lead to something else by now."""
    return [task for task in post.pending_render.known if isinstance(task, RefreshNeighbours)]


def _updates(lists: Iterable[str]) -> list[Task]:
    return [UpdateList(list=position) for position in site.positions(lists)]


def _invalidations(post: PostState) -> list[Task]:
    """What caches are to forget."""
    return [InvalidatePath(path=path) for path in post.paths]


def _asked(page: Page) -> Version:
    return Version(page.source, page.version_id, page.site, page.first_date, page.path)


def view(path: str, post: PostState, settings: Site, theme: ThemeFiles) -> View:
    """What a path shows when this post holds it, or held it last."""
    page = _page(post, settings, theme)
    if page is not None and page.path == path:
        return page
    if page is not None:
        return Redirect(page.path)
    return Gone(settings, theme) if post.live is not None else None


def _page(post: PostState, settings: Site, theme: ThemeFiles) -> Page | None:
    """The inputs of a post's page: the accepted revision's if it is ready, else the live one's."""
    accepted, ready, live = post.accepted, post.ready, post.live
    if accepted is None or accepted.status not in UP or ready is None:
        return None
    shown: Accepted | Live = accepted
    if ready.revision < accepted.revision:
        if live is None or not live.up:
            return None
        shown = live
    if shown.version_id is None:
        return None
    return Page(
        source=shown.source,
        version_id=shown.version_id,
        fingerprint=shown.fingerprint,
        path=shown.path,
        first_date=post.first_date,
        site=settings,
        theme=theme,
        images=ready.images,
        addresses=post.links.addresses,
    )
