"""Everything remembered of each post."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from presswork.aws.conflicts import Changed
from presswork.aws.pictures import pack_image, unpack_image
from presswork.aws.table import Attr, ConditionBase, Item, Table, Update, Wanted, Write
from presswork.state import PostState, Ready, SourceLinks
from presswork.tasks import Outbox, Task

OutboxName = Literal["pending_parse", "pending_images", "pending_render", "pending_index"]
OUTBOXES: tuple[OutboxName, ...] = get_args(OutboxName)

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

    parse writes the newest revision and `pending_parse`, `ready` where there are no images, and
    VersionIds whose bytes mean the same; images writes `ready` and `pending_images`,
    render `live`, `links`, `pending_render` and `pending_index`, index adds to `pending_index`:
    each write names its attributes, so that no stage undoes another's. The images of `ready` are as
    `presswork.aws.pictures` packs them.
    """

    table: Table

    @classmethod
    def from_env(cls) -> Self:
        """The posts in the table named by TABLE_NAME."""
        return cls(Table.from_env())

    def read(self, id: str) -> PostState | None:
        """The post as it is now."""
        return self.table.read(self.wanted(id))

    @staticmethod
    def wanted(id: str) -> Wanted[PostState | None]:
        """The item of a post, to be read together with others."""
        return Wanted(f"POST#{id}", _SK, lambda item: _unpacked(item) if item else None)

    def save(self, old: PostState | None, new: PostState) -> Write:
        """Writes what parse found, provided that the post's revision and source are as read."""
        if old is not None and new.revision == old.revision:
            return self._refresh(old, new)
        return self._commit(old, new)

    def _commit(self, old: PostState | None, new: PostState) -> Write:
        values = new.model_dump(mode="json", include=_PARSED)
        values["pending_parse"] = new.pending_parse.stored()
        if old is None:
            values |= {name: getattr(new, name).stored() for name in OUTBOXES}
        if new.ready is not None and (old is None or new.ready != old.ready):
            values["ready"] = _packed(new.ready)
        condition = _as_read(old)
        if old is not None:
            condition &= _unchanged(old, "pending_parse")
        return self._update(new.id, values, condition)

    def _refresh(self, old: PostState, new: PostState) -> Write:
        """Brings up to date what is no change of meaning: the VersionIds, and who is waited for."""
        values: dict[str, Any] = {
            "version_id": new.version_id,
            "error": None if new.error is None else new.error.model_dump(mode="json"),
            "claims": list(new.claims),
            "paths": list(new.paths),
        }
        condition = _as_read(old)
        if new.accepted and old.accepted and new.accepted != old.accepted:
            values["accepted.version_id"] = new.accepted.version_id
        if new.live and old.live and new.live != old.live:
            values["live.version_id"] = new.live.version_id
            condition &= Attr("live.version").eq(old.live.version)
        return self._update(new.id, values, condition)

    def transfer(self, post: PostState, source: str) -> Write:
        """Makes another key the post's source, provided that the post is as read."""
        return self._update(post.id, {"source": source}, _as_read(post))

    def save_ready(self, old: PostState, ready: Ready, pending: Outbox) -> PostState:
        """Writes the images' states and what is to be released; Changed when the post moved on."""
        condition: ConditionBase = Attr("accepted.revision").eq(ready.revision)
        if old.ready is None:
            condition &= Attr("ready").not_exists()
        else:
            condition &= Attr("ready.generation").eq(old.ready.generation)
        condition &= _unchanged(old, "pending_images")
        values = {"ready": _packed(ready), "pending_images": pending.stored()}
        self.table.write(self._update(old.id, values, condition))
        return old.model_copy(update={"ready": ready, "pending_images": pending})

    def save_links(self, old: PostState, links: SourceLinks) -> PostState:
        """Writes where a post's links lead; raises Changed when they, or the post, are not as read.

        They are those of the accepted revision.
        """
        condition: ConditionBase = Attr("links").not_exists()
        if old.links.version:
            condition = Attr("links.version").eq(old.links.version)
        if old.accepted is not None:
            condition &= Attr("accepted.revision").eq(old.accepted.revision)
        links = links.model_copy(update={"version": old.links.version + 1})
        self.table.write(self._update(old.id, {"links": links.model_dump(mode="json")}, condition))
        return old.model_copy(update={"links": links})

    def save_live(self, old: PostState, new: PostState) -> Write:
        """Writes the live half and what it calls for, provided that nothing it follows from moved.

        That is the live half, the accepted revision, where its links lead, and the two outboxes.
        """
        condition: ConditionBase = Attr("live").not_exists()
        if old.live is not None:
            condition = Attr("live.version").eq(old.live.version)
        if old.accepted is not None:
            condition &= Attr("accepted.revision").eq(old.accepted.revision)
            condition &= Attr("accepted.version_id").eq(old.accepted.version_id)
        if old.links.version:
            condition &= Attr("links.version").eq(old.links.version)
        condition &= _unchanged(old, "pending_render") & _unchanged(old, "pending_index")
        values = {
            "live": new.live.model_dump(mode="json") if new.live else None,
            "pending_render": new.pending_render.stored(),
            "pending_index": new.pending_index.stored(),
        }
        return self._update(new.id, values, condition)

    def add(self, post: PostState, name: OutboxName, tasks: Iterable[Task]) -> PostState:
        """Adds tasks to an outbox; raises Changed unless the outbox is as read."""
        return self._write_outbox(post, name, getattr(post, name).add(*tasks))

    def clear(self, post: PostState, name: OutboxName) -> None:
        """Takes the tasks of an outbox away, now that they are done.

        Nothing happens when the outbox is not as read: whoever wrote to it has them done again.
        """
        outbox: Outbox = getattr(post, name)
        if not outbox.known:
            return
        try:
            self._write_outbox(post, name, outbox.clear(outbox.known))
        except Changed:
            return

    def _write_outbox(self, post: PostState, name: OutboxName, outbox: Outbox) -> PostState:
        values: dict[str, Any] = {name: outbox.stored()}
        self.table.write(self._update(post.id, values, _unchanged(post, name)))
        return post.model_copy(update={name: outbox})

    def _update(self, id: str, values: Mapping[str, Any], condition: ConditionBase) -> Update:
        return Update(f"POST#{id}", _SK, values, condition)


def _as_read(post: PostState | None) -> ConditionBase:
    if post is None:
        return Attr("PK").not_exists()
    as_read: ConditionBase = Attr("revision").eq(post.revision) & Attr("source").eq(post.source)
    return as_read


def _unchanged(post: PostState, name: OutboxName) -> ConditionBase:
    version = getattr(post, name).version
    unchanged: ConditionBase = Attr(f"{name}.version").eq(version)
    return unchanged


def _packed(ready: Ready) -> dict[str, Any]:
    images = {id: pack_image(image) for id, image in ready.images.items()}
    return ready.model_dump(mode="json", exclude={"images"}) | {"images": images}


def _unpacked(item: Item) -> PostState:
    ready = item.get("ready")
    if ready is not None:
        images = {id: unpack_image(image) for id, image in ready["images"].items()}
        item = {**item, "ready": {**ready, "images": images}}
    return PostState.model_validate(item)
