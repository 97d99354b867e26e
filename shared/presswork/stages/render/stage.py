"""render: makes a post's pages, then puts it live; or takes it down, then its pages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from presswork import site
from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.changed import Changed
from presswork.aws.claims import Claims
from presswork.aws.clients import variable
from presswork.aws.lists import CACHED, MONTHS, PAGES, Lists
from presswork.aws.posts import Posts
from presswork.aws.sites import Sites
from presswork.aws.table import Table, Write
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.content.own_files import images_of
from presswork.errors import RetryLater
from presswork.events import Event, Type
from presswork.object import Object
from presswork.post import Image, Post, Status
from presswork.settings import Site
from presswork.site import Around
from presswork.stages.converge import converge
from presswork.stages.render.neighbours import Neighbours, changed_places
from presswork.stages.sources import SourceReader
from presswork.state import Accepted, Live, PostState, Ready

ROUNDS = 8


@dataclass(frozen=True)
class Page:
    """The inputs of a post's page: equal inputs make equal bytes."""

    source: str
    version_id: str
    fingerprint: str
    path: str
    first_date: datetime
    site: Site
    images: Mapping[str, Image]
    around: Around = field(default_factory=Around)


@dataclass(frozen=True)
class Redirect:
    """The input of a former path's stub: where its post lives now."""

    path: str


@dataclass(frozen=True)
class Gone:
    """The input of a removed post's stub."""

    site: Site


View = Page | Redirect | Gone | None


@dataclass(frozen=True)
class Render:
    """The stage: a page belongs to its path, and is made of what the path's holder is now."""

    versions: SourceReader
    bucket: SiteBucket
    table: Table
    topic: Topic
    site_url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            versions=SourceReader(ContentBucket.from_env()),
            bucket=SiteBucket.from_env(),
            table=Table.from_env(),
            topic=Topic.from_env(),
            site_url=variable("SITE_URL"),
        )

    def render(self, id: str) -> None:
        """Makes readers see the newest accepted revision of a post whose images are ready."""
        for _ in range(ROUNDS):
            post = Posts(self.table).read(id)
            if post is None or post.accepted is None:
                return
            if post.accepted.status is not Status.LIVE:
                done = self._take_down(post)
            elif post.ready is None or post.ready.revision < post.accepted.revision:
                return  # images has yet to announce this revision
            else:
                done = self._put_up(post, post.accepted, post.ready)
            if done:
                return
        raise RetryLater(f"post {id} kept changing for {ROUNDS} rounds")

    def make(self, path: str) -> None:
        """Makes the objects of a path, whoever holds it, and nothing else."""
        self._converge(path)

    def _put_up(self, post: PostState, accepted: Accepted, ready: Ready) -> bool:
        state = Sites(self.table).read()
        settings = state.effective(self.site_url)
        if state.furnished != state.furnishing:  # no page without its stylesheet
            key, sheet = site.stylesheet(settings.theme)
            converge(self.bucket, [key], lambda: None, lambda _: {key: sheet})
        self._converge(accepted.path)
        page = _page(post, settings)
        if page is None:
            return False
        shown = self._post(page)
        live = Live(
            n=post.live.n if post.live else 1,
            up=True,
            revision=accepted.revision,
            turn=ready.turn,
            source=accepted.source,
            version_id=page.version_id,
            fingerprint=accepted.fingerprint,
            path=accepted.path,
            lists=tuple(sorted(site.lists_of(settings, shown))),
            card=site.card(shown, images_of(shown, accepted.source, ready.images)),
            furnishing=state.furnishing,
        )
        if live != post.live:
            try:
                post = self._commit(post, live, settings, shown)
            except Changed:
                return False
        for path in post.paths:
            self._converge(path)
        self._settle(post)
        self._announce(Type.LIVE, post, live)
        if ready.healed:
            self._announce(Type.HEALED, post, live)
        return True

    def _commit(self, post: PostState, live: Live, settings: Site, shown: Post) -> PostState:
        """One transaction: the live half, its cards, and what is to be brought up to date after."""
        old, store = post.live, Lists(self.table)
        lists, leads = site.lists_of(settings, shown), site.lists_around(settings, shown).tag
        live = live.model_copy(update={"n": old.n + 1 if old else 1})
        touched = {*post.touched, *lists, *(old.lists if old else ())}
        writes: list[Write] = []
        for name in lists:
            named = _named(name)
            if named and store.is_named(*named):
                writes.append(store.check_name(*named))
            elif named:
                writes.append(store.put_name(*named))
                touched.add(_naming(*named))
        kept = {store.key(name, live.card) for name in lists}
        mark = f"{live.fingerprint[:16]}-{live.turn}-{live.furnishing}"
        writes += [
            store.put_member(
                name, live.card, words, mark, leads=name == leads, below=site.below(lists, name)
            )
            for name, words in lists.items()
        ]
        if old is not None and not old.up:
            writes.append(store.delete_gone(post.id))
        if old is not None and old.up:
            stale = [name for name in old.lists if store.key(name, old.card) not in kept]
            writes += [store.delete_member(name, old.card) for name in stale]
            touched.update(_archives(stale))
            is_changed = (old.version_id, old.path) != (live.version_id, live.path)
            if is_changed and settings.invalidate == "updated":
                touched.update(_cached(post))
        after = post.model_copy(
            update={
                "live": live,
                "touched": tuple(sorted(touched)),
                "beside": tuple(sorted({*post.beside, *changed_places(old, live)})),
            }
        )
        self.table.write(Posts(self.table).live(post, live, after.touched, after.beside), *writes)
        return after

    def _settle(self, post: PostState) -> None:
        """Makes the pages again that lead to what stands, or stood, beside them in a list."""
        if post.live is None or not post.beside:
            return
        for path in Neighbours(self.table).paths(post.beside):
            self._converge(path)
        Posts(self.table).settled(post, post.live)

    def _take_down(self, post: PostState) -> bool:
        """Members first, then pages: a list may name a page that is gone, never one to come."""
        live, store = post.live, Lists(self.table)
        state = Sites(self.table).read()
        furnishing = state.furnishing
        if live is not None and not live.up and live.furnishing != furnishing:
            now = live.model_copy(update={"n": live.n + 1, "furnishing": furnishing})
            try:
                self.table.write(Posts(self.table).live(post, now, post.touched, post.beside))
            except Changed:
                return False
            post = post.model_copy(update={"live": now})
        elif live is not None and live.up:
            down = live.model_copy(update={"up": False, "n": live.n + 1, "furnishing": furnishing})
            cached = _cached(post) if state.site.invalidate != "never" else ()
            touched = tuple(sorted({*post.touched, *live.lists, *_archives(live.lists), *cached}))
            beside = tuple(sorted({*post.beside, *changed_places(live, None)}))
            try:
                self.table.write(
                    Posts(self.table).live(post, down, touched, beside),
                    store.put_gone(post.id),
                    *(store.delete_member(name, live.card) for name in live.lists),
                )
            except Changed:
                return False
            post = post.model_copy(update={"live": down, "touched": touched, "beside": beside})
        for path in post.paths:
            self._converge(path)
        self._settle(post)
        if post.live is not None and post.touched:
            self._announce(Type.REMOVED, post, post.live)
        return True

    def _converge(self, path: str) -> None:
        """Makes the objects of a path what the post that holds it is now."""
        page, data = site.key_of(path), site.key_of(path, "index.json")
        converge(
            self.bucket,
            (page, data),
            lambda: self._view(path),
            lambda view: self._objects(view, page, data),
        )

    def _view(self, path: str) -> View:
        holder = Claims(self.table).read(path)
        post = Posts(self.table).read(holder.post) if holder else None
        if post is None:
            return None
        found = view(path, post, self._settings())
        if not isinstance(found, Page):
            return found
        around = Neighbours(self.table).around(found.site, self._post(found))
        return replace(found, around=around)

    def _objects(self, view: View, page: str, data: str) -> Mapping[str, Object]:
        match view:
            case Page():
                post = self._post(view)
                images = images_of(post, view.source, view.images)
                return {
                    page: site.post_page(view.site, view.site.base_url, post, images, view.around),
                    data: site.post_json(view.site, view.site.base_url, post, images),
                }
            case Redirect():
                return {page: site.redirect(view.path)}
            case Gone():
                return {page: site.gone(view.site, view.site.base_url)}
            case _:
                return {}

    def _post(self, page: Page) -> Post:
        """The post that a page shows, parsed again from the version of its source."""
        parsed = self.versions.read(page.source, page.version_id, page.site, page.first_date)
        settled = {"path": page.path, "revision": page.fingerprint}
        return parsed.post.model_copy(update=settled)

    def _settings(self) -> Site:
        return Sites(self.table).read().effective(self.site_url)

    def _announce(self, type: Type, post: PostState, live: Live) -> None:
        event = Event.of(
            type,
            post=post.id,
            key=live.source,
            revision=post.accepted.revision if post.accepted else live.revision,
            turn=live.turn,
            reason=post.status.value if type is Type.REMOVED else None,
            now=self.clock(),
        )
        self.topic.announce(event)


def _named(list: str) -> tuple[str, str] | None:
    """What the sitemap names for a list: its month, or the list of pages itself."""
    kind, _, rest = list.partition(":")
    if kind == "period":
        return MONTHS, site.month_in(rest)
    return (PAGES, rest) if kind == PAGES else None


def _naming(kind: str, name: str) -> str:
    """What index has to do when a month, or a list of pages, comes or goes."""
    return f"archive:{name}" if kind == MONTHS else f"map:{name}"


def _archives(lists: Iterable[str]) -> set[str]:
    """What may have lost its last post with a card taken out of these lists."""
    return {_naming(*named) for name in lists if (named := _named(name))}


def _cached(post: PostState) -> set[str]:
    """The names, among those of touched lists, for the paths that caches are to forget."""
    return {f"{CACHED}:{path}" for path in post.paths}


def view(path: str, post: PostState, settings: Site) -> View:
    """What a path shows when this post holds it, or held it last."""
    page = _page(post, settings)
    if page is not None and page.path == path:
        return page
    if page is not None:
        return Redirect(page.path)
    return Gone(settings) if post.live is not None else None


def _page(post: PostState, settings: Site) -> Page | None:
    """The inputs of a post's page: the accepted revision's if it is ready, else the live one's."""
    accepted, ready, live = post.accepted, post.ready, post.live
    if accepted is None or accepted.status is not Status.LIVE or ready is None:
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
        images=ready.images,
    )
