"""What the software left behind as it was some day: a whole world in the middle of its work.

A deploy replaces the functions at once; the table, the buckets and the messages under way are those
of the software before. `python -m flow.yesterday FILE` (from `tests/`) records today's.
"""

import base64
import contextlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flow.memory import MemoryCloud, Version
from flow.world import SUBSCRIPTIONS, Crash, Origin, World, picture, plain
from presswork import software
from presswork.messages import (
    CollectMedia,
    InvalidateSite,
    ListPosts,
    MakeLists,
    PublishBase,
    RefreshPostImages,
    RerenderPost,
    TellAuthor,
)

RECORDED = Path(__file__).parent / "yesterday"
TOMORROW = datetime(2026, 5, 5, 12, tzinfo=UTC)
FLOW = ("parse", "images", "render", "index")
_TEXT, _BYTES = "as utf-8", "as base64"


def _coded(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return {_TEXT: value.decode()}
        except UnicodeDecodeError:
            return {_BYTES: base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(value)


def _decoded(value: dict[str, Any]) -> Any:
    if _TEXT in value:
        return value[_TEXT].encode()
    return base64.b64decode(value[_BYTES]) if _BYTES in value else value


class Diary:
    """The first message of each kind that came to each queue, and those whose worker died."""

    def __init__(self, world: World) -> None:
        self.first: dict[str, dict[str, str]] = {}
        self.left: list[tuple[str, str]] = []
        world.sqs.meta.events.register("before-call", self._note)

    def _note(self, model: Any, params: dict[str, Any], **_: object) -> None:
        if model.name != "SendMessage" or params["body"]["QueueUrl"] == "ear":
            return
        self.note(params["body"]["QueueUrl"], params["body"]["MessageBody"])

    def note(self, queue: str, body: str) -> None:
        """Keeps a message, unless there is one of its kind."""
        read = json.loads(body)
        kind = read.get("kind") or read.get("type") or read["source"]
        self.first.setdefault(queue, {}).setdefault(kind, body)


def save(world: World, diary: Diary) -> str:
    """The buckets, the table, and messages, as JSON; the software has a name of no meaning."""
    assert world.cloud is not None
    buckets = world.cloud.client("s3")._part._buckets
    queued = [(queue, body) for queue, kinds in diary.first.items() for body in kinds.values()]
    text = json.dumps(
        {
            "now": world.now,
            "buckets": {
                name: {
                    key: [
                        {"id": v.id, "data": v.data, "about": v.about, "modified": v.modified}
                        for v in versions
                    ]
                    for key, versions in objects.items()
                }
                for name, objects in buckets.items()
            },
            "items": list(world.table.client.scan()["Items"]),
            "messages": [*queued, *diary.left],
        },
        default=_coded,
        indent=0,
        sort_keys=True,
    )
    return text.replace(software.digest(), "yesterdays")


@contextmanager
def restored(file: Path) -> Iterator[World]:
    """The world that was saved, with today's stages, a day later; nothing is delivered yet."""
    saved = json.loads(file.read_text(), object_hook=_decoded)
    with _world() as world:
        assert world.cloud is not None
        s3 = world.cloud.client("s3")._part
        for name, objects in saved["buckets"].items():
            s3._buckets[name] = {
                key: [
                    Version(v["id"], v["data"], v["about"], datetime.fromisoformat(v["modified"]))
                    for v in versions
                ]
                for key, versions in objects.items()
            }
        s3._versions = 10_000  # no version of today has the name of one of then
        for item in saved["items"]:
            world.table.client.put_item(TableName="table", Item=item)
        for queue, body in saved["messages"]:
            world.sqs.send_message(QueueUrl=queue, MessageBody=body)
        world.now = TOMORROW
        yield world


@contextmanager
def _world() -> Iterator[World]:
    origin = Origin(files={"/home.jpg": picture(), "/other.jpg": picture("navy")})
    server = origin.serve()
    world = World(origin, server.server_port, MemoryCloud(), most=2)
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        world.close()


def _publish(world: World) -> None:
    """Posts of every state, and what stands around them."""
    here, gone = "![x](http://images.example/home.jpg)", "![x](http://images.example/none.jpg)"
    world.put("site.yaml", "title: Harbour\nredirects: {/start/: /}\n")
    world.put("theme/style.css", "p { color: teal }")
    world.put("static/a.txt", "A file.")
    for number in range(1, 5):
        day = f"2026-05-0{number} 09:00:00"
        link = f"{here}\n\n[next](p{number + 1}.md) [by name](@name:p1)"
        text = plain(f"P{number}", link, date=day, tags="[sea]", categories="[a, b]", author="Ann")
        world.put(f"posts/p{number}.md", text)
    world.put("posts/owed.md", plain("Owed", f"{gone} ![y](own.jpg)", id="owed"))
    world.put("posts/own.jpg", picture("red"))
    world.put("posts/moves.md", plain("Moves", slug="before", aliases="[/old/]"))
    world.put("posts/goes.md", plain("Goes", "![x](http://images.example/other.jpg)"))
    world.put("posts/later.md", plain("Later", date="2026-05-04 18:00:00"))
    world.put("posts/waits.md", plain("Waits", slug="before"))
    world.put("posts/waits-on.md", plain("Waits on", date="2026-05-03 10:00:00", slug="p3"))
    world.put("posts/broken.md", plain("Broken", broken="[unclosed"))
    world.put("posts/hidden.md", plain("Hidden", unlisted="true"))
    world.put("pages/about.md", plain("About", slug="about"))
    for number in range(7):  # more than are told in an hour
        world.put(f"posts/news{number}.md", plain(f"News {number}", date="2026-05-04 10:00:00"))
    world.run()


def _change(world: World) -> None:
    """What makes messages of the remaining kinds; the last of them is still under way."""
    world.put("posts/moves.md", plain("Moves", slug="after", aliases="[/old/]"))
    world.delete("posts/goes.md")
    world.put("posts/p2.md", plain("P2", "Other words.", date="2026-05-02 09:00:00"))
    world.run()
    world.put("theme/style.css", "p { color: navy }")
    world.run()
    world.put("site.yaml", "title: Port\n")
    world.later(hours=2)
    world.origin.files["/none.jpg"] = picture("green")
    world.maintain.run(world.now)
    world.run()


def _die(world: World, diary: Diary) -> None:
    """A post on its way through each stage, whose worker dies in the middle of its work."""
    for stage, call in (("parse", "Publish"), ("render", "Publish"), ("index", "PutObject")):
        world.put(f"posts/{stage}.md", plain(stage, "Under way.", tags="[sea, land]"))
        while not (under_way := world.take(stage)):
            for name in FLOW[: FLOW.index(stage)]:
                for body in world.take(name):
                    world.deliver(name, body)
        world.crash_at(call)
        with contextlib.suppress(Crash):
            world.deliver(stage, under_way[0])
        assert not world.pending_crash()
        diary.left.append((stage, json.dumps(under_way[0])))
    world.delete("posts/p1.md")
    for name in ("parse", "backfill", "images", "bulk", "render", "index", "notify"):
        diary.left += [(name, json.dumps(body)) for body in world.take(name)]


def record(file: Path) -> None:
    """Writes what today's software leaves behind."""
    with _world() as world:
        diary = Diary(world)
        _publish(world)
        _change(world)
        _die(world, diary)
        live = world.fed("posts/p3.md")
        for event in world.announced:
            for queue, types in SUBSCRIPTIONS.items():
                if event.type in types:
                    diary.note(queue, event.model_dump_json())
        diary.note("backfill", RerenderPost(post=live.id).model_dump_json())
        diary.note("bulk", RefreshPostImages(post=live.id, hop=2).model_dump_json())
        media = next(iter(live.ready.images.values())).media if live.ready else None
        diary.note("bulk", CollectMedia(media=str(media)).model_dump_json())
        diary.note("index", PublishBase(build=world.stores.sites.read().build).model_dump_json())
        diary.note("index", MakeLists(lists=("home",), hop=1).model_dump_json())
        diary.note("index", ListPosts(posts=(live.id,)).model_dump_json())
        diary.note("index", InvalidateSite(before=world.now).model_dump_json())
        broken = TellAuthor(post="", key="posts/broken.md", revision=0)
        diary.note("notify", broken.model_dump_json())
        file.parent.mkdir(exist_ok=True)
        file.write_text(save(world, diary) + "\n")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
