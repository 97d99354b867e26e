"""Everything remembered of each post."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from presswork.aws.changed import Changed
from presswork.aws.pictures import pack_image, unpack_image
from presswork.aws.table import Attr, ConditionBase, Item, Table, Update, Write
from presswork.state import Live, PostState, Ready

_SK = "META"
_PARSED = {
    "id",
    "source",
    "status",
    "revision",
    "fingerprint",
    "error",
    "version_id",
    "title",
    "date",
    "first_date",
    "accepted",
    "paths",
    "claims",
}


@dataclass(frozen=True)
class Posts:
    """Items `POST#<id>` / `META`: the fields of `PostState`, nested values as maps.

    parse writes the newest revision, images `ready`, render `live`, `touched` and `beside`, index
    `turning`, and clears `touched`: each write names its attributes, so that no stage undoes
    another's.
    The images of `ready` are as `presswork.aws.pictures` packs them.
    """

    table: Table

    def read(self, id: str) -> PostState | None:
        """The post as it is now."""
        item = self.table.get(f"POST#{id}", _SK)
        return None if item is None else _unpacked(item)

    def save(self, old: PostState | None, new: PostState) -> Write:
        """Writes what parse found, provided that the post's revision and source are as read."""
        if old is not None and new.revision == old.revision:
            return self._refresh(old, new)
        return self._commit(old, new)

    def _commit(self, old: PostState | None, new: PostState) -> Write:
        values = new.model_dump(mode="json", include=_PARSED)
        if old is None:
            values |= {"announced": 0, "touched": [], "turning": []}
        if new.ready is not None and (old is None or new.ready != old.ready):
            values["ready"] = _packed(new.ready)
        return self._update(new.id, values, _as_read(old))

    def _refresh(self, old: PostState, new: PostState) -> Write:
        """Brings the VersionIds up to date when other bytes mean the same."""
        values: dict[str, Any] = {
            "version_id": new.version_id,
            "claims": list(new.claims),
            "paths": list(new.paths),
        }
        condition = _as_read(old)
        if new.accepted and old.accepted and new.accepted != old.accepted:
            values["accepted.version_id"] = new.accepted.version_id
        if new.live and old.live and new.live != old.live:
            values["live.version_id"] = new.live.version_id
            condition &= Attr("live.n").eq(old.live.n)
        return self._update(new.id, values, condition)

    def hand_over(self, post: PostState, source: str) -> Write:
        """Makes another key the post's source, provided that the post is as read."""
        return self._update(post.id, {"source": source}, _as_read(post))

    def announced(self, post: PostState) -> None:
        """Records that the post's revision was announced; a later one recorded meanwhile stays."""
        lower = Attr("announced").lt(post.revision)
        try:
            self.table.write(self._update(post.id, {"announced": post.revision}, lower))
        except Changed:
            return

    def ready(self, post: PostState, ready: Ready) -> None:
        """Writes the images' states; raises Changed when the post moved on since it was read."""
        condition: ConditionBase = Attr("accepted.revision").eq(ready.revision)
        if post.ready is None:
            condition &= Attr("ready").not_exists()
        else:
            condition &= Attr("ready.turn").eq(post.ready.turn)
        self.table.write(self._update(post.id, {"ready": _packed(ready)}, condition))

    def let_go(self, post: PostState, ready: Ready) -> None:
        """Notes that what the post used before was let go of, unless `ready` was written anew."""
        unchanged = Attr("ready.turn").eq(ready.turn)
        try:
            self.table.write(self._update(post.id, {"ready.left": []}, unchanged))
        except Changed:
            return

    def live(
        self, post: PostState, live: Live, touched: Iterable[str], beside: Iterable[str]
    ) -> Write:
        """Writes the live half, provided that it and the accepted revision are as read."""
        condition: ConditionBase = Attr("live").not_exists()
        if post.live is not None:
            condition = Attr("live.n").eq(post.live.n)
        if post.accepted is not None:
            condition &= Attr("accepted.revision").eq(post.accepted.revision)
            condition &= Attr("accepted.version_id").eq(post.accepted.version_id)
        values = {
            "live": live.model_dump(mode="json"),
            "touched": sorted(touched),
            "beside": sorted(beside),
        }
        return self._update(post.id, values, condition)

    def settled(self, post: PostState, live: Live) -> None:
        """Clears `beside`, unless the live half changed since: then it names more places."""
        unchanged = Attr("live.n").eq(live.n)
        try:
            self.table.write(self._update(post.id, {"beside": []}, unchanged))
        except Changed:
            return

    def turn(self, post: PostState, turning: Iterable[str]) -> PostState:
        """Notes which periods are about to turn; raises Changed unless the note is as read."""
        turning = sorted({*post.turning, *turning})
        unchanged: ConditionBase = Attr("turning").eq(list(post.turning))
        self.table.write(self._update(post.id, {"turning": turning}, unchanged))
        return post.model_copy(update={"turning": tuple(turning)})

    def listed(self, post: PostState, live: Live) -> None:
        """Clears what is to be listed, unless the live half changed: then its own event follows."""
        unchanged = Attr("live.n").eq(live.n)
        try:
            self.table.write(self._update(post.id, {"touched": [], "turning": []}, unchanged))
        except Changed:
            return

    def _update(self, id: str, values: Mapping[str, Any], condition: ConditionBase) -> Update:
        return Update(f"POST#{id}", _SK, values, condition)


def _as_read(post: PostState | None) -> ConditionBase:
    if post is None:
        return Attr("PK").not_exists()
    return Attr("revision").eq(post.revision) & Attr("source").eq(post.source)


def _packed(ready: Ready) -> dict[str, Any]:
    images = {id: pack_image(image) for id, image in ready.images.items()}
    return ready.model_dump(mode="json", exclude={"images"}) | {"images": images}


def _unpacked(item: Item) -> PostState:
    ready = item.get("ready")
    if ready is not None:
        images = {id: unpack_image(image) for id, image in ready["images"].items()}
        item = {**item, "ready": {**ready, "images": images}}
    return PostState.model_validate(item)
