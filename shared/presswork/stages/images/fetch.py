"""One image comes home: fetched by one worker at a time, its original kept, its variants made."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from presswork import imaging
from presswork.aws.buckets import Content, ContentBucket, VaultBucket
from presswork.aws.changed import Changed
from presswork.aws.files import Files
from presswork.aws.images import Images, RemoteImage
from presswork.aws.media import MediaItem
from presswork.aws.queues import Heal, Queue
from presswork.aws.table import Table
from presswork.content import attachments
from presswork.content.own_files import attached_name, is_own, keys_of
from presswork.errors import RetryLater
from presswork.post import Image, ImageRef, ImageState, image_id
from presswork.stages.images import backoff
from presswork.stages.images.media import MediaLibrary, is_made_by

LEASE = timedelta(seconds=120)
"""Longer than any function runs: whoever holds a lease this old is dead."""

_POLL = 0.2
_MOST_TRIES_TOLD = 8


@dataclass(frozen=True)
class ImageRequest:
    """The post for which an image is wanted, and the turn of the `Ready` that is to show it.

    `is_new` says that the post has a new revision: owed and lost images are asked for at once then,
    since its author may have brought them back. `known` are the images of its last `Ready`, by
    identity: that it uses them stands in the table. `embedded` has the bytes of those that stand in
    the post itself, by canonical URL. `quality` is that of the site's variants. With `restores` the
    site's bucket is not believed to hold what was put there.
    """

    post: str
    turn: int
    is_new: bool
    known: Mapping[str, Image]
    quality: int
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

    def shows(self, media: str) -> bool:
        """Whether the last `Ready` shows these media."""
        return any(image.media == media for image in self.known.values())


@dataclass(frozen=True)
class _Came:
    """What came home: the sha256 of its bytes; from where, and with which validators."""

    media: str
    asked: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class ImageFetch:
    """One fetch for an image, however many posts and workers want it at once."""

    table: Table
    content: ContentBucket
    vault: VaultBucket
    shelf: MediaLibrary
    bulk: Queue
    network: imaging.Network
    clock: Callable[[], datetime]
    stopwatch: Callable[[], float]
    sleep: Callable[[float], None]
    patience: float
    throttle: imaging.HostThrottle = field(default_factory=imaging.HostThrottle)

    def bring(self, ref: ImageRef, asker: ImageRequest, deadline: float) -> Image | None:
        """How far an image has come by the deadline; None when there was no time to try.

        Its use is noted before its state is read, so that a heal meanwhile finds it.
        """
        images, tried = Images(self.table), False
        if ref.id not in asker.known:
            images.uses(ref.url).add(asker.post, asker.turn)
        while True:
            image = images.read(ref.url)
            now, left = self.clock(), deadline - self.stopwatch()
            leased = image is not None and image.is_leased(now)
            settled = tried or (image is not None and not _is_due(image, now, asker))
            if image is not None and not leased and settled:
                return self._shown(image, asker, deadline)
            if leased and left <= 0:
                return Image(state=ImageState.OWED)
            if not leased and left < self.patience / 2:  # too late to begin
                if image is None:
                    images.owe(ref, now)
                return None
            if not leased:
                try:
                    data = asker.embedded.get(ref.url)
                    fetched = self.fetch(
                        image, ref, left, post=asker.post, data=data, quality=asker.quality
                    )
                except Changed:
                    continue
                if fetched.state is ImageState.REHOSTED and fetched.next_try is not None:
                    self.bulk.send(Heal(heal=ref.url))
                return self._shown(fetched, asker, deadline)
            tried = True  # by the worker that holds the lease
            self.sleep(min(_POLL, max(left, 0)))

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
        images, now = Images(self.table), self.clock().replace(microsecond=0)
        base = before or RemoteImage.of(ref)
        leased = images.lease(before, base, now + LEASE)
        try:
            if data is not None:
                came = self._unpack(ref.url, data, now, post, quality)
            elif is_own(ref.url):
                came = self._read(ref.url, quality)
            else:
                came = self._take(self._climb(ref, seconds), ref.url, now, quality)
        except imaging.Refused as refused:
            settled = backoff.refused(leased, refused.rule, now)
        except RetryLater as error:
            gone = isinstance(error, imaging.Missing) and error.gone
            settled = backoff.missed(base, leased, str(error), now, gone=gone, after=error.after)
        else:
            others = set(images.uses(ref.url).posts()) - {post}
            settled = leased.model_copy(
                update={
                    **asdict(came),
                    "state": ImageState.REHOSTED,
                    "next_try": now if others else None,
                    "reason": None,
                    "since": None,
                    "absent_since": None,
                }
            )
        return images.settle(leased, settled)

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
            found = self._climb(image.ref, seconds, {image.asked: known} if image.asked else {})
            if not found.unchanged:
                came = self._take(found, image.url, now, quality)
                due = {} if came.media == image.media else {"next_try": now}
                visit |= asdict(came) | due
        except (imaging.Refused, RetryLater):
            visit = {"visited": now}
        return Images(self.table).move(image, image.model_copy(update=visit))

    def _climb(
        self, ref: ImageRef, seconds: float, known: Mapping[str, imaging.Validators] | None = None
    ) -> imaging.FetchedImage:
        return imaging.fetch_first(
            ref,
            deadline=seconds,
            resolve=self.network.resolve,
            connect=self.network.connect,
            throttle=self.throttle,
            validators=known,
        )

    def _take(self, found: imaging.FetchedImage, url: str, now: datetime, quality: int) -> _Came:
        """An image of the world, kept with its source."""
        provenance = {
            "url": found.url,
            "asked": found.asked,
            "canonical": url,
            "fetched": now.isoformat(),
            "etag": found.etag,
            "last_modified": found.last_modified,
            "tries": [asdict(each) for each in found.tries[-_MOST_TRIES_TOLD:]],
        }
        hash = self._keep(found.data, found.mime, url, provenance, quality)
        return _Came(hash, found.asked, found.etag, found.last_modified)

    def _unpack(
        self, url: str, data: bytes, now: datetime, post: str | None, quality: int
    ) -> _Came:
        """An image whose bytes stand in a post."""
        provenance = {"canonical": url, "post": post, "fetched": now.isoformat()}
        return _Came(self._keep(data, imaging.kind(data), url, provenance, quality))

    def _read(self, url: str, quality: int) -> _Came:
        """An author's own file; its image is noted under each key before any is read."""
        Files(self.table).note(url, keys_of(url))
        found = self._own(url)
        if found is None:
            raise RetryLater(f"none of {', '.join(keys_of(url))} is in the bucket")
        if len(found.data) > _most(url):
            raise imaging.Refused("image.bytes", f"It is larger than {_most(url)} bytes.")
        name = attached_name(url)
        if name is not None:
            return _Came(self._attach(name, found.data), etag=found.etag)
        hash = hashlib.sha256(found.data).hexdigest()
        if not self.shelf.has(hash, imaging.recipe(quality)):
            self._make(found.data, quality)
        return _Came(hash, etag=found.etag)

    def _own(self, url: str) -> Content | None:
        files = (self.content.get(key, most=_most(url)) for key in keys_of(url))
        return next((file for file in files if file is not None), None)

    def _attach(self, name: str, data: bytes) -> str:
        """Puts an author's file that is no image on the site as it is, and returns its sha256."""
        mime = attachments.type_of(name, data)
        if mime is None:
            raise imaging.Refused("file.type", "The file is not what its suffix says.")
        hash = hashlib.sha256(data).hexdigest()
        self.shelf.put_file(hash, attachments.site_key(hash, name), data, mime)
        return hash

    def _make(self, data: bytes, quality: int) -> None:
        made = imaging.make(data, quality=quality)
        self.shelf.put(made, len(data), imaging.recipe(quality))

    def _keep(
        self, data: bytes, mime: str, url: str, provenance: Mapping[str, Any], quality: int
    ) -> str:
        """Keeps the original, makes its variants once per content, and returns its sha256.

        Bytes that cannot be shown are refused before they are kept.
        """
        hash = hashlib.sha256(data).hexdigest()
        made, recipe = None, imaging.recipe(quality)
        if not self.shelf.has(hash, recipe):
            made = imaging.make(data, quality=quality)
        self.vault.keep(data, mime, image_id(url), provenance)
        if made is not None:
            self.shelf.put(made, len(data), recipe)
        return hash

    def _shown(self, image: RemoteImage, asker: ImageRequest, deadline: float) -> Image | None:
        """An image as its post shows it: with its media, whose use is noted before they are read.

        Media that are being deleted are waited for; then they are made again. None when there is no
        time to see whether they are on the site.
        """
        if image.state is not ImageState.REHOSTED or image.media is None:
            return Image(state=image.state)
        if asker.is_settled(image):
            return asker.known[image_id(image.url)]
        if not asker.shows(image.media):
            self.shelf.uses(image.media).add(asker.post, asker.turn)
        if asker.restores and self.stopwatch() > deadline:
            return None
        name = attached_name(image.url) if is_own(image.url) else None
        file = attachments.site_key(image.media, name) if name is not None else None
        while True:
            try:
                media = self._media(image, image.media, file, asker, deadline)
            except RetryLater:
                if self.stopwatch() < deadline:
                    self.sleep(_POLL)
                    continue
                Images(self.table).remind(image, self.clock().replace(microsecond=0))
                return Image(state=ImageState.OWED)
            if media is None:
                self.owe_again(image)
                return Image(state=ImageState.OWED)
            picture = media.picture if file is None else None
            return Image(state=image.state, picture=picture, media=media.hash, file=file)

    def owe_again(self, image: RemoteImage) -> None:
        """An image whose media were collected and whose original was forgotten is to be fetched."""
        due = {"state": ImageState.OWED, "next_try": self.clock().replace(microsecond=0)}
        try:
            Images(self.table).move(image, image.model_copy(update=due))
        except Changed:  # by a worker that fetches it: it tells who wants it
            return

    def _media(
        self, image: RemoteImage, hash: str, file: str | None, asker: ImageRequest, deadline: float
    ) -> MediaItem | None:
        """The media of an image, made again where they, or the file, are missing.

        If there is time, those of an earlier recipe are, too.
        """
        media = self.shelf.find(hash, whole=asker.restores)
        if media is None or (file is not None and not self.shelf.holds(file)):
            return self._remake(image.url, hash, asker.quality)
        in_time = self.stopwatch() < deadline - self.patience / 2
        if in_time and not is_made_by(asker.recipe, media.picture):
            return self._made_anew(image, media, asker.quality)
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
            self._make(data, quality)
        return self.shelf.find(hash)


def _most(url: str) -> int:
    """How many bytes an author's own file may have."""
    return imaging.Limits().body if attached_name(url) is None else attachments.MOST_BYTES


def _is_due(image: RemoteImage, now: datetime, asker: ImageRequest) -> bool:
    if image.state is ImageState.LOST:
        return asker.is_new
    if image.state is not ImageState.OWED:
        return False
    return asker.is_new or image.next_try is None or image.next_try <= now
