"""What the bytes of each original became, who shows it, and when it is taken away unused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from presswork.aws.lists import Lists, stamp
from presswork.aws.pictures import pack_picture, unpack_picture
from presswork.aws.table import Attr, ConditionBase, Delete, Item, Put, Table, Wanted, Write
from presswork.aws.uses import Uses, add_uses
from presswork.state import MediaItem, MediaState

DOOMED = "doomed"
"""The work list of media that nobody used when they were last looked at."""

_META = "META"


@dataclass(frozen=True)
class MediaItems:
    """Items `MEDIA#<sha256>`: `META`, a `MediaItem`; `POST#<id>` for each post that shows it.

    Also `LIST#doomed` / `<time>#<sha256>`, written with the state it follows from.
    """

    table: Table

    def read(self, hash: str) -> MediaItem | None:
        """The media as they are now."""
        return self.table.read(self.wanted(hash))

    @staticmethod
    def wanted(hash: str) -> Wanted[MediaItem | None]:
        """The item of media, to be read together with others."""
        return Wanted(f"MEDIA#{hash}", _META, lambda item: _unpacked(item) if item else None)

    def read_all(self, hashes: Iterable[str]) -> dict[str, MediaItem | None]:
        """Many media as they are now, by their hashes."""
        hashes = tuple(hashes)
        return dict(zip(hashes, self.table.read_all(*map(self.wanted, hashes)), strict=True))

    def add_uses(self, hashes: Iterable[str], post: str, generation: int) -> None:
        """Notes that a post shows these media, before anything is read of them."""
        add_uses(self.table, (f"MEDIA#{hash}" for hash in hashes), post, generation)

    def uses(self, hash: str) -> Uses:
        """Who shows these media."""
        return Uses(self.table, f"MEDIA#{hash}")

    def create(self, media: MediaItem) -> None:
        """Remembers what some bytes became; Changed if that is known."""
        self.table.write(self._put(media, Attr("PK").not_exists()))

    def remake(self, media: MediaItem, made: MediaItem) -> None:
        """Remembers what the same bytes became anew; Changed when the media are not as read."""
        anew = {"picture": made.picture, "animated": made.animated, "truncated": made.truncated}
        self._move(media, media.model_copy(update={**anew, "lock_version": media.lock_version + 1}))

    def doom(self, media: MediaItem, until: datetime) -> None:
        """Has unused media looked at again; Changed when they are not as read."""
        doomed = _next(media, MediaState.DOOMED, until.replace(microsecond=0))
        self._move(media, doomed)

    def revive(self, media: MediaItem) -> None:
        """Keeps doomed media after all; Changed when they are not as read."""
        self._move(media, _next(media, MediaState.KEPT, None))

    def condemn(self, media: MediaItem, until: datetime) -> MediaItem:
        """Gives one worker the right to delete media, for a time; Changed if not as read."""
        condemned = _next(media, MediaState.DELETING, until.replace(microsecond=0))
        self._move(media, condemned)
        return condemned

    def delete(self, media: MediaItem) -> None:
        """Forgets media whose files are gone; Changed when they are not as read."""
        self.table.write(
            Delete(f"MEDIA#{media.hash}", _META, _as_read(media)), *self._unlisted(media)
        )

    def _move(self, old: MediaItem, new: MediaItem) -> None:
        writes = [self._put(new, _as_read(old))]
        if old.until != new.until:
            writes += self._unlisted(old)
        if new.until is not None:
            writes.append(Lists(self.table).put_work(DOOMED, new.until, new.hash, new.hash))
        self.table.write(*writes)

    def _unlisted(self, media: MediaItem) -> list[Write]:
        if media.until is None:
            return []
        return [Lists(self.table).delete_work(DOOMED, media.until, media.hash)]

    def _put(self, media: MediaItem, condition: ConditionBase) -> Write:
        item = media.model_dump(mode="json", exclude={"picture", "until"})
        item |= {"picture": pack_picture(media.picture)}
        item |= {"until": None if media.until is None else stamp(media.until)}
        return Put({"PK": f"MEDIA#{media.hash}", "SK": _META} | item, condition)


def _unpacked(item: Item) -> MediaItem:
    return MediaItem.model_validate({**item, "picture": unpack_picture(item["picture"])})


def _next(media: MediaItem, state: MediaState, until: datetime | None) -> MediaItem:
    return media.model_copy(
        update={"state": state, "until": until, "lock_version": media.lock_version + 1}
    )


def _as_read(media: MediaItem) -> ConditionBase:
    return Attr("lock_version").eq(media.lock_version)
