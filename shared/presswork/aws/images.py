"""How far each image of the world has come, and who wants it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from presswork.aws.conflicts import Changed
from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, ConditionBase, Delete, Item, Put, Table, Wanted, Write
from presswork.aws.uses import Uses, add_uses
from presswork.post import ImageRef, ImageState, image_id
from presswork.state import RemoteImage

OWED = ImageState.OWED.value
"""The work list of images that are to be fetched again, or that somebody has yet to hear of."""

_META = "META"

_TIMES = ("next_try", "absent_since", "since", "visited", "leased_until")


@dataclass(frozen=True)
class Images:
    """Items `IMAGE#<sha256 of canonical URL>`: `META`, a `RemoteImage`; `POST#<id>` per user.

    Also `LIST#<state>` / `<time>#<id>`, written with the state it follows from: owed ones by their
    next try, refused and lost ones by the time they became so. An image that came home stands
    among the owed ones too until each post that wants it was sent on.
    """

    table: Table

    def read(self, url: str) -> RemoteImage | None:
        """The image as it is now."""
        return self.find(image_id(url))

    def find(self, id: str) -> RemoteImage | None:
        """The image of this identity as it is now."""
        return self.table.read(self.wanted(id))

    @staticmethod
    def wanted(id: str) -> Wanted[RemoteImage | None]:
        """The item of an image, to be read together with others."""
        return Wanted(
            f"IMAGE#{id}", _META, lambda item: RemoteImage.model_validate(item) if item else None
        )

    def read_all(self, ids: Iterable[str]) -> tuple[RemoteImage | None, ...]:
        """Many images as they are now."""
        return self.table.read_all(*map(self.wanted, ids))

    def add_uses(self, ids: Iterable[str], post: str, generation: int) -> None:
        """Notes that a post wants these images, before anything is read of them."""
        add_uses(self.table, (f"IMAGE#{id}" for id in ids), post, generation)

    def uses(self, url: str) -> Uses:
        """The posts that want an image."""
        return self.uses_of(image_id(url))

    def uses_of(self, id: str) -> Uses:
        """The posts that want the image of this identity."""
        return Uses(self.table, f"IMAGE#{id}")

    def owe(self, ref: ImageRef, now: datetime) -> None:
        """Notes an image that there was no time to try: it is due at once."""
        due = {"next_try": now.replace(microsecond=0)}
        owed = RemoteImage.of(ref).model_copy(update=due)
        try:
            self._write(None, owed, Attr("PK").not_exists())
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
                "lock_version": wanted.lock_version + 1,
            }
        )
        self._write(image, leased, Attr("PK").not_exists() if image is None else _as_read(image))
        return leased

    def settle(self, leased: RemoteImage, settled: RemoteImage) -> RemoteImage:
        """Writes the outcome of a fetch and its place in the lists; Changed without the lease."""
        return self.move(leased, settled.model_copy(update={"leased_until": None}))

    def move(self, old: RemoteImage, new: RemoteImage) -> RemoteImage:
        """Writes an image anew with its place in the lists; Changed when it is not as read."""
        new = new.model_copy(update={"lock_version": old.lock_version + 1})
        self._write(old, new, _as_read(old))
        return new

    def remind(self, image: RemoteImage, time: datetime | None) -> None:
        """Has posts sent on at a time, or with None no more; unless the image moved meanwhile."""
        if image.next_try == time:
            return
        try:
            self.move(image, image.model_copy(update={"next_try": time}))
        except Changed:
            return

    def forget(self, image: RemoteImage) -> None:
        """Takes an image and its place in the lists away; Changed when it is not as read."""
        self.table.write(
            Delete(f"IMAGE#{image_id(image.url)}", _META, _as_read(image)), *self._unlisted(image)
        )

    def _write(self, old: RemoteImage | None, new: RemoteImage, condition: ConditionBase) -> None:
        writes: list[Write] = [Put(_item(new), condition)]
        if old is not None and _place(old) != _place(new):
            writes += self._unlisted(old)
        if (place := _place(new)) is not None:
            writes.append(Lists(self.table).put_work(*place, image_id(new.url), new.url))
        self.table.write(*writes)

    def _unlisted(self, image: RemoteImage) -> list[Write]:
        place = _place(image)
        if place is None:
            return []
        return [Lists(self.table).delete_work(*place, image_id(image.url))]


def _place(image: RemoteImage) -> tuple[str, datetime] | None:
    """The work list that an image stands in, and its time there."""
    if image.next_try is not None:
        return OWED, image.next_try
    if image.state in (ImageState.REFUSED, ImageState.LOST) and image.since is not None:
        return image.state.value, image.since
    return None


def _as_read(image: RemoteImage) -> ConditionBase:
    return Attr("lock_version").eq(image.lock_version)


def _item(image: RemoteImage) -> Item:
    item = image.model_dump(mode="json")
    for name in _TIMES:
        moment: datetime | None = getattr(image, name)
        item[name] = None if moment is None else stamp(moment)
    return {"PK": f"IMAGE#{image_id(image.url)}", "SK": _META} | item
