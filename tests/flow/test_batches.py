"""Posts that render gets together: what is beside several of them is made once."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

import pytest

from flow.batched import BatchedWorld, Body
from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.stalls import OPERATIONS, WRITES, Base, Pair, _world
from flow.world import Crash, World, plain
from presswork import wire

EVERY = 1 if os.environ.get("SOAK") else 30
"""Of how many pairs one is walked; `make soak` walks all."""
DEATHS = 1 if os.environ.get("SOAK") else 5
"""Of how many deaths one is walked."""


def post(number: int, **more: str) -> str:
    """The newest post of a tag, until there is one of a higher number."""
    date = f"2026-05-04 09:{number:02}:00"
    return plain(f"P{number:02}", slug=f"p{number:02}", tags="[sea]", date=date, **more)


@pytest.fixture
def batched() -> Iterator[BatchedWorld]:
    """A site of six posts, each beside another."""
    world = _world(MemoryCloud(), BatchedWorld)
    assert isinstance(world, BatchedWorld)
    for number in range(0, 60, 10):
        world.put(f"posts/p{number:02}.md", post(number))
    world.run()
    world.announced.clear()
    yield world
    world.close()


def changed(world: BatchedWorld) -> list[Body]:
    """What waits for render: new posts between those that are there, an edit and a deletion."""
    for number in (15, 16, 25, 26):
        world.put(f"posts/p{number:02}.md", post(number))
    world.put("posts/p30.md", post(30, summary="Another."))
    world.delete("posts/p40.md")
    for body in world.take("parse"):
        world.deliver("parse", body)
    return world.take("render")


def made(world: World) -> Counter[tuple[str, str]]:
    """Counts the calls from here on, each with the end of the key or list that it is about."""
    calls: Counter[tuple[str, str]] = Counter()

    def note(model: Any, params: dict[str, Any], **_: object) -> None:
        calls[model.name, str(params["url_path"]).partition("?")[0].rpartition("site/")[2]] += 1

    for client in (world.s3, world.dynamodb):
        client.meta.events.register("before-call", note)
    return calls


def live(world: World) -> Counter[str]:
    """The posts that were announced as live or removed since, by their files."""
    world.run()
    types = ("post.live", "post.removed")
    return Counter(event.data.key for event in world.announced if event.type.value in types)


def test_a_page_beside_several_posts_is_made_once(batched: BatchedWorld) -> None:
    """Before it is live it leads to those beside it in the batch, so that it is as it is to be."""
    batch, calls = changed(batched), made(batched)
    assert batched.invoke("render", batch) == []
    pages = {key: n for (call, key), n in calls.items() if call == "PutObject" and "2026/" in key}
    assert {key: n for key, n in pages.items() if n > 1} == {}
    for neighbour in ("p00", "p10", "p20", "p50"):
        assert pages.get(f"2026/05/{neighbour}/index.html", 0) <= 1
    assert live(batched) == Counter([f"posts/p{n}.md" for n in (15, 16, 25, 26, 30, 40)])
    assert_same_site(batched)


def test_a_batch_takes_fewer_calls_than_its_messages(batched: BatchedWorld) -> None:
    """Beside each other, six posts take less than half of what they take one by one."""
    batch, cloud = changed(batched), MemoryCloud()
    other = _world(cloud, BatchedWorld)
    assert isinstance(other, BatchedWorld)
    cloud.restore(batched.cloud or cloud)
    together, one_by_one = made(batched), made(other)
    batched.invoke("render", batch)
    for body in batch:
        other.invoke("render", [body])
    other.close()
    assert 2 * together.total() < one_by_one.total()


def test_what_is_of_no_post_is_done_when_it_is_begun(batched: BatchedWorld) -> None:
    """A static file leaves nothing to be finished, and no call is made for that."""
    batched.put("static/a.txt", "text")
    for body in batched.take("parse"):
        batched.deliver("parse", body)
    (body,) = batched.take("render")
    (message,) = wire.read(body)
    begun = batched.rendering.begin(message)
    assert batched.answer("a.txt") == "200"
    calls = made(batched)
    batched.rendering.finish([begun])
    assert calls.total() == 0


def test_a_post_that_fails_fails_no_other(batched: BatchedWorld) -> None:
    """What cannot go live comes again alone; the others are live and announced."""
    batch = changed(batched)

    def fail() -> None:
        batched.before("TransactWriteItems", "P16", fail)
        raise OSError

    batched.before("TransactWriteItems", "P16", fail)
    failed = batched.invoke("render", batch)
    batched._hooks.clear()
    assert [body["data"]["key"] for body in failed] == ["posts/p16.md"]
    assert live(batched) == Counter([f"posts/p{n}.md" for n in (15, 25, 26, 30, 40)])
    assert batched.invoke("render", failed, receives=2) == []
    assert live(batched)["posts/p16.md"] == 1
    assert_same_site(batched)


def test_a_post_that_moves_within_a_batch_goes_live_by_itself(batched: BatchedWorld) -> None:
    """What it became meanwhile is what readers see; the others are still made together."""
    batch, calls = changed(batched), made(batched)

    def move() -> None:
        batched.put("posts/p16.md", post(16, summary="Moved."))
        for body in batched.take("parse"):
            batched.deliver("parse", body)

    batched.before("TransactWriteItems", "P16", move)
    assert batched.invoke("render", batch) == []
    assert calls.total() < 120
    assert "Moved." in str(batched.page("/2026/05/p16/"))
    assert live(batched)["posts/p16.md"] >= 1
    assert_same_site(batched)


@pytest.mark.parametrize("number", [1, 2])
def test_settings_that_change_while_posts_go_live_fail_none(
    batched: BatchedWorld, number: int
) -> None:
    """Each begins anew at once, alone or of several, and is announced."""
    for each in range(number):
        batched.put(f"posts/p{15 + each}.md", post(15 + each))
    for body in batched.take("parse"):
        batched.deliver("parse", body)

    def change() -> None:
        batched.put("site.yaml", "title: Another title\n")
        for body in batched.take("parse"):
            batched.deliver("parse", body)

    batched.before("TransactWriteItems", "P15", change)
    assert batched.invoke("render", batched.take("render")) == []
    assert "Another title" in str(batched.page("/2026/05/p15/"))
    assert set(live(batched)) >= {f"posts/p{15 + each}.md" for each in range(number)}
    assert_same_site(batched)


def test_what_cannot_be_finished_together_is_finished_one_by_one(batched: BatchedWorld) -> None:
    """Pages beside one post that fail for good keep that message alone from its end."""
    batch = changed(batched)

    def fail() -> None:
        batched.before("PutObject", "p10/index.html", fail)
        raise OSError

    batched.before("PutObject", "p10/index.html", fail)
    failed = batched.invoke("render", batch)
    batched._hooks.clear()
    assert [body["data"]["key"] for body in failed] == ["posts/p15.md"]
    assert set(live(batched)) == {f"posts/p{n}.md" for n in (16, 25, 26, 30, 40)}
    assert batched.invoke("render", failed, receives=2) == []
    assert live(batched)["posts/p15.md"] == 1
    assert_same_site(batched)


def test_no_post_is_announced_before_the_pages_beside_all_are_made(batched: BatchedWorld) -> None:
    """In a batch every event comes after every page."""
    batch, order = changed(batched), list[str]()

    def note(model: Any, **_: object) -> None:
        if model.name in ("PutObject", "DeleteObject", "Publish"):
            order.append(model.name)

    for client in (batched.s3, batched.sns):
        client.meta.events.register("before-call", note)
    batched.invoke("render", batch)
    assert order == sorted(order, key="Publish".__eq__)
    assert order.count("Publish") == 6


def test_a_worker_that_dies_within_a_batch_is_mended() -> None:
    """Wherever it dies, the messages that come again make the site whole, and tell of each post."""
    walked = 0
    for write in count(random.Random(14).randrange(DEATHS), DEATHS):
        world = _world(MemoryCloud(), BatchedWorld)
        assert isinstance(world, BatchedWorld)
        for number in (10, 20, 30, 40, 50):
            world.put(f"posts/p{number:02}.md", post(number))
        world.run()
        world.announced.clear()
        batch = changed(world)
        died = dies_at(world, write)
        failed = world.invoke("render", batch)
        if not died:
            world.close()
            break
        assert failed == batch
        for body in failed:
            assert world.invoke("render", [body], receives=2) == []
        assert set(live(world)) == {f"posts/p{n}.md" for n in (15, 16, 25, 26, 30, 40)}
        assert_same_site(world)
        world.close()
        walked += 1
    assert walked > 30 / DEATHS


def dies_at(world: World, write: int) -> list[str]:
    """The worker dies right before this write; the answer is where, once it did."""
    died: list[str] = []
    seen = count()

    def note(model: Any, **_: object) -> None:
        if model.name in WRITES and not died and next(seen) == write:
            died.append(model.name)
            raise Crash

    for client in (world.s3, world.dynamodb, world.sns, world.sqs):
        client.meta.events.register("before-call", note)
    return died


@cache
def base() -> Base:
    """The site before anything happens, whose render works batches."""
    return Base(BatchedWorld)


@pytest.mark.parametrize("first", ["swap", "rename", "settings", "put new"])
def test_another_operation_within_a_batch_that_stalls(first: str) -> None:
    """Before writes of batches, each of the other operations is done to its end."""
    walked, wrong = 0, []
    offsets = min(EVERY, base().length(first))
    for second in OPERATIONS:
        for write in count(random.Random(f"{second} {first}").randrange(offsets), EVERY):
            pair = Pair(first, write, second)
            came, why = base().outcome(pair)
            if not came:
                break
            walked += 1
            if why:
                wrong.append(f"{pair}: {why}")
    assert wrong == []
    assert walked > 0
