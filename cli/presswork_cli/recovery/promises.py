"""Which items of the table are promises, and what an imported one begins with: pure.

Everything that is not known to be derived is a promise, so that a kind of item that is new here is
kept rather than lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from presswork.aws.deliveries import CHANNELS, UNSETTLED, digest_list
from presswork.aws.lists import GONE, stamp
from presswork.aws.table import Item
from presswork.content.own_files import is_own
from presswork.events import Type
from presswork.post import ImageState, Status
from presswork.state import KEEPS_WHAT_IS_LIVE, Ready
from presswork.tasks import AnnounceRevision, Outbox
from presswork.theme_files import PREFIX

SITE = ("SITE", "META")
BACKFILL = ("SITE", "BACKFILL")
IMPORT = ("SITE", "IMPORT")

_DERIVED_PARTITIONS = ("FILE#", "IDEMPOTENCY#", "INVALIDATIONS", "LINK#", "MEDIA#", "TARGET#")
_TELLINGS = frozenset(f"LIST#{name}" for name in (UNSETTLED, *map(digest_list, CHANNELS)))
_OF_IMAGES = frozenset(
    f"LIST#{state.value}" for state in (ImageState.OWED, ImageState.REFUSED, ImageState.LOST)
)
_DERIVED_OF_SITE = ("backfilled", "base_published", "theme_seen")
_DERIVED_OF_POST = ("links", "pending_images", "pending_index", "pending_render", "ready")

Versions = Mapping[tuple[str, str], str | None]
"""By key and VersionId, the VersionId that the same bytes have now; None where they are lost."""


def promises(items: Iterable[Item]) -> Iterator[Item]:
    """The promises among all items of a table; of themes, that in force."""
    themes: list[Item] = []
    in_force = ""
    for item in items:
        if str(item["SK"]).startswith("THEME#"):
            themes.append(item)
            continue
        if key_of(item) == SITE:
            in_force = str(item.get("theme", ""))
        kept = _promise(item)
        if kept is not None:
            yield kept
    yield from (theme for theme in themes if theme["SK"] == f"THEME#{in_force}")


def key_of(item: Item) -> tuple[str, str]:
    """The partition and sort keys of an item."""
    return str(item["PK"]), str(item["SK"])


def is_post(item: Item) -> bool:
    """Whether an item is a post."""
    return str(item["PK"]).startswith("POST#") and item["SK"] == "META"


def _promise(item: Item) -> Item | None:
    """What of an item is a promise."""
    pk, sk = key_of(item)
    if pk.startswith(_DERIVED_PARTITIONS) or (pk, sk) in (BACKFILL, IMPORT):
        return None
    if (pk, sk) == SITE:
        return _without(item, _DERIVED_OF_SITE)
    if is_post(item):
        return _without(item, _DERIVED_OF_POST)
    if pk.startswith("LIST#"):
        kept = pk in _TELLINGS or (pk in _OF_IMAGES and not is_own(str(item["content"])))
        return item if kept else None
    if pk.startswith("IMAGE#"):
        return item if sk == "META" and not is_own(str(item["url"])) else None
    return item


def _without(item: Item, names: Iterable[str]) -> Item:
    return {name: value for name, value in item.items() if name not in names}


def last_good(items: Iterable[Item]) -> dict[tuple[str, str], str | None]:
    """The versions that readers are to see, by key and VersionId: of posts, and of a theme.

    Each has its ETag, if that is known: whatever is newest at its key may be another one.
    """
    wanted: dict[tuple[str, str], str | None] = {}
    etags: dict[tuple[str, str], str | None] = {}
    for item in items:
        accepted = item.get("accepted") if is_post(item) else None
        if accepted is not None and accepted["version_id"] is not None:
            wanted[str(accepted["source"]), str(accepted["version_id"])] = None
        if str(item["SK"]).startswith("THEME#"):
            for name, asset in item["assets"].items():
                wanted[f"{PREFIX}{name}", str(asset["version_id"])] = None
        if str(item["PK"]).startswith("SRC#"):
            etags[str(item["key"]), str(item["version_id"])] = item["etag"]
    return {each: etags.get(each) for each in wanted}


def sources(items: Iterable[Item]) -> set[str]:
    """The keys of the content bucket at which there was something."""
    return {
        str(item["key"])
        for item in items
        if str(item["PK"]).startswith("SRC#") and item["version_id"] is not None
    }


def restored(item: Item, versions: Versions, *, tell: bool) -> Iterator[Item]:
    """What an item is imported as.

    A post is down, its newest accepted revision has yet to be announced, and it stands among those
    whose pages say that they are gone, until it is made. Without `tell` no digest is taken up.
    """
    if is_post(item):
        yield from _restored_post(item, versions)
    elif str(item["SK"]).startswith("THEME#"):
        assets = item["assets"].items()
        yield {**item, "assets": {name: _moved_asset(name, a, versions) for name, a in assets}}
    elif tell or item["PK"] not in _TELLINGS:
        yield item


def restored_site(item: Item, versions: Versions, told_before: datetime | None) -> Item:
    """What the site's own item is imported as: with the theme of the layer if its own is lost.

    Posts that appeared by `told_before` are told to nobody any more.
    """
    site = dict(item)
    if any(key.startswith(PREFIX) and now is None for (key, _), now in versions.items()):
        site["theme"] = ""
    if told_before is not None:
        site["told_before"] = stamp(told_before)
    return site


def _moved_asset(name: str, asset: Mapping[str, Any], versions: Versions) -> Mapping[str, Any]:
    before = str(asset["version_id"])
    return {**asset, "version_id": versions.get((f"{PREFIX}{name}", before)) or before}


def _restored_post(item: Item, versions: Versions) -> Iterator[Item]:
    accepted, live = _moved(item.get("accepted"), versions), _moved(item.get("live"), versions)
    post: dict[str, Any] = {**item, "accepted": accepted}
    newest = str(item["version_id"])  # what a file of no bytes is taken for
    post["version_id"] = versions.get((str(item["source"]), newest)) or item["version_id"]
    empty = Outbox().stored()
    post |= {"pending_images": empty, "pending_index": empty, "pending_render": empty}
    if accepted is not None:
        if accepted["status"] == Status.GONE and item["status"] not in KEEPS_WHAT_IS_LIVE:
            post["status"] = Status.GONE.value  # so that whatever is there now is news
        revision = int(accepted["revision"])
        event = Type.PARSED if accepted["has_images"] else Type.READY
        owed = Outbox.model_validate(item["pending_parse"])
        task = AnnounceRevision(type=event, revision=revision)
        post["pending_parse"] = owed.add(task).stored()
        post["ready"] = Ready(revision=revision, generation=1).model_dump(mode="json")
    if live is not None:
        post["live"] = {**live, "up": False}
        yield {"PK": f"LIST#{GONE}", "SK": item["id"]}
    yield post


def _moved(half: Mapping[str, Any] | None, versions: Versions) -> Mapping[str, Any] | None:
    """The accepted or the live half by the VersionIds of now; gone where its bytes are lost."""
    if half is None or half["version_id"] is None:
        return half
    before = str(half["version_id"])
    moved = versions.get((str(half["source"]), before), before)
    if moved is not None:
        return {**half, "version_id": moved}
    is_accepted = "status" in half
    return {**half, "status": Status.GONE.value, "version_id": None} if is_accepted else half
