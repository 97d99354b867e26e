"""One image comes home: fetched by one worker at a time, its original kept, its variants made."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger

from presswork import imaging
from presswork.aws.buckets import ContentBucket, VaultBucket
from presswork.aws.conflicts import Changed
from presswork.aws.files import Files
from presswork.aws.images import Images
from presswork.aws.queues import Queue
from presswork.content import attachments
from presswork.content.own_files import attached_name, is_own, keys_of
from presswork.errors import Rejected, RetryLater
from presswork.messages import RetryImage
from presswork.object import Content
from presswork.post import Image, ImageRef, ImageState, image_id
from presswork.stages.images import backoff
from presswork.stages.images.media import MediaLibrary, is_made_by
from presswork.state import MediaItem, RemoteImage

LEASE = timedelta(seconds=120)
"""Longer than any function runs: whoever holds a lease this old is dead."""

_POLL = 0.2
_MOST_TRIES_TOLD = 8

_Result = TypeVar("_Result")

logger = Logger(child=True)


@dataclass(frozen=True)
class ImageRequest:
    """The post for which an image is wanted, and the generation of the `Ready` that is to show it.

    `is_new` says that the post has a new revision: owed and lost images are asked for at once then,
    since its author may have brought them back. `known` are the images of its last `Ready`, by
    identity: that it uses them stands in the table. `embedded` has the bytes of those that stand in
    the post itself, by canonical URL. `quality` is that of the site's variants, `deadline` when
    the post waits no longer, by the stopwatch. With `restores` the site's bucket is not believed to
    hold what was put there.
    """

    post: str
    generation: int
    is_new: bool
    known: Mapping[str, Image]
    quality: int
    deadline: float
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    restores: bool = False

    @property
    def recipe(self) -> str:
        """How the post wants its variants to be made."""
        return imaging.recipe(self.quality)

    def is_settled(self, image: RemoteImage) -> bool:
        """Whether the last `Ready` shows what is to be shown of an image."""
        known = self.known.get(image_id(image.url))
        if known is None or known.media != image.media or self.is_new or self.restores:
            return False
        return known.picture is None or is_made_by(self.recipe, known.picture)

    def untried(self, id: str) -> Image:
        """How an image is shown that there was no time for: in a rebuild as it was."""
        owed = Image(state=ImageState.OWED)
        return self.known.get(id, owed) if self.restores and not self.is_new else owed

    def to_see(self, image: RemoteImage | None) -> str | None:
        """The media of an image that is home, if it is yet to be seen what they are."""
        if image is None or image.state is not ImageState.REHOSTED or self.is_settled(image):
            return None
        return image.media

    def shows(self, media: str) -> bool:
        """Whether the last `Ready` shows these media."""
        return any(image.media == media for image in self.known.values())


@dataclass(frozen=True)
class _Arrived:
    """What came home: the sha256 of its bytes; from where, and with which validators."""

    media: str
    asked: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class ImageFetch:
    """One fetch for an image, however many posts and workers want it at once."""

    images: Images
    files: Files
    content: ContentBucket
    vault: VaultBucket
    media: MediaLibrary
    bulk: Queue
    network: imaging.Network
    clock: Callable[[], datetime]
    stopwatch: Callable[[], float]
    sleep: Callable[[float], None]
    patience: float
    throttle: imaging.HostThrottle = field(default_factory=imaging.HostThrottle)

    def bring(
        self, refs: Sequence[ImageRef], request: ImageRequest, workers: Executor
    ) -> list[Image | None]:
        """How far images have come by the deadline; None for each there was no time to try.

        Their uses are noted before their states are read, so that a heal meanwhile finds them; and
        the uses of their media before those are read.
        """
        new = [ref.id for ref in refs if ref.id not in request.known]
        self.images.add_uses(new, request.post, request.generation)
        states = self.images.read_all(ref.id for ref in refs)
        found = list(zip(refs, states, strict=True))
        images = imaging.work_by_host(workers, partial(self._home, request), found, _host_of)
        hashes = dict.fromkeys(hash for image in images if (hash := request.to_see(image)))
        added = [hash for hash in hashes if not request.shows(hash)]
        self.media.items.add_uses(added, request.post, request.generation)
        media = self.media.items.read_all(hashes)
        return list(workers.map(partial(self._shown, request, media), images))

    def _home(
        self, request: ImageRequest, found: tuple[ImageRef, RemoteImage | None]
    ) -> RemoteImage | None:
        """An image as it is by the deadline; None when there was no time to try, or to make it.

        It begins as the post found it when its use was noted.
        """
        ref, image = found
        tried = False
        while True:
            now, left = self.clock(), request.deadline - self.stopwatch()
            leased = image is not None and image.is_leased(now)
            settled = tried or (image is not None and not _is_due(image, now, request))
            if image is not None and not leased and settled:
                return image
            if leased and left <= 0:  # whoever had it may be done, and have asked who wants it
                image = self.images.read(ref.url)
                return image if image is None or not image.is_leased(now) else None
            if not leased and left < self.patience / 2:  # too late to begin
                if image is None:
                    self.images.owe(ref, now)
                return None
            if not leased:
                try:
                    return self._begin(image, ref, left, request)
                except imaging.NoTurn:
                    return None
                except Changed:
                    pass
            else:
                tried = True  # by the worker that holds the lease
                self.sleep(min(_POLL, max(left, 0)))
            image = self.images.read(ref.url)

    def _begin(
        self, image: RemoteImage | None, ref: ImageRef, seconds: float, request: ImageRequest
    ) -> RemoteImage:
        """Fetches an image for a post; the others that want it are sent on."""
        data = request.embedded.get(ref.url)
        fetched = self.fetch(
            image, ref, seconds, post=request.post, data=data, quality=request.quality
        )
        if fetched.state is ImageState.REHOSTED and fetched.next_try is not None:
            self.bulk.send(RetryImage(url=ref.url))
        return fetched

    def fetch(
        self,
        before: RemoteImage | None,
        ref: ImageRef,
        seconds: float,
        *,
        post: str | None,
        quality: int,
        data: bytes | None = None,
    ) -> RemoteImage:
        """Fetches an image under a lease and settles its state; raises Changed if another does.

        One that came home stays due while posts other than `post` have yet to hear of it. With
        `data`, of an image that stands in the post itself, nothing is asked for.
        """
        now = self.clock().replace(microsecond=0)
        base = before or RemoteImage.of(ref)
        leased = self.images.lease(before, base, now + LEASE)
        try:
            if data is not None:
                arrived = self._unpack(ref.url, data, now, post, quality)
            elif is_own(ref.url):
                arrived = self._read(ref.url, quality)
            else:
                found = self._fetch_first(ref, seconds)
                arrived = self._take(found, ref.url, now, quality, post=post)
        except imaging.NoTurn:
            # It was no try in vain: who comes next makes it.
            self.images.settle(leased, leased.model_copy(update={"next_try": now}))
            raise
        except imaging.Refused as refused:
            settled = backoff.refused(leased, refused.rule, now)
        except RetryLater as error:
            gone = isinstance(error, imaging.Missing) and error.gone
            settled = backoff.failed_attempt(
                base, leased, str(error), now, gone=gone, after=error.after
            )
        else:
            others = set(self.images.uses(ref.url).posts()) - {post}
            settled = leased.model_copy(
                update={
                    **asdict(arrived),
                    "state": ImageState.REHOSTED,
                    "next_try": now if others else None,
                    "reason": None,
                    "since": None,
                    "absent_since": None,
                }
            )
        return self.images.settle(leased, settled)

    def refresh(self, image: RemoteImage, seconds: float, quality: int) -> RemoteImage:
        """Asks the origin of an image that is home whether it changed, and notes the visit.

        What came home stays, whatever the origin says, unless it gives another image: then that is
        home, and due until those who want it have heard. No lease is taken, since nobody has to
        wait: raises Changed when another worker moved the image meanwhile.
        """
        now = self.clock().replace(microsecond=0)
        known = imaging.Validators(image.etag, image.last_modified)
        visit: dict[str, Any] = {"visited": now}
        try:
            validators = {image.asked: known} if image.asked else {}
            found = self._fetch_first(image.ref, seconds, validators)
            if not found.unchanged:
                arrived = self._take(found, image.url, now, quality)
                due = {} if arrived.media == image.media else {"next_try": now}
                visit |= asdict(arrived) | due
        except (imaging.Refused, RetryLater):
            visit = {"visited": now}
        return self.images.move(image, image.model_copy(update=visit))

    def _fetch_first(
        self, ref: ImageRef, seconds: float, known: Mapping[str, imaging.Validators] | None = None
    ) -> imaging.FetchedImage:
        return _of_this_image(
            ref.url,
            lambda: imaging.fetch_first(
                ref,
                deadline=seconds,
                resolve=self.network.resolve,
                connect=self.network.connect,
                throttle=self.throttle,
                validators=known,
            ),
        )

    def _take(
        self,
        found: imaging.FetchedImage,
        url: str,
        now: datetime,
        quality: int,
        *,
        post: str | None = None,
    ) -> _Arrived:
        """An image of the world, kept with its source.

        What one host gives for one post is a series: whoever could hurt an image of it by another
        could have sent another in its place.
        """
        provenance = {
            "url": found.url,
            "asked": found.asked,
            "canonical": url,
            "fetched": now.isoformat(),
            "etag": found.etag,
            "last_modified": found.last_modified,
            "tries": [asdict(each) for each in found.tries[-_MOST_TRIES_TOLD:]],
        }
        series = None if post is None else f"{post} {_host(found.url)}"
        hash = self._keep(found.data, found.mime, url, provenance, quality, series=series)
        return _Arrived(hash, found.asked, found.etag, found.last_modified)

    def _unpack(
        self, url: str, data: bytes, now: datetime, post: str | None, quality: int
    ) -> _Arrived:
        """An image whose bytes stand in a post."""
        provenance = {"canonical": url, "post": post, "fetched": now.isoformat()}
        return _Arrived(self._keep(data, imaging.kind(data), url, provenance, quality))

    def _read(self, url: str, quality: int) -> _Arrived:
        """An author's own file; its image is noted under each key before any is read."""
        self.files.note(url, keys_of(url))
        found = self._own(url)
        if found is None:
            raise RetryLater(f"none of {', '.join(keys_of(url))} is in the bucket")
        if len(found.data) > _most(url):
            raise imaging.Refused("image.bytes", f"It is larger than {_most(url)} bytes.")
        name = attached_name(url)
        if name is not None:
            return _Arrived(self._attach(name, found.data), etag=found.etag)
        hash = hashlib.sha256(found.data).hexdigest()
        self._make(url, hash, found.data, quality)
        return _Arrived(hash, etag=found.etag)

    def _own(self, url: str) -> Content | None:
        files = (self.content.get(key, most=_most(url)) for key in keys_of(url))
        return next((file for file in files if file is not None), None)

    def _attach(self, name: str, data: bytes) -> str:
        """Puts an author's file that is no image on the site as it is, and returns its sha256."""
        mime = attachments.type_of(name, data)
        if mime is None:
            raise imaging.Refused("file.type", "The file is not what its suffix says.")
        hash = hashlib.sha256(data).hexdigest()
        self.media.put_file(hash, attachments.site_key(hash, name), data, mime)
        return hash

    def _make(
        self,
        url: str,
        hash: str,
        data: bytes,
        quality: int,
        *,
        again: bool = False,
        beside: Callable[[], object] | None = None,
        series: str | None = None,
    ) -> None:
        """Makes the variants of an original, unless they are made, or in any case `again`.

        `beside` is done in any case, but not for bytes of which nothing can be made.
        """
        known, recipe = self.media.items.read(hash), imaging.recipe(quality)
        if again or known is None or not is_made_by(recipe, known.picture):
            made = _of_this_image(
                url,
                lambda: imaging.make(
                    data,
                    quality=quality,
                    one_fallback=True,
                    series=series,
                    patience=self.patience,
                ),
            )
            self.media.put(made, len(data), recipe, known, beside=beside)
        elif beside is not None:
            beside()

    def _keep(
        self,
        data: bytes,
        mime: str,
        url: str,
        provenance: Mapping[str, Any],
        quality: int,
        *,
        series: str | None = None,
    ) -> str:
        """Keeps the original, makes its variants once per content, and returns its sha256.

        Bytes that cannot be shown are refused before they are kept.
        """
        hash = hashlib.sha256(data).hexdigest()
        keep = partial(self.vault.keep, data, mime, image_id(url), provenance)
        self._make(url, hash, data, quality, beside=keep, series=series)
        return hash

    def _shown(
        self,
        request: ImageRequest,
        media: Mapping[str, MediaItem | None],
        image: RemoteImage | None,
    ) -> Image | None:
        """An image as its post shows it, with its media, as they were read since it uses them.

        None when there is no time to see whether they are on the site.
        """
        if image is None:
            return None
        if image.state is not ImageState.REHOSTED or image.media is None:
            return Image(state=image.state)
        if request.is_settled(image):
            return request.known[image_id(image.url)]
        if request.restores and self.stopwatch() > request.deadline:
            return None
        return self._with_media(image, image.media, request, media)

    def _with_media(
        self,
        image: RemoteImage,
        hash: str,
        request: ImageRequest,
        known: Mapping[str, MediaItem | None],
    ) -> Image:
        """An image with its media; those that are being deleted are waited for, then made again."""
        name = attached_name(image.url) if is_own(image.url) else None
        file = attachments.site_key(hash, name) if name is not None else None
        while True:
            try:
                media = self._media(image, hash, file, request, known)
            except RetryLater:
                if self.stopwatch() < request.deadline:
                    self.sleep(_POLL)
                    known = {}
                    continue
                self.images.remind(image, self.clock().replace(microsecond=0))
                return Image(state=ImageState.OWED)
            except imaging.Refused as refused:
                self._refuse(image, refused.rule)
                return Image(state=ImageState.REFUSED)
            if media is None:
                self.owe_again(image)
                return Image(state=ImageState.OWED)
            picture = media.picture if file is None else None
            return Image(state=image.state, picture=picture, media=media.hash, file=file)

    def _refuse(self, image: RemoteImage, rule: str) -> None:
        """An image that came home once, but of which nothing can be made any more."""
        now = self.clock().replace(microsecond=0)
        with suppress(Changed):  # by a worker that knows better: it tells who wants it
            self.images.move(image, backoff.refused(image, rule, now))

    def owe_again(self, image: RemoteImage) -> None:
        """An image whose media were collected and whose original was forgotten is to be fetched."""
        due = {"state": ImageState.OWED, "next_try": self.clock().replace(microsecond=0)}
        try:
            self.images.move(image, image.model_copy(update=due))
        except Changed:  # by a worker that fetches it: it tells who wants it
            return

    def _media(
        self,
        image: RemoteImage,
        hash: str,
        file: str | None,
        request: ImageRequest,
        known: Mapping[str, MediaItem | None],
    ) -> MediaItem | None:
        """The media of an image, made again where they, or the file, are missing.

        If there is time, those of an earlier recipe are, too.
        """
        media = self.media.find(hash, whole=request.restores, known=known)
        if media is None or (file is not None and not self.media.holds(file)):
            return self._remake(image.url, hash, request.quality)
        in_time = self.stopwatch() < request.deadline - self.patience / 2
        if in_time and not is_made_by(request.recipe, media.picture):
            return self._made_anew(image, media, request.quality)
        return media

    def _made_anew(self, image: RemoteImage, media: MediaItem, quality: int) -> MediaItem:
        """Media by the recipe of today; as they are where they cannot be made by it."""
        try:
            return self._remake(image.url, media.hash, quality) or media
        except (imaging.Refused, RetryLater):
            return media

    def _remake(self, url: str, hash: str, quality: int) -> MediaItem | None:
        """Media that were collected, made again of their original; None if that was forgotten."""
        if is_own(url):
            found = self._own(url)
            data = found.data if found else None
        else:
            data = self.vault.original(hash)
        if data is None or hashlib.sha256(data).hexdigest() != hash:
            return None
        if is_own(url) and (name := attached_name(url)) is not None:
            self._attach(name, data)
        else:
            self._make(url, hash, data, quality, again=True)
        return self.media.find(hash)


def _of_this_image(url: str, work: Callable[[], _Result]) -> _Result:
    """What the web or the decoder gives for one image; what nobody thought of is that one's alone.

    It is owed then: the post and its other images do not wait for the fault to be mended.
    """
    try:
        return work()
    except (Rejected, RetryLater):
        raise
    except Exception as error:
        logger.exception("an image is owed by a fault in Presswork", extra={"url": url})
        kind = type(error).__name__
        raise RetryLater(f"It is not here by a fault in Presswork: {kind}: {error}.") from error


def _host_of(found: tuple[ImageRef, object]) -> str:
    return _host(found[0].url)


def _host(url: str) -> str:
    """The host that is asked; none for what stands in a post or the bucket, or is no valid URL."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _most(url: str) -> int:
    """How many bytes an author's own file may have."""
    return imaging.Limits().body if attached_name(url) is None else attachments.MOST_BYTES


def _is_due(image: RemoteImage, now: datetime, request: ImageRequest) -> bool:
    if image.state is ImageState.LOST:
        return request.is_new
    if image.state is not ImageState.OWED:
        return False
    return request.is_new or image.next_try is None or image.next_try <= now
