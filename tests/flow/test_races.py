"""Two workers, a crash at any step, events lost in order: what is live at the end is right."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from flow.same_site import assert_same_site
from flow.test_periods import at_write, worlds
from flow.world import Crash, Origin, World, picture, plain
from presswork.aws.table import Item, Table
from presswork.post import Status
from presswork.stages.index.contents import Documents

PATH = "/2026/05/a/"


def look(world: World, key: str) -> None:
    """Another worker that looks at a key, and renders what it feeds, at once."""
    world.parse.look(key)
    for name in ("render", "index"):
        for body in world.take(name):
            world.deliver(name, body)


def look_and_die(world: World, key: str) -> None:
    """A worker that looks at a key, and dies before it is heard."""
    world.crash_at("Publish")
    with pytest.raises(Crash):
        world.at_work(lambda: world.parse.look(key))


def test_a_delete_while_render_is_in_flight_leaves_no_page(world: World) -> None:
    """A post deleted right before its page is written answers 410 at the end, not 200."""
    world.put("posts/a.md", plain("A", slug="a"))

    def delete() -> None:
        world.delete("posts/a.md")
        look(world, "posts/a.md")

    world.before("PutObject", "a/index.html", delete)
    world.run()
    assert world.source("posts/a.md").status is Status.GONE
    assert world.page(PATH) in (None, "410")
    assert "2026/05/a/index.json" not in world.pages()
    assert PATH.encode() not in world.pages().get("index.html", b"")


def test_a_delete_after_the_last_look_leaves_no_page(world: World) -> None:
    """A worker that writes a page it made from an older state looks again, and takes it back."""
    world.put("posts/a.md", plain("A", slug="a"))
    world.parse.look("posts/a.md")
    stale = world.take("render")
    seen = []

    def delete_and_finish() -> None:
        world.s3.delete_object(Bucket="content", Key="posts/a.md")
        look(world, "posts/a.md")
        seen.append(world.page(PATH))

    world.before("PutObject", "a/index.html", delete_and_finish)
    for body in stale:
        world.deliver("render", body)
    assert seen, "the other worker never ran"
    assert world.page(PATH) in (None, "410")
    world.run()
    assert world.page(PATH) in (None, "410")


def test_a_list_made_of_older_members_is_made_again(world: World) -> None:
    """A worker that writes a list from members that are gone by then looks again, and mends it."""
    world.put("posts/b.md", plain("Staying", slug="b"))
    world.run()
    world.put("posts/a.md", plain("Fleeting", slug="a"))
    world.parse.look("posts/a.md")
    world.take("parse")
    for body in world.take("render"):
        world.deliver("render", body)
    stale = world.take("index")
    seen = []

    def delete_and_finish() -> None:
        world.s3.delete_object(Bucket="content", Key="posts/a.md")
        look(world, "posts/a.md")
        seen.append(b"Fleeting" in world.pages()["index.html"])

    world.before("PutObject", "/site/index.html ", delete_and_finish)
    for body in stale:
        world.deliver("index", body)
    assert seen == [False], "the other worker had nothing to write"
    assert b"Fleeting" not in world.pages()["index.html"]
    assert b"Staying" in world.pages()["index.html"]


def test_an_older_look_does_not_undo_a_newer_one(world: World) -> None:
    """Of two workers that look at a key, the one that read the older object reads again."""
    world.put("posts/a.md", plain("Old", slug="a"))

    def overtake() -> None:
        world.s3.put_object(
            Bucket="content", Key="posts/a.md", Body=plain("New", slug="a").encode()
        )
        world.parse.look("posts/a.md")

    world.before("TransactWriteItems", "posts/a.md", overtake)
    world.run()
    assert world.fed("posts/a.md").title == "New"
    assert "New" in (world.page(PATH) or "")


def test_a_look_that_found_nothing_beats_an_older_one(world: World) -> None:
    """A key never seen before that is gone again is locked too, so no older look makes it live."""
    world.put("posts/a.md", plain("Ghost", slug="a"))

    def vanish() -> None:
        world.s3.delete_object(Bucket="content", Key="posts/a.md")
        world.parse.look("posts/a.md")

    world.before("TransactWriteItems", "posts/a.md", vanish)
    world.run()
    assert world.source("posts/a.md").status is Status.GONE
    assert world.page(PATH) in (None, "410")


def test_what_is_read_together_is_not_of_one_instant(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post that comes while it is read with its source goes with that, though it was not seen."""
    world.put("posts/a.md", plain("Ghost", slug="a"))
    at_once = Table.get_many

    def one_by_one(table: Table, *keys: tuple[str, str]) -> list[Item | None]:
        monkeypatch.setattr(Table, "get_many", at_once)
        found = {key: table.get(*key) for key in keys if key[0].startswith("POST#")}
        assert list(found.values()) == [None]
        return [found[key] if key in found else table.get(*key) for key in keys]

    def come_and_go() -> None:
        world.parse.look("posts/a.md")
        world.s3.delete_object(Bucket="content", Key="posts/a.md")

    monkeypatch.setattr(Table, "get_many", one_by_one)
    world.before("GetItem", "SRC#posts/a.md", come_and_go)
    world.run()
    assert not world.pending_crash()
    assert world.source("posts/a.md").status is Status.GONE
    assert world.page(PATH) in (None, "410")
    assert "2026/05/a/index.json" not in world.pages()


def test_an_unannounced_revision_is_announced_by_the_next_look(world: World) -> None:
    """A worker that dies between its commit and its announcement is made good by the redelivery."""
    world.put("posts/a.md", plain("A", slug="a"))
    world.crash_at("Publish", "post.ready")
    world.run()
    assert not world.pending_crash()
    assert ">A<" in (world.page(PATH) or "")


WRITES = (
    "DeleteObject",
    "Publish",
    "PutItem",
    "PutObject",
    "TransactWriteItems",
    "UpdateItem",
)
"""To die before a read is to die after the write before it."""


@pytest.mark.parametrize("operation", WRITES)
def test_a_crash_before_any_write_is_mended(world: World, origin: Origin, operation: str) -> None:
    """Whatever write a worker dies before, the deliveries that follow finish its work."""
    world.put("posts/a.md", plain("Turn 0", slug="a", tags="[sky]"))
    world.run()
    for turn in range(1, 40):
        origin.files[f"/{turn}.jpg"] = picture()
        title, tag = f"Turn {turn}", ("sea", "land")[turn % 2]
        body = f"Text.\n\n![Boat](http://images.example/{turn}.jpg)"
        world.put("posts/a.md", plain(title, body, slug="a", tags=f"[{tag}]"))
        world.crash_at(operation, skip=turn - 1)
        world.run()
        world.later(minutes=5)  # what a dead worker was fetching is free again
        world.maintain.run(world.now)
        world.run()
        pages = world.pages()
        for key in ("2026/05/a/index.html", "index.html", "feed.xml", f"tags/{tag}/index.html"):
            assert title in pages[key].decode(), key
        assert b"<picture" in pages["2026/05/a/index.html"]
        terms = {key.split("/")[1] for key in pages if key.startswith("tags/")}
        assert terms == {"index.html", tag}
        post = world.fed("posts/a.md")
        assert post.pending_index.known == ()
        assert post.live is not None
        assert post.live.revision == post.revision
        assert post.pending_parse.known == ()
        if world.pending_crash():
            assert turn > 1, f"{operation} was never called"
            return
    pytest.fail(f"more than 39 calls of {operation} for one post")


def test_a_crash_before_a_wake_is_mended(world: World) -> None:
    """A worker that dies before it sends on who waited leaves nobody waiting."""
    world.put("posts/a.md", plain("A", "Text of A.", slug="a"))
    world.run()
    world.put("posts/b.md", plain("B", "Text of B.", slug="a"))
    world.run()
    world.delete("posts/a.md")
    world.crash_at("SendMessage")
    world.run()
    assert not world.pending_crash()
    assert "Text of B." in (world.page(PATH) or "")


@pytest.mark.parametrize("then", ["---\ntitle: [unclosed\n---\n", None])
def test_what_was_accepted_is_announced_whatever_follows(world: World, then: str | None) -> None:
    """A revision whose worker died unheard is shown, though the next one is rejected or waits."""
    world.put("posts/holder.md", plain("Holder", slug="held"))
    world.run()
    world.put("posts/a.md", plain("Accepted", slug="a"))
    look_and_die(world, "posts/a.md")
    world.put("posts/a.md", then or plain("Later", slug="held"))
    world.run()
    assert "Accepted" in (world.page(PATH) or "")
    assert "Accepted" in world.pages()["index.html"].decode()


def test_a_removal_is_announced_though_a_rejection_follows(world: World) -> None:
    """A post that is gone goes down, though a broken file takes its place before that is heard."""
    world.put("posts/a.md", plain("A", slug="a"))
    world.run()
    world.delete("posts/a.md")
    look_and_die(world, "posts/a.md")
    world.put("posts/a.md", "---\ntitle: [unclosed\n---\n")
    world.run()
    assert world.page(PATH) == "410"
    assert PATH.encode() not in world.pages()["index.html"]


def test_every_post_that_a_key_left_goes_down(world: World) -> None:
    """A key that changes its id twice, unheard in between, leaves no page of the first."""
    world.put("posts/a.md", plain("One", slug="one", id="one"))
    world.run()
    world.put("posts/a.md", plain("Two", slug="two", id="two"))
    look_and_die(world, "posts/a.md")
    world.put("posts/a.md", plain("Three", slug="three", id="three"))
    world.run()
    assert world.page("/2026/05/one/") == "410"
    assert "Three" in (world.page("/2026/05/three/") or "")
    assert world.pages()["index.html"].count(b"/2026/05/one/") == 0
    assert world.source("posts/a.md").pending.known == ()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_repetition_end_alike(world: World, seed: int) -> None:
    """Events shuffled, repeated and cut short by crashes: the site shows what the bucket holds."""
    dice = random.Random(seed)
    keys = [f"posts/{name}.md" for name in "abc"]
    held: dict[str, str] = {}
    for step in range(14):
        key = dice.choice(keys)
        if key in held and dice.random() < 0.4:
            world.delete(key)
            del held[key]
        else:
            words = f"Words of step {step}."
            slug = dice.choice(["x", "y", key[6]])
            held[key] = words
            world.put(key, plain(f"T{step}", words, slug=slug, tags=f"[t{step % 3}]"))
        if dice.random() < 0.3:
            world.crash_at(dice.choice(WRITES), skip=dice.randrange(3))
        if dice.random() < 0.5:
            world.run(dice, repeat=dice.random() < 0.3)
    world.run(dice)
    assert world.dead == []
    live = {key for key in held if world.source(key).status is Status.LIVE}
    waiting = {key for key in held if world.source(key).status is Status.WAITING}
    assert live | waiting == held.keys()
    # What waits keeps its last good revision on its own path, if it had one.
    kept = {key for key in waiting if (state := world.fed(key).live) and state.up}
    pages = world.pages()
    shown = [data.decode() for name, data in pages.items() if name.endswith("/index.json")]
    for key, words in held.items():
        assert any(words in page for page in shown) == (key in live), key
    assert len(shown) == len(live | kept)
    feed = pages.get("feed.xml", b"").decode()
    assert feed.count("<entry ") == len(live | kept)
    for key in waiting:
        holder = world.source(key).error
        assert holder is not None
        assert any(other in holder.message for other in live), "waits for a post that is not live"


def test_a_link_that_was_there_before_comes_back_to_the_feeds() -> None:
    """Whenever a fresh worker made lists while the page had another text: nothing of it is kept."""
    number, made = 0, [1]
    while made:
        made = []
        with worlds(9) as world:
            world.put("posts/b.md", plain("B", slug="b"))
            world.put("posts/a.md", plain("A", "[There](b.md)"))
            _settle(world)
            world.delete("posts/b.md")

            def make(world: World = world, made: list[int] = made) -> None:
                made.append(1)
                world.index = replace(world.index, documents=Documents())
                world.index.make(["home"])

            at_write(world, number, make)
            _settle(world)
            assert "/2026/05/b/" not in world.pages()["feed.xml"].decode()
            world.put("posts/b.md", plain("B", slug="c"))
            world.put("posts/b.md", plain("B", slug="b"))
            _settle(world)
            assert world.pages()["feed.xml"].decode().count("/2026/05/b/&#34;") == 1
        number += 1
    assert number > 5


def test_what_a_deletion_finds_to_be_another_page_stays(world: World) -> None:
    """The object that is to go was made anew right before: that one is nobody's to take away."""
    r1(world)
    world.run()
    key = "2026/05/a/index.json"
    world.delete("posts/a.md")

    def make() -> None:
        world.s3.put_object(Bucket="site", Key=key, Body=b"another")
        world.before("DeleteObject", key, lambda: there.append(world.bucket.get(key)))

    there: list[bytes | None] = []
    world.before("DeleteObject", key, make)
    world.run()
    assert there == [b"another"]
    assert world.pages().get(key) is None


def r2(world: World) -> None:
    """The author changes the text, and the worker of render begins."""
    world.put("posts/a.md", plain("A", "Second.", slug="a"))


def r1(world: World) -> None:
    """The author takes the change back."""
    world.put("posts/a.md", plain("A", "First.", slug="a"))


def deletion(world: World) -> None:
    """The author deletes the post, and the worker of render begins."""
    world.delete("posts/a.md")


def undeletion(world: World) -> None:
    """The author takes that back: the delete marker goes."""
    (marker,) = world.s3.list_object_versions(Bucket="content", Prefix="posts/a.md")[
        "DeleteMarkers"
    ]
    world.undelete("posts/a.md", marker["VersionId"])


@pytest.mark.parametrize(
    ("change", "back", "write"),
    [(r2, r1, "PutObject"), (deletion, undeletion, "DeleteObject")],
    ids=["r1-r2-r1", "delete-undelete"],
)
def test_feeds_follow_a_change_that_was_taken_back(
    change: Callable[[World], None], back: Callable[[World], None], write: str
) -> None:
    """A slow worker overwrites the page with what was, and a feed is made of that meanwhile.

    Equal bytes have equal ETags, so its write is let through; in the end all say what is.
    """
    with worlds(9) as world:
        r1(world)
        _settle(world)
        change(world)
        for body in world.take("parse"):
            world.deliver("parse", body)
        (slow,) = world.take("render")

        def meanwhile() -> None:
            back(world)
            world.run()
            world.put("posts/b.md", plain("B"))
            for name in ("parse", "render"):
                for body in world.take(name):
                    world.deliver(name, body)
            world.index = replace(world.index, documents=Documents())
            world.before("BatchGetItem", "CLAIM#/2026/05/a/", list_another)

        def list_another() -> None:
            listed.extend(world.take("index"))
            for body in listed:
                world.deliver("index", body)

        listed: list[dict[str, Any]] = []
        world.before(write, "/site/2026/05/a/index.json ", meanwhile)
        world.deliver("render", slow)
        assert listed
        world.run()
        assert world.dead == []
        assert "First." in (world.page(PATH) or "")
        for key in ("2026/05/a/index.json", "feed.xml", "rss.xml", "feed.json"):
            assert "First." in world.pages()[key].decode(), key
            assert "Second." not in world.pages()[key].decode(), key


def test_a_document_that_never_comes_is_told_in_the_end() -> None:
    """Another post is live all the same; whoever looks for the document gives up visibly."""
    with worlds(9) as world:
        r1(world)
        world.maintain.run(world.now)  # no backfill is to come
        _settle(world)
        world.put("posts/b.md", plain("B"))
        for name in ("parse", "render"):
            for body in world.take(name):
                world.deliver(name, body)
        world.bucket.delete("2026/05/a/index.json")
        world.index = replace(world.index, documents=Documents())
        world.run()
        assert "/2026/05/b/" in world.pages()["feed.xml"].decode()
        assert world.fed("posts/b.md").pending_index.known == ()
        assert {body["kind"] for _, body in world.dead} == {"make_lists"}


def test_who_waits_for_a_document_of_a_backfill_leaves_no_dead_letter() -> None:
    """A neighbour's document is of new settings already, and the backfill has yet to come to it."""
    with worlds(9) as world:
        r1(world)
        _settle(world)
        world.put("site.yaml", "title: T\nlanguage: de\n")
        for body in world.take("parse"):
            world.deliver("parse", body)
        coming = world.take("backfill")
        world.index = replace(world.index, documents=Documents())
        world.put("posts/b.md", plain("B"))
        world.run()
        assert world.dead == []
        for body in coming:
            world.sqs.send_message(QueueUrl=world.urls["backfill"], MessageBody=json.dumps(body))
        _settle(world)
        assert world.dead == []
        assert_same_site(world)


def _settle(world: World) -> None:
    """Until referrers, who are told a minute later, are up to date."""
    for _ in range(3):
        world.run()
        world.later(minutes=2)
