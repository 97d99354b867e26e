"""One id from an upload to the mail: each line of every function's log that it causes names it."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from flow.test_functions import Invoke, invoke
from flow.world import Origin, World, picture, plain
from presswork import wire
from presswork.clock import utc_now
from presswork.correlation import correlation_of, current, scope
from presswork.events import Event, Type
from presswork.messages import CopyFile, Hint, read

__all__ = ["invoke"]

IMAGE = "![x](http://images.example/x.jpg)"
STAGES = {
    "parse": ("parse", "backfill"),
    "images": ("images", "bulk"),
    "render": ("render",),
    "index": ("index",),
    "notify": ("notify",),
}


@pytest.fixture
def lines(invoke: Invoke) -> Iterator[list[dict[str, Any]]]:
    """What the functions write to their logs, as CloudWatch gets it."""
    invoke("index.json", {"Records": []})  # which makes the logger
    written: list[dict[str, Any]] = []
    ours = logging.getLogger("test").handlers[0]

    class Kept(io.StringIO):
        def write(self, text: str) -> int:
            if text.strip():
                written.append(json.loads(text))
            return len(text)

    kept = logging.StreamHandler(Kept())
    kept.setFormatter(ours.formatter)
    for each in ours.filters:
        kept.addFilter(each)
    # Those of the stages were made before the variable with the function's name was set.
    loggers = [logging.getLogger(name) for name in ("test", wire.logger.service)]
    for logger in loggers:
        logger.addHandler(kept)
    yield written
    for logger in loggers:
        logger.removeHandler(kept)


def _work(world: World, invoke: Invoke) -> None:
    """Has each function do all that waits for it, whole queues at once."""
    busy = True
    while busy:
        busy = False
        for stage, queues in STAGES.items():
            bodies = [body for queue in queues for body in world.take(queue)]
            if bodies:
                busy = True
                answer = invoke(f"{stage}.json", _batch(bodies))
                assert answer == {"batchItemFailures": []}


def _batch(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": str(at), "body": json.dumps(body), "eventSource": "aws:sqs"}
            for at, body in enumerate(bodies)
        ]
    }


def _news(world: World, title: str, body: str = "Hello") -> str:
    """A post of these days."""
    return plain(title, body, date=f"{world.now - timedelta(hours=1):%Y-%m-%d %X}")


def _about(line: dict[str, Any]) -> str:
    """The post that a line is about."""
    about = line["about"]
    return str(about.get("key") or about.get("post") or about["data"]["post"])


def test_every_line_that_an_upload_causes_names_it(
    invoke: Invoke, lines: list[dict[str, Any]], world: World
) -> None:
    """From the first look to the mail, through all five functions; the mail names it, too."""
    world.put("site.yaml", "title: Ours\n")
    _work(world, invoke)
    lines.clear()
    world.now = utc_now()  # the functions have a clock of their own
    version = world.put("posts/a.md", _news(world, "A", IMAGE))
    _work(world, invoke)
    id = correlation_of("posts/a.md", version)
    assert {line["correlation_id"] for line in lines} == {id}
    messages = {line["message"] for line in lines}
    assert messages == {"parsed", "prepared", "rendered", "indexed", "notified"}
    (mail,) = world.mails()
    assert f"X-Presswork-Correlation: {id}\n" in mail.replace("\r\n", "\n")


def test_a_batch_mixes_up_no_two_uploads(
    invoke: Invoke, lines: list[dict[str, Any]], world: World
) -> None:
    """Two posts go through all functions in the same batches, each under its own id."""
    world.put("site.yaml", "title: Ours\n")
    _work(world, invoke)
    lines.clear()
    world.now = utc_now()
    keys = ("posts/a.md", "posts/b.md")
    versions = {key: world.put(key, _news(world, key, IMAGE)) for key in keys}
    _work(world, invoke)
    ids = {key: correlation_of(key, version) for key, version in versions.items()}
    own = ids | {world.fed(key).id: id for key, id in ids.items()}
    assert {line["message"] for line in lines} >= {"prepared", "indexed", "notified"}
    assert all(line["correlation_id"] == own[_about(line)] for line in lines)
    mails = "\n".join(world.mails())
    assert all(f"X-Presswork-Correlation: {id}" in mails for id in ids.values())


def test_a_failure_is_logged_under_the_upload_that_it_befell(
    invoke: Invoke, lines: list[dict[str, Any]], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line with the exception names it; that of a message nobody understands names none."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    version = world.put("posts/a.md", plain("A"))
    monkeypatch.setattr("presswork.stages.parse.look.find", fail)
    bodies = [*world.take("parse"), {"kind": "of_tomorrow"}]
    invoke("parse.json", _batch(bodies))
    first, second = lines
    assert first["correlation_id"] == correlation_of("posts/a.md", version)
    assert "correlation_id" not in second


def test_a_later_look_at_the_same_bytes_goes_on_under_the_same_id(world: World) -> None:
    """A post that was scheduled goes live under the id of its upload."""
    version = world.put("posts/a.md", plain("A", date="2030-01-01"))
    world.run()
    world.later(days=2000)
    world.fire()
    world.run()
    id = correlation_of("posts/a.md", version)
    accepted = world.fed("posts/a.md").accepted
    assert accepted is not None
    assert accepted.correlationid == id
    assert {e.correlationid for e in world.announced if e.type is Type.LIVE} == {id}


def test_a_deletion_has_an_id_of_its_own(world: World) -> None:
    """What goes is not told under the id of what came."""
    version = world.put("posts/a.md", plain("A"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    (gone,) = {e.correlationid for e in world.announced if e.type is Type.REMOVED}
    assert gone is not None
    assert gone != correlation_of("posts/a.md", version)


def test_a_woken_waiter_goes_live_under_its_own_upload(world: World) -> None:
    """Not under that of the post whose going made way for it."""
    world.put("posts/a.md", plain("A", slug="same"))
    world.run()
    version = world.put("posts/b.md", plain("B", slug="same"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    id = correlation_of("posts/b.md", version)
    live = [e for e in world.announced if e.type is Type.LIVE and e.subject == "posts/b.md"]
    assert {e.correlationid for e in live} == {id}


def test_images_that_come_at_once_come_under_the_same_id(world: World, origin: Origin) -> None:
    """Each is fetched in a thread of its own, whose lines and messages name the upload, too."""
    origin.files["/x.jpg"] = picture()
    ids: list[str | None] = []
    world.before("PutObject", "originals", lambda: ids.append(current()))
    version = world.put("posts/a.md", plain("A", IMAGE))
    world.run()
    assert ids == [correlation_of("posts/a.md", version)]


def test_a_digest_names_every_upload_that_it_tells_of(world: World) -> None:
    """What was put off to the next hour is mailed together, under all its ids."""
    versions = {
        key: world.put(key, _news(world, key))
        for key in (f"posts/{number}.md" for number in range(7))
    }
    world.run()
    before = len(world.mails())
    world.later(hours=1)
    world.maintain.run(world.now)
    world.run()
    mails = [mail for mail in world.mails()[before:] if "2 new posts" in mail]
    ids = [correlation_of(key, version) for key, version in versions.items()]
    assert len(mails) == 1
    assert sum(id in mails[0] for id in ids) == 2


def test_messages_of_the_software_before_are_understood() -> None:
    """They name no upload; and what this software sends is understood by that."""
    old = {"kind": "tell_when_quiet", "post": "p", "revision": 1, "since": "2026-01-01T00:00:00Z"}
    assert read(old).correlationid is None
    event = Event.of(Type.LIVE, post="p", key="k", revision=1, now=read(old).since)  # type: ignore[union-attr]
    raw = json.loads(event.model_dump_json())
    del raw["correlationid"]
    assert Event.model_validate(raw) == event
    assert Event.model_validate({**raw, "of_tomorrow": 1}) == event
    assert read({**old, "of_tomorrow": 1}) == read(old)


def test_no_page_shows_the_id(world: World) -> None:
    """The same post uploaded again makes the same bytes, whatever its VersionId is."""
    first = world.put("posts/a.md", plain("A"))
    world.run()
    pages = world.pages()
    second = world.put("posts/a.md", plain("A"))
    world.run()
    assert world.pages() == pages
    ids = [correlation_of("posts/a.md", version).encode() for version in (first, second)]
    assert not any(id in page for page in pages.values() for id in ids)


def test_a_hint_for_another_key_names_no_upload() -> None:
    """Whoever looks at that key finds out."""
    with scope("an-upload"):
        assert Hint(key="posts/b.md").caused_by("an-upload").correlationid is None
    assert CopyFile(key="static/a").caused_by("an-upload").correlationid == "an-upload"
