"""images: brings the images of a post home, for at most 20 seconds, and heals those still owed."""

import hashlib
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from presswork import imaging
from presswork.aws.buckets import ContentBucket, SiteBucket, VaultBucket
from presswork.aws.changed import Changed
from presswork.aws.clients import variable
from presswork.aws.images import Images, MediaItem, RemoteImage, url_hash
from presswork.aws.posts import Posts
from presswork.aws.queues import Heal, Queue, Touch
from presswork.aws.sites import Sites
from presswork.aws.table import Table
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import RetryLater
from presswork.events import Event, Type
from presswork.post import Image, ImageRef, ImageState, Picture
from presswork.stages.revision import SHOWS_ITS_PATH
from presswork.stages.versions import Versions
from presswork.state import Accepted, PostState, Ready

ROUNDS = 8
WAIT_SECONDS = 20.0
AT_ONCE = 6
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE = timedelta(days=7)
ATTEMPTS = 8
LONGEST_URL = 2048

_SUBTYPES = {"jpg": "jpeg"}


@dataclass(frozen=True)
class BringHome:
    """The stage: one fetch for an image, however many posts want it."""

    content: ContentBucket
    vault: VaultBucket
    site: SiteBucket
    table: Table
    topic: Topic
    bulk: Queue
    guard: imaging.Guard
    clock: Callable[[], datetime] = utc_now
    patience: float = WAIT_SECONDS
    politeness: imaging.Politeness = field(default_factory=imaging.Politeness)

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            vault=VaultBucket.from_env(),
            site=SiteBucket.from_env(),
            table=Table.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("IMAGES_BULK_QUEUE_URL"),
            guard=imaging.guard(variable("CONNECT_TO")),
        )

    def prepare(self, id: str) -> None:
        """Brings the images of a post home as far as 20 seconds allow, then announces it ready."""
        posts = Posts(self.table)
        for _ in range(ROUNDS):
            post = posts.read(id)
            if post is None or post.accepted is None:
                return
            wanted = self._wanted(post, post.accepted)
            old = post.ready.images if post.ready else {}
            is_new = post.ready is None or post.ready.revision < post.accepted.revision
            images, untried = self._bring_home(id, wanted, is_new=is_new)
            for url in old.keys() - images.keys():
                Images(self.table).disuse(url, id)
            ready = _ready(post, post.accepted, images)
            if ready != post.ready:
                try:
                    posts.ready(post, ready)
                except Changed:
                    continue
            self._announce(post, ready)
            if 0 < untried < len(wanted):  # each continuation tries at least one, so they end
                self.bulk.send(Touch(touch=id))
            return
        raise RetryLater(f"post {id} kept changing for {ROUNDS} rounds")

    def heal(self, url: str) -> None:
        """Fetches an owed image again, and sends on each post that wants it once it is home."""
        images = Images(self.table)
        before = images.read(url)
        if before is None:
            return
        image = before
        if before.state is ImageState.OWED:
            if _is_leased(before, self.clock()):
                raise RetryLater(f"{url} is being fetched by another worker")
            try:
                ref = ImageRef(url=url, seen=before.seen)
                image = self._fetch(before, ref, WAIT_SECONDS, post=None)
            except Changed as changed:
                raise RetryLater(f"{url} was fetched by another worker meanwhile") from changed
        if image.state is ImageState.REHOSTED:
            for id in images.users(url):
                self.bulk.send(Touch(touch=id))
            images.told(image)

    def _wanted(self, post: PostState, accepted: Accepted) -> tuple[ImageRef, ...]:
        if accepted.status not in SHOWS_ITS_PATH:
            return ()
        site = Sites(self.table).read().site
        versions = Versions(self.content)
        parsed = versions.read(accepted.source, accepted.version_id, site, post.first_date)
        return tuple(ref for ref in parsed.images if len(ref.url) <= LONGEST_URL)

    def _bring_home(
        self, id: str, wanted: tuple[ImageRef, ...], *, is_new: bool
    ) -> tuple[dict[str, Image], int]:
        """The state of each image, and how many there was no time to try.

        Its use is noted before its state is read, so that a heal meanwhile finds it. A new revision
        asks for owed images at once: its author may have brought them back.
        """
        deadline = time.monotonic() + self.patience
        for ref in wanted:
            Images(self.table).use(ref.url, id)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            states = list(
                pool.map(lambda ref: self._state(ref, id, deadline, is_new=is_new), wanted)
            )
        images = {
            ref.url: state or Image(state=ImageState.OWED)
            for ref, state in zip(wanted, states, strict=True)
        }
        return images, states.count(None)

    def _state(self, ref: ImageRef, id: str, deadline: float, *, is_new: bool) -> Image | None:
        """How far an image has come by the deadline; None when there was no time to try."""
        images, tried = Images(self.table), False
        while True:
            image = images.read(ref.url)
            now, left = self.clock(), deadline - time.monotonic()
            leased = image is not None and _is_leased(image, now)
            settled = tried or (image is not None and not _is_due(image, now, is_new=is_new))
            if image is not None and not leased and settled:
                return self._image(image)
            if leased and left <= 0:
                return Image(state=ImageState.OWED)
            if not leased and left < self.patience / 2:  # too late to begin
                if image is None:
                    images.owe(ref, now)
                return None
            if not leased:
                try:
                    fetched = self._fetch(image, ref, left, post=id)
                    if fetched.state is ImageState.REHOSTED and fetched.next_try is not None:
                        self.bulk.send(Heal(heal=ref.url))
                    return self._image(fetched)
                except Changed:
                    continue
            tried = True  # by the worker that holds the lease
            time.sleep(min(0.2, left))

    def _image(self, image: RemoteImage) -> Image:
        state = image.state
        if state is not ImageState.REHOSTED or image.media is None:
            return Image(state=state)
        media = Images(self.table).media(image.media)
        if media is None:
            raise RetryLater(f"media {image.media} is not there")
        return Image(state=state, picture=media.picture)

    def _fetch(
        self, before: RemoteImage | None, ref: ImageRef, seconds: float, *, post: str | None
    ) -> RemoteImage:
        """Fetches an image under a lease and settles its state; raises Changed if another does.

        One that came home stays due while posts other than `post` have yet to hear of it.
        """
        images, now = Images(self.table), self.clock().replace(microsecond=0)
        base = before or RemoteImage.of(ref)
        leased = images.lease(before, base, now + LEASE)
        try:
            found = imaging.climb(
                ref,
                deadline=seconds,
                resolve=self.guard.resolve,
                connect=self.guard.connect,
                politeness=self.politeness,
            )
            media = self._keep(found, ref.url, now)
        except imaging.Refused as refused:
            settled = leased.model_copy(
                update={"state": ImageState.REFUSED, "reason": refused.rule, "next_try": None}
            )
        except RetryLater as error:
            settled = _owed(base, leased, str(error), now)
        else:
            settled = leased.model_copy(
                update={
                    "state": ImageState.REHOSTED,
                    "media": media,
                    "etag": found.etag,
                    "last_modified": found.last_modified,
                    "next_try": now if set(images.users(ref.url)) - {post} else None,
                    "reason": None,
                }
            )
        return images.settle(leased, settled)

    def _keep(self, found: imaging.Found, url: str, now: datetime) -> str:
        """Keeps the original, makes its variants once per content, and returns its sha256."""
        made = None
        hash = hashlib.sha256(found.data).hexdigest()
        if Images(self.table).media(hash) is None:
            made = imaging.make(found.data)
        provenance = {"url": found.url, "canonical": url, "fetched": now.isoformat()} | {
            name: value
            for name, value in (("etag", found.etag), ("last_modified", found.last_modified))
            if value
        }
        self.vault.keep(found.data, found.mime, url_hash(url), provenance)
        if made is not None:
            self._publish(made)
        return hash

    def _publish(self, made: imaging.Media) -> None:
        recipe = imaging.recipe()
        files: dict[int, dict[str, str]] = {}
        for name, data in made.files.items():
            width, _, format = name.partition(".")
            key = f"media/{made.hash}/{recipe}/{name}"
            self.site.put_media(key, data, f"image/{_SUBTYPES.get(format, format)}")
            files.setdefault(int(width), {})[format] = key
        picture = Picture(width=made.width, height=made.height, files=files)
        Images(self.table).put_media(
            MediaItem(hash=made.hash, picture=picture, placeholder=made.placeholder)
        )

    def _announce(self, post: PostState, ready: Ready) -> None:
        event = Event.of(
            Type.READY,
            post=post.id,
            key=post.source,
            revision=ready.revision,
            turn=ready.turn,
            now=self.clock(),
        )
        self.topic.announce(event)


def _is_leased(image: RemoteImage, now: datetime) -> bool:
    return image.leased_until is not None and image.leased_until > now


def _is_due(image: RemoteImage, now: datetime, *, is_new: bool) -> bool:
    if image.state is not ImageState.OWED:
        return False
    return is_new or image.next_try is None or image.next_try <= now


def _owed(before: RemoteImage, image: RemoteImage, reason: str, now: datetime) -> RemoteImage:
    """The image after one more try in vain: the pauses grow, and in the end it is given up.

    A try ahead of its time, for a new revision, moves neither the next one nor the end nearer.
    """
    if before.next_try is not None and before.next_try > now:
        return image.model_copy(update={"reason": reason, "next_try": before.next_try})
    attempts = image.attempts + 1
    if attempts >= ATTEMPTS:
        return image.model_copy(
            update={"state": ImageState.LOST, "attempts": attempts, "next_try": None}
        )
    pause = min(FIRST_PAUSE * 4 ** (attempts - 1), LONGEST_PAUSE)
    return image.model_copy(
        update={
            "state": ImageState.OWED,
            "attempts": attempts,
            "reason": reason,
            "next_try": (now + pause).replace(microsecond=0),
        }
    )


def _ready(post: PostState, accepted: Accepted, images: Mapping[str, Image]) -> Ready:
    """What the images stage knows now; the same value as before when nothing moved."""
    old = post.ready
    if old is not None and (old.revision, old.images) == (accepted.revision, images):
        return old
    same_revision = old is not None and old.revision == accepted.revision
    healed = same_revision and any(
        image.state is ImageState.REHOSTED
        and post.ready is not None
        and url in post.ready.images
        and post.ready.images[url].state is not ImageState.REHOSTED
        for url, image in images.items()
    )
    return Ready(
        revision=accepted.revision,
        turn=old.turn + 1 if old else 1,
        healed=healed,
        images=dict(images),
    )
