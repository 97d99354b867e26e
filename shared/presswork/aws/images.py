"""How far each remote image has come, who wants it, and what its bytes became."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, Delete, Put, Table, Update, Write
from presswork.post import ImageState, Model, Picture

_META = "META"
OWED = "owed"


def url_hash(url: str) -> str:
    """The identity of a remote image: the sha256 of its canonical URL, in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


class RemoteImage(Model):
    """One canonical URL: its state, and when it is owed, the tries so far and the time of the next.

    `seen` are the spellings to fall back on. `media` is the sha256 of the bytes once they came home.
    `leased_until` keeps others from fetching at the same time; compare it, do not trust TTL.
    """

    url: str
    seen: tuple[str, ...] = ()
    state: ImageState | None = None
    media: str | None = None
    attempts: int = 0
    next_try: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    leased_until: datetime | None = None
    lease: int = 0


class MediaItem(Model):
    """The bytes of one sha256: the picture made of them."""

    hash: str
    picture: Picture
    placeholder: str


@dataclass(frozen=True)
class Images:
    """Items `IMAGE#<hash of canonical URL>`: `META` with the fields of `RemoteImage`, `POST#<id>` for
    each post that wants it; `MEDIA#<sha256>` / `META` with the fields of `MediaItem`; and
    `LIST#owed` / `<time>#<hash>`, written with the state it follows from.
    """

    table: Table

    def read(self, url: str) -> RemoteImage | None:
        """The image as it is now."""
        item = self.table.get(f"IMAGE#{url_hash(url)}", _META)
        return None if item is None else RemoteImage.model_validate(item)

    def lease(self, image: RemoteImage | None, wanted: RemoteImage, until: datetime) -> RemoteImage:
        """Takes the right to fetch; raises Changed when another worker took it or finished first."""
        leased = wanted.model_copy(update={"leased_until": until, "lease": wanted.lease + 1})
        condition = Attr("PK").not_exists() if image is None else Attr("lease").eq(image.lease)
        self.table.write(Put(self._item(leased), condition))
        return leased

    def settle(
        self, leased: RemoteImage, settled: RemoteImage, owed_before: datetime | None
    ) -> None:
        """Writes the outcome of a fetch and its place among the owed; raises Changed without the lease."""
        id, lists = url_hash(settled.url), Lists(self.table)
        settled = settled.model_copy(update={"leased_until": None, "lease": leased.lease + 1})
        writes: list[Write] = [Put(self._item(settled), Attr("lease").eq(leased.lease))]
        if owed_before is not None and owed_before != settled.next_try:
            writes.append(lists.delete_work(OWED, owed_before, id))
        if settled.next_try is not None:
            writes.append(lists.put_work(OWED, settled.next_try, id, settled.url))
        self.table.write(*writes)

    def use(self, url: str, post: str) -> None:
        """Notes that a post wants an image."""
        self.table.write(Put({"PK": f"IMAGE#{url_hash(url)}", "SK": f"POST#{post}"}))

    def disuse(self, url: str, post: str) -> None:
        """Notes that a post no longer wants an image."""
        self.table.write(Delete(f"IMAGE#{url_hash(url)}", f"POST#{post}"))

    def users(self, url: str) -> Iterator[str]:
        """The ids of the posts that want an image."""
        for item in self.table.query(f"IMAGE#{url_hash(url)}", prefix="POST#"):
            yield str(item["SK"]).removeprefix("POST#")

    def media(self, hash: str) -> MediaItem | None:
        """What the bytes of one sha256 became."""
        item = self.table.get(f"MEDIA#{hash}", _META)
        return None if item is None else MediaItem.model_validate(item)

    def put_media(self, media: MediaItem) -> None:
        """Remembers what the bytes of one sha256 became."""
        item = {"PK": f"MEDIA#{media.hash}", "SK": _META} | media.model_dump(mode="json")
        self.table.write(Put(item))

    def _item(self, image: RemoteImage) -> dict[str, object]:
        item = image.model_dump(mode="json")
        for name in ("next_try", "leased_until"):
            moment: datetime | None = getattr(image, name)
            item[name] = None if moment is None else stamp(moment)
        return {"PK": f"IMAGE#{url_hash(image.url)}", "SK": _META} | item
