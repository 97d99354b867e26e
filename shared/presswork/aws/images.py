"""How far each remote image has come, who wants it, and what its bytes became."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork.aws.changed import Changed
from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, ConditionBase, Delete, Put, Table, Write
from presswork.post import ImageRef, ImageState, Model, Picture

_META = "META"
OWED = "owed"
MOST_SPELLINGS = 8
LONGEST_SPELLING = 2048


def url_hash(url: str) -> str:
    """The identity of a remote image: the sha256 of its canonical URL, in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


class RemoteImage(Model):
    """One canonical URL: its state, and if it is owed, the tries so far and the next's time.

    `seen` are the spellings to fall back on. `media` is the sha256 of the bytes once they came
    home. `leased_until` keeps others from fetching at the same time; compare it, do not trust TTL.
    """

    url: str
    seen: tuple[str, ...] = ()
    state: ImageState = ImageState.OWED
    media: str | None = None
    attempts: int = 0
    next_try: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    leased_until: datetime | None = None
    lease: int = 0

    @classmethod
    def of(cls, ref: ImageRef) -> Self:
        """An image as a post names it; of its spellings, those that a fetch can fall back on."""
        seen = [url for url in ref.seen if len(url) <= LONGEST_SPELLING]
        return cls(url=ref.url, seen=tuple(seen[:MOST_SPELLINGS]))


class MediaItem(Model):
    """The bytes of one sha256: the picture made of them."""

    hash: str
    picture: Picture
    placeholder: str


@dataclass(frozen=True)
class Images:
    """Items `IMAGE#<hash of canonical URL>`: `META`, a `RemoteImage`; `POST#<id>` for each user.

    Also `MEDIA#<sha256>` / `META`, a `MediaItem`; and `LIST#owed` / `<time>#<hash>`, written with
    the state it follows from.
    """

    table: Table

    def read(self, url: str) -> RemoteImage | None:
        """The image as it is now."""
        item = self.table.get(f"IMAGE#{url_hash(url)}", _META)
        return None if item is None else RemoteImage.model_validate(item)

    def owe(self, ref: ImageRef, now: datetime) -> None:
        """Notes an image that there was no time to try: it is due at once."""
        due = {"next_try": now.replace(microsecond=0)}
        owed = RemoteImage.of(ref).model_copy(update=due)
        try:
            self._write(owed, Attr("PK").not_exists(), None)
        except Changed:
            return

    def lease(self, image: RemoteImage | None, wanted: RemoteImage, until: datetime) -> RemoteImage:
        """Takes the right to fetch; Changed when another worker took it or finished first."""
        # Owed until it is settled: should the worker die, maintain finds the work again.
        leased = wanted.model_copy(
            update={
                "state": ImageState.OWED,
                "next_try": until,
                "leased_until": until,
                "lease": wanted.lease + 1,
            }
        )
        condition = Attr("PK").not_exists() if image is None else Attr("lease").eq(image.lease)
        self._write(leased, condition, wanted.next_try)
        return leased

    def settle(self, leased: RemoteImage, settled: RemoteImage) -> RemoteImage:
        """Writes the outcome of a fetch and its place among the owed; Changed without the lease."""
        settled = settled.model_copy(update={"leased_until": None, "lease": leased.lease + 1})
        self._write(settled, Attr("lease").eq(leased.lease), leased.next_try)
        return settled

    def told(self, image: RemoteImage) -> None:
        """Strikes an image from the owed ones: every post that wants it was sent on."""
        if image.next_try is None:
            return
        done = image.model_copy(update={"next_try": None, "lease": image.lease + 1})
        try:
            self._write(done, Attr("lease").eq(image.lease), image.next_try)
        except Changed:
            return

    def _write(
        self, image: RemoteImage, condition: ConditionBase, owed_before: datetime | None
    ) -> None:
        id, lists = url_hash(image.url), Lists(self.table)
        writes: list[Write] = [Put(self._item(image), condition)]
        if owed_before is not None and owed_before != image.next_try:
            writes.append(lists.delete_work(OWED, owed_before, id))
        if image.next_try is not None:
            writes.append(lists.put_work(OWED, image.next_try, id, image.url))
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
