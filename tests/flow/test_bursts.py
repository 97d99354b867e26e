"""Many posts at once in the same lists: each list is made about once for a batch of messages."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.stalls import _world
from flow.world import Crash, World, plain
from presswork import wire
from presswork.aws import parallel
from presswork.events import Type
from presswork.stages.index.contents import ListReader
from presswork.stages.index.stage import MOST_HOPS, Index, Inputs

COUNT, BATCH = 40, 10
TAG = "tags/sea/index.html"


@contextmanager
def worlds() -> Iterator[World]:
    """A world in memory without followers."""
    world = _world(MemoryCloud())
    yield world
    world.close()


def put(world: World, numbers: range) -> None:
    """New posts of one tag."""
    for number in numbers:
        put_one(world, number)


def put_one(world: World, number: int) -> None:
    """The newest post of the tag, until there is one of a higher number."""
    date = f"2026-05-04 09:{number:02}:00"
    world.put(f"posts/{number:02}.md", plain(f"P{number:02}", tags="[sea]", date=date))


def render_all(world: World) -> None:
    """Every post on its way is live, and no list is made."""
    for name in ("parse", "render"):
        while bodies := world.take(name):
            for body in bodies:
                world.deliver(name, body)


def batches(world: World) -> Iterator[list[dict[str, Any]]]:
    """What waits for index, in batches."""
    bodies = world.take("index")
    yield from (bodies[at : at + BATCH] for at in range(0, len(bodies), BATCH))


def index_together(world: World, bodies: list[dict[str, Any]], *, receives: int = 1) -> list[str]:
    """One invocation of index; the ids of the messages that are to come again."""
    records = [
        {
            "messageId": str(number),
            "receiptHandle": str(number),
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": str(receives)},
            "eventSource": "aws:sqs",
            "eventSourceARN": "index",
        }
        for number, body in enumerate(bodies)
    ]
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
    answers: list[dict[str, Any]] = []

    def work() -> None:
        answers.append(wire.process_together({"Records": records}, context, world.index.route))

    world.at_work(work)
    return [each["itemIdentifier"] for each in answers[0]["batchItemFailures"]]


def puts_of(world: World, key: str) -> Callable[[], int]:
    """Counts how often an object is written from here on."""
    written: list[str] = []

    def note(model: Any, params: dict[str, Any], **_: object) -> None:
        if model.name == "PutObject" and key in f"{params['url_path']} {params['body']!r}":
            written.append(model.name)

    world.s3.meta.events.register("before-call", note)
    return lambda: len(written)


def keep_moving(world: World, numbers: Iterator[int]) -> None:
    """Right before each write of the page of the tag another post of it goes live."""

    def move() -> None:
        number = next(numbers, None)
        if number is not None:
            put_one(world, number)
            render_all(world)
            world.before("PutObject", TAG, move)

    world.before("PutObject", TAG, move)


def test_a_list_is_made_about_once_for_a_batch() -> None:
    """Forty posts in four batches, while others go live: neither posts times lists, nor rounds."""
    with worlds() as world:
        put(world, range(COUNT))
        render_all(world)
        written = puts_of(world, TAG)
        keep_moving(world, iter(range(COUNT, COUNT + 16)))
        for bodies in list(batches(world)):
            assert index_together(world, bodies) == []
        assert written() <= 2 * (COUNT // BATCH)
        world.run()
        assert f">P{COUNT + 15:02}<" in str(world.page("/tags/sea/"))
        assert_same_site(world)


def test_a_list_that_keeps_moving_is_left_to_a_message_and_holds_up_no_other() -> None:
    """The other lists are made, the posts announced; the one that moved is made a moment later."""
    with worlds() as world:
        put(world, range(5))
        world.put("posts/other.md", plain("Other", tags="[land]", date="2025-01-01"))
        render_all(world)
        keep_moving(world, iter(range(10, 40)))
        (bodies,) = batches(world)
        assert index_together(world, bodies) == []
        world._hooks.clear()
        assert ">Other<" in str(world.page("/tags/land/"))
        assert not world.fed("posts/other.md").pending_index.known
        left = [each for each in world.take("index") if each.get("kind") == "make_lists"]
        assert left
        assert any("tag:sea" in each["lists"] for each in left)
        assert {each["hop"] for each in left} == {1}
        for body in left:
            world.deliver("index", body)
        newest = str(world.page("/tags/sea/"))
        assert all(f">P{number:02}<" in newest for number in range(5)), "no newer one was listed"
        world.run()


@pytest.mark.parametrize("calls", range(1, 60, 7))
def test_a_worker_that_dies_in_a_burst_loses_nothing(calls: int) -> None:
    """Whatever call is its last: the messages come again, and the lists are right in the end."""
    with worlds() as world:
        put(world, range(4))
        render_all(world)
        keep_moving(world, iter(range(10, 14)))
        left = [calls]

        def die(**_: object) -> None:
            if world._at_work:
                left[0] -= 1
                if left[0] == 0:
                    raise Crash

        for client in world._watched:
            client.meta.events.register("before-call", die)
        (bodies,) = batches(world)
        try:
            index_together(world, bodies)
        except Crash:
            index_together(world, bodies, receives=2)
        for client in world._watched:
            client.meta.events.unregister("before-call", die)
        assert left[0] <= 0, "the worker was done before"
        world.run()
        assert_same_site(world)


def test_lists_that_never_rest_are_an_error_in_the_end() -> None:
    """After as many messages as a chain may have, the last one fails, to be seen by somebody."""
    with worlds() as world:
        put(world, range(3))
        render_all(world)
        keep_moving(world, iter(range(10, 30)))
        bodies = [{"kind": "make_lists", "lists": ["tag:sea"], "hop": MOST_HOPS}] * 2
        assert index_together(world, bodies) == ["0", "1"]


def test_a_list_that_moves_at_its_last_hop_fails_no_post() -> None:
    """Its own message comes again: the posts of its batch are listed, once and for all."""
    with worlds() as world:
        put(world, range(1))
        render_all(world)
        keep_moving(world, iter(range(1, 30)))
        lists = {"kind": "make_lists", "lists": ["tag:sea"], "hop": MOST_HOPS}
        assert index_together(world, [*world.take("index"), lists]) == ["1"]


def test_a_zone_that_is_set_while_lists_are_made_fails_none() -> None:
    """The years and days of a batch are made anew at once, as the new zone has them."""
    with worlds() as world:
        put(world, range(3))
        render_all(world)

        def change() -> None:
            world.put("site.yaml", "timezone: Asia/Tokyo\n")
            for body in world.take("parse"):
                world.deliver("parse", body)

        world.before("PutObject", TAG, change)
        assert index_together(world, world.take("index")) == []
        world.run()
        assert_same_site(world)


def test_lists_are_made_right_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads and writes of one worker in many threads end with the same site."""
    monkeypatch.setattr(parallel, "WORKERS", 16)
    with worlds() as world:
        for number in range(30):
            tags = f"[sea, t{number % 7}, u{number % 3}]"
            text = plain(f"P{number:02}", tags=tags, author="Ann", categories="[a, b]")
            world.put(f"posts/{number:02}.md", text)
        render_all(world)
        for bodies in list(batches(world)):
            assert index_together(world, bodies) == []
        world.run()
        for number in range(0, 30, 4):
            world.delete(f"posts/{number:02}.md")
        world.run()
        assert_same_site(world)


def test_posts_of_too_many_lists_are_made_one_group_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is held in memory at once is bounded by lists, not by messages."""
    monkeypatch.setattr("presswork.stages.index.stage.MOST_TOGETHER", 8)
    with worlds() as world:
        for number in range(6):
            tags = f"[t{number}, u{number}]"
            world.put(f"posts/{number}.md", plain(f"P{number}", tags=tags))
        render_all(world)
        sizes: list[int] = []
        make = Index._make_all

        def noted(self: Index, names: Sequence[str], reader: ListReader | None) -> Inputs:
            sizes.append(len(names))
            return make(self, names, reader)

        monkeypatch.setattr(Index, "_make_all", noted)
        (bodies,) = batches(world)
        assert index_together(world, bodies) == []
        assert max(sizes) < 6 * 2 * 2, "the newest and the year of every term"
        assert not any(world.fed(f"posts/{number}.md").pending_index.known for number in range(6))
        world.run()
        assert_same_site(world)


def put_off(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Six posts, each of lists of its own, of which a batch has time for one; their keys by id."""
    monkeypatch.setattr("presswork.stages.index.stage.MOST_TOGETHER", 2)
    monkeypatch.setattr("presswork.stages.index.stage.ENOUGH", timedelta(0))
    for number in range(6):
        world.put(f"posts/{number}.md", plain(f"P{number}", tags=f"[t{number}]"))
    render_all(world)
    return {world.fed(f"posts/{number}.md").id: f"posts/{number}.md" for number in range(6)}


def left_of(world: World) -> list[dict[str, Any]]:
    """The messages of index that put posts off."""
    return [each for each in world.take("index") if each.get("kind") == "list_posts"]


def test_a_batch_that_is_out_of_time_sends_the_rest_of_its_posts_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What an author waits for comes first; nothing is begun that would not be ended."""
    with worlds() as world:
        keys = put_off(world, monkeypatch)
        (bodies,) = batches(world)
        for body in bodies[:2]:
            body["data"]["bulk"] = True
        read: set[str] = set()

        def note(model: Any, params: dict[str, Any], **_: object) -> None:
            if world._at_work and model.name == "BatchGetItem":
                read.update(id for id in keys if id in str(params["body"]))

        world.dynamodb.meta.events.register("before-call", note)
        assert index_together(world, bodies) == []
        assert len(read) == 2, "those that may be made together"
        done = [key for key in keys.values() if not world.fed(key).pending_index.known]
        assert done == ["posts/2.md"]
        left = left_of(world)
        assert [([keys[id][6] for id in each["posts"]], each["bulk"]) for each in left] == [
            (["3", "4"], False),
            (["5"], False),
            (["0", "1"], True),
        ]
        for body in left:
            world.deliver("index", body)
        world.run()
        assert_same_site(world)
        listed = [each.data.post for each in world.announced if each.type is Type.LISTED]
        assert sorted(listed) == sorted(keys)


def test_posts_that_were_put_off_have_their_turn_before_new_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever comes in a long import waits for those before, and not for those after."""
    with worlds() as world:
        keys = put_off(world, monkeypatch)
        (bodies,) = batches(world)
        first, second, *_ = keys
        put_off_before = {"kind": "list_posts", "posts": [second, first]}
        assert index_together(world, [*bodies[2:], put_off_before]) == []
        done = [key for key in keys.values() if not world.fed(key).pending_index.known]
        assert done == ["posts/1.md"]
        assert [keys[id][6] for each in left_of(world) for id in each["posts"]] == list("02345")


def test_lists_that_stand_are_not_read_again_for_one_that_moves() -> None:
    """In a burst many lists move: a look at one costs none at the others."""
    with worlds() as world:
        put(world, range(5))
        world.put("posts/other.md", plain("Other", tags="[land]", date="2025-01-01"))
        render_all(world)
        keep_moving(world, iter(range(10, 40)))
        reads: Counter[str] = Counter()

        def note(model: Any, params: dict[str, Any], **_: object) -> None:
            if world._at_work and model.name == "Query":
                reads.update(tag for tag in ("land", "sea") if f"tag:{tag}" in str(params))

        (bodies,) = batches(world)
        world.dynamodb.meta.events.register("before-call", note)
        index_together(world, bodies)
        world._hooks.clear()
        assert reads["sea"] > 10
        assert reads["land"] == 4, "its newest and its year, and both once more when written"
