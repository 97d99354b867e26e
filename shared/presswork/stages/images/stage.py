"""images: brings the images of a post home, for at most 20 seconds, and heals those still owed."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from itertools import chain, islice
from typing import Self

from presswork import correlation, imaging
from presswork.aws.buckets import ContentBucket, SiteBucket, VaultBucket
from presswork.aws.clients import variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.content.html import embedded
from presswork.content.own_files import is_own, keys_of, own_files
from presswork.events import Event, Type
from presswork.imaging import AT_ONCE
from presswork.messages import (
    MANY_POSTS,
    CollectMedia,
    Message,
    RefreshPostImages,
    RetryImage,
    unknown,
)
from presswork.post import Image, ImageRef, ImageState, Status
from presswork.settings import Site
from presswork.stages.images.fetch import ImageFetch, ImageRequest
from presswork.stages.images.media import MediaLibrary, is_made_by
from presswork.stages.sources import SourceReader, Version
from presswork.state import (
    SHOWS_ITS_PATH,
    Accepted,
    PostState,
    Ready,
    RemoteImage,
    SiteState,
)
from presswork.tasks import InvalidateMedia, ReleaseImage, ReleaseMedia, Task

WAIT_SECONDS = 20.0
LONGEST_URL = 2048
SECONDS_TO_OTHERS = 5
MOST_HOPS = 60
"""Continuations of one post: more than 300 images need when each try takes its whole time."""

Embedded = Mapping[str, bytes]


@dataclass(frozen=True)
class ImagesStage:
    """The stage: fetches the images of posts, and announces posts whose images arrived."""

    content: ContentBucket
    vault: VaultBucket
    site: SiteBucket
    stores: Stores
    topic: Topic
    bulk: Queue
    network: imaging.Network
    clock: Callable[[], datetime] = utc_now
    stopwatch: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    patience: float = WAIT_SECONDS
    throttle: imaging.HostThrottle = field(default_factory=imaging.HostThrottle)

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            vault=VaultBucket.from_env(),
            site=SiteBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("IMAGES_BULK_QUEUE_URL"),
            network=imaging.Network.of(variable("CONNECT_TO")),
        )

    @cached_property
    def media(self) -> MediaLibrary:
        """The media of the site."""
        return MediaLibrary(self.stores.media, self.site)

    @cached_property
    def fetch(self) -> ImageFetch:
        """How one image comes home."""
        return ImageFetch(
            images=self.stores.images,
            files=self.stores.files,
            content=self.content,
            vault=self.vault,
            media=self.media,
            bulk=self.bulk,
            network=self.network,
            clock=self.clock,
            stopwatch=self.stopwatch,
            sleep=self.sleep,
            patience=self.patience,
            throttle=self.throttle,
        )

    def route(self, message: Event | Message) -> None:
        """Does what a message asks for."""
        match message:
            case Event(type=Type.PARSED):
                self.prepare(message.data.post, bulk=message.data.bulk)
            case RefreshPostImages():
                self.prepare(message.post, message.hop, bulk=message.bulk)
            case RetryImage():
                self.retry(
                    message.url, anew=message.anew, refresh=message.refresh, bulk=message.bulk
                )
            case CollectMedia():
                self.collect(message.media)
            case _:
                raise unknown("images", message)

    def prepare(self, id: str, hop: int = 0, *, bulk: bool = False) -> None:
        """Brings the images of a post home as far as 20 seconds allow, then announces it ready.

        These are all it has, however often it begins anew as the author saves the post meanwhile.
        What there was no time for is taken up by one continuation, the next `hop`.
        """
        deadline = self.stopwatch() + self.patience
        goes_on = hop < MOST_HOPS
        attempt = partial(self._attempt, id, deadline, bulk=bulk, goes_on=goes_on)
        untried = retry_on_conflict(f"post {id}", attempt)
        if untried and goes_on:
            self.bulk.send(RefreshPostImages(post=id, hop=hop + 1, bulk=bulk))

    def _attempt(self, id: str, deadline: float, *, bulk: bool, goes_on: bool) -> int:
        """How many images of the post there was no time to try."""
        stores = self.stores
        post, site = stores.post_and_site(id)
        accepted = post.accepted if post else None
        if post is None or accepted is None:
            return 0
        correlation.adopt(accepted.correlationid)
        wanted, in_post = self._wanted(post, accepted, site.site)
        post = self._note_uses(post, wanted)
        is_late = self.stopwatch() > deadline - self.patience / 2
        images, untried = self._bring_home(post, site, wanted, in_post, deadline)
        if untried and is_late and goes_on:  # what is saved is new no more, and asks for nothing
            return untried
        ready = _ready(post, accepted, images)
        if not untried:
            ready = ready.model_copy(update={"rebuild": site.rebuild})
        if ready != post.ready:
            try:
                post = self._save(post, ready)
            except Changed:
                self._note_again(id, wanted)
                raise
        self._release(post, ready)
        self.topic.announce(
            Type.READY,
            post=post.id,
            key=post.source,
            revision=ready.revision,
            generation=ready.generation,
            correlationid=post.accepted.correlationid if post.accepted else None,
            bulk=bulk,
        )
        return untried

    def _note_uses(self, post: PostState, wanted: Iterable[ImageRef]) -> PostState:
        """Notes what is about to be used for the first time, as what is to be let go of.

        Who saves that the post shows it strikes that out; who dies before, or finds that the author
        wants it no more, leaves it to the next.
        """
        known = post.ready.images if post.ready else {}
        uses = {ReleaseImage(image=ref.id) for ref in wanted if ref.id not in known}
        new = sorted(uses - set(post.pending_images.tasks), key=str)
        return self.stores.posts.add(post, "pending_images", new) if new else post

    def _note_again(self, id: str, wanted: Iterable[ImageRef]) -> None:
        """Notes uses once more that were made after another worker had let go of them."""

        def attempt() -> None:
            post = self.stores.posts.read(id)
            if post is not None:
                self._note_uses(post, wanted)

        retry_on_conflict(f"the uses of post {id}", attempt)

    def _save(self, post: PostState, ready: Ready) -> PostState:
        """Writes what the images have come to, and what the post is to let go of."""
        before = _uses(post.ready.images) if post.ready else set()
        now = _uses(ready.images)
        outbox = post.pending_images.clear(now).add(*sorted(before - now, key=str))
        return self.stores.posts.save_ready(post, ready, outbox)

    def retry(
        self, url: str, *, anew: bool = False, refresh: bool = False, bulk: bool = False
    ) -> None:
        """Fetches an owed image again, and sends on each post that wants it once it is home.

        With `anew` one that was refused or given up, too; with `refresh` the origin of one that is
        home is asked whether it changed. One that nobody wants is forgotten.
        """
        images = self.stores.images
        image, is_used = images.read(url), self._is_used(url)
        if not is_used:
            if image is not None:
                self._forget(image)
            return
        if embedded.is_name(url):
            self._retry_embedded(url, image, anew=anew, bulk=bulk)
            return
        if refresh and image is not None and _is_home(image) and not is_own(url):
            self._refresh(image, bulk=bulk)
            return
        was_home = image is not None and _is_home(image)
        if is_own(url) or image is None or _is_wanting(image, anew=anew):
            if image is not None and image.is_leased(self.clock()):
                self._retry_later(url)
                return
            ref = image.ref if image else ImageRef(url=url, seen=())
            try:
                quality = self.stores.sites.read().site.images.quality
                image = self.fetch.fetch(image, ref, WAIT_SECONDS, post=None, quality=quality)
            except Changed:
                self._retry_later(url)
                return
        if was_home or _is_home(image):
            self._refresh_users(url, bulk=bulk)
            images.remind(image, None)

    def _refresh_users(self, url: str, *, bulk: bool) -> None:
        """Sends on each post that wants an image; many of them as bulk work."""
        posts = self.stores.images.uses(url).posts()
        first = list(islice(posts, MANY_POSTS + 1))
        bulk = bulk or len(first) > MANY_POSTS
        self.bulk.send_all(RefreshPostImages(post=id, bulk=bulk) for id in chain(first, posts))

    def _refresh(self, image: RemoteImage, *, bulk: bool) -> None:
        quality = self.stores.sites.read().site.images.quality
        try:
            now = self.fetch.refresh(image, WAIT_SECONDS, quality)
        except Changed:  # by another worker, which tells who wants it
            return
        if now.media != image.media:
            self._refresh_users(image.url, bulk=bulk)
            self.stores.images.remind(now, None)

    def _retry_embedded(
        self, url: str, image: RemoteImage | None, *, anew: bool, bulk: bool
    ) -> None:
        """The bytes of such an image stand in the posts that want it: each is sent on to itself."""
        images = self.stores.images
        if image is not None and _is_home(image):
            images.remind(image, None)
        elif image is not None and anew and image.state is not ImageState.OWED:
            self.fetch.owe_again(image)
        self._refresh_users(url, bulk=bulk)

    def _retry_later(self, url: str) -> None:
        """Another worker fetches it: that one tells its users, and should it die, it is still due.

        But what it read of an author's own file may have been replaced since.
        """
        if is_own(url):
            self.bulk.send(RetryImage(url=url), delay=SECONDS_TO_OTHERS)

    def collect(self, hash: str) -> None:
        """Takes media away that nobody shows any more."""
        self.media.collect(hash, self.clock())

    def _wanted(
        self, post: PostState, accepted: Accepted, site: Site
    ) -> tuple[list[ImageRef], Embedded]:
        """What a post shows, and the bytes of those that stand in it."""
        if accepted.status not in SHOWS_ITS_PATH:
            return [], {}
        reader = SourceReader(self.content)
        source, version_id = accepted.source, accepted.version_id
        parsed = reader.read(Version(source, version_id, site, post.first_date, accepted.path))
        own = own_files(parsed.post, accepted.source)
        refs = (*parsed.images, *own.values())
        wanted = [ref for ref in _distinct(refs) if len(ref.url) <= LONGEST_URL]
        return wanted, parsed.embedded

    def _bring_home(
        self,
        post: PostState,
        state: SiteState,
        wanted: Sequence[ImageRef],
        in_post: Embedded,
        deadline: float,
    ) -> tuple[dict[str, Image], int]:
        """The state of each image by identity, and how many there was no time to try.

        Those count, too, that are shown by an earlier recipe still.
        """
        old, site = post.ready, state.site
        newest = post.accepted.revision if post.accepted else 0
        request = ImageRequest(
            post=post.id,
            generation=_next_generation(old),
            is_new=old is None or old.revision < newest,
            known=old.images if old else {},
            embedded=in_post,
            quality=site.images.quality,
            deadline=deadline,
            restores=(old.rebuild if old else 0) < state.rebuild,
        )
        ids = correlation.carried()
        with ThreadPoolExecutor(AT_ONCE, initializer=correlation.carry, initargs=ids) as pool:
            states = self.fetch.bring(wanted, request, pool)
        images = {
            ref.id: state or request.untried(ref.id)
            for ref, state in zip(wanted, states, strict=True)
        }
        untried = states.count(None)
        if self.stopwatch() >= request.deadline - self.patience / 2:
            recipe = imaging.recipe(site.images.quality)
            shown = [image.picture for image in images.values() if image.picture is not None]
            untried += sum(not is_made_by(recipe, picture) for picture in shown)
        return images, untried

    def _release(self, post: PostState, ready: Ready) -> None:
        """Takes away the uses of what the post shows no more; of a draft also what it showed."""
        is_draft = post.accepted is not None and post.accepted.status is Status.DRAFT
        gone: list[Task] = []
        for task in post.pending_images.known:
            match task:
                case ReleaseMedia() if is_draft:
                    if self.media.withdraw(task.media, post.id, ready.generation, self.clock()):
                        gone.append(InvalidateMedia(media=task.media))
                case ReleaseMedia():
                    self.media.release(task.media, post.id, ready.generation, self.clock())
                case ReleaseImage():
                    self._release_image(task.image, post, ready)
        invalidates = gone and self.stores.sites.read().site.invalidate != "never"
        if invalidates and post.live is not None:  # otherwise no reader knows their addresses
            post = self.stores.posts.add(post, "pending_index", gone)
        self.stores.posts.clear(post, "pending_images")

    def _release_image(self, id: str, post: PostState, ready: Ready) -> None:
        """Takes a use of an image away, and that of its media, which nobody may have noted."""
        images = self.stores.images
        image = images.find(id)
        if image is not None and image.media is not None:
            shown = {each.media for each in ready.images.values()}
            is_noted = ReleaseMedia(media=image.media) in post.pending_images.tasks
            if image.media not in shown and not is_noted:
                self.media.release(image.media, post.id, ready.generation, self.clock())
        images.uses_of(id).remove(post.id, ready.generation)
        if image is not None and not self._is_used(image.url):
            self._forget(image)

    def _forget(self, image: RemoteImage) -> None:
        """Asks no more for what nobody wants; then looks again whether somebody does.

        One that came home is remembered: whoever wants it next needs no fetch. An own file is not,
        as the bucket has it.
        """
        images = self.stores.images
        if is_own(image.url):
            self.stores.files.forget(image.url, keys_of(image.url))
        elif _is_home(image):
            images.remind(image, None)
            return
        try:
            images.forget(image)
        except Changed:
            return
        if self._is_used(image.url):
            self.bulk.send(RetryImage(url=image.url))

    def _is_used(self, url: str) -> bool:
        return next(self.stores.images.uses(url).posts(limit=1), None) is not None


def _distinct(refs: Iterable[ImageRef]) -> Iterable[ImageRef]:
    """Each image once: a file may be named in two ways."""
    return {ref.id: ref for ref in refs}.values()


def _is_home(image: RemoteImage) -> bool:
    return image.state is ImageState.REHOSTED


def _is_wanting(image: RemoteImage, *, anew: bool) -> bool:
    return image.state is ImageState.OWED or (anew and not _is_home(image))


def _next_generation(ready: Ready | None) -> int:
    return ready.generation + 1 if ready else 1


def _ready(post: PostState, accepted: Accepted, images: Mapping[str, Image]) -> Ready:
    """What the images stage knows now; the same value as before when nothing moved."""
    old = post.ready
    if old is not None and (old.revision, old.images) == (accepted.revision, images):
        return old
    same_revision = old is not None and old.revision == accepted.revision
    before = old.images if old else {}
    healed = same_revision and any(
        image.state is ImageState.REHOSTED
        and id in before
        and before[id].state is not ImageState.REHOSTED
        for id, image in images.items()
    )
    return Ready(
        revision=accepted.revision,
        generation=_next_generation(old),
        healed=healed,
        images=dict(images),
        rebuild=old.rebuild if old else 0,
    )


def _uses(images: Mapping[str, Image]) -> set[Task]:
    """What a post uses that shows these images, as tasks that let go of it."""
    media = (image.media for image in images.values() if image.media is not None)
    return {*(ReleaseImage(image=id) for id in images), *(ReleaseMedia(media=m) for m in media)}
