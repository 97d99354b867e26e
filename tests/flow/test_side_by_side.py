"""Calls that need not each other's answer are under way together; the others stay in order."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from flow.call_table import CountedWorld, Span
from flow.memory import MemoryCloud
from flow.test_crowd import work_together
from flow.world import Origin, picture, plain

pytestmark = pytest.mark.threads

NOW = "2026-05-04 11:00:00"
COLOURS = ("teal", "navy", "olive", "gold")


@contextmanager
def worlds(**more: Any) -> Iterator[CountedWorld]:
    """A world whose workers make calls side by side, and an origin of four images."""
    origin = Origin(files={f"/{colour}.jpg": picture(colour) for colour in COLOURS})
    server = origin.serve()
    world = CountedWorld(origin, server.server_port, MemoryCloud(), **more)
    yield world
    world.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def world() -> Iterator[CountedWorld]:
    """A world in which each call takes a moment."""
    with worlds(latency=lambda: time.sleep(0.001)) as world:
        yield world


def show(*colours: str) -> str:
    """A post's text that shows images."""
    return "\n\n".join(f"![x](http://images.example/{colour}.jpg)" for colour in colours)


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param(
            [("PutObject", "originals/"), *(("PutObject", f"/120.{n}") for n in ("webp", "jpeg"))],
            id="an original and its variants",
        ),
        pytest.param(
            [("TransactWriteItems", "TOLD#mail"), ("TransactWriteItems", "TOLD#hook")],
            id="the channels of a telling",
        ),
    ],
)
def test_these_are_under_way_together(world: CountedWorld, calls: list[tuple[str, str]]) -> None:
    """Each of them waits for the others to begin."""
    barrier = threading.Barrier(len(calls), timeout=30)

    def wait() -> None:
        barrier.wait()

    for operation, about in calls:
        world.before(operation, about, wait)
    world.put("posts/a.md", plain("A", show("teal"), date=NOW, slug="a"))
    world.run()
    assert not barrier.broken
    assert not world.pending_crash()
    assert world.dead == []
    assert "<picture" in (world.page("/2026/05/a/") or "")
    assert (len(world.mails()), len(world.origin.received)) == (1, 1)


ORDERS = {
    "parse": (
        ("BatchGetItem POST + SITE + SRC", "GetObject content: posts", "what was known, first"),
        ("GetObject content: posts", "TransactWriteItems", "what stands there, then the state"),
        ("BatchGetItem CLAIM", "TransactWriteItems", "a claim is held to what was read"),
        ("TransactWriteItems", "GetItem SITE", "the settings are looked at again"),
        ("GetItem SITE", "Publish", "no event of a look that begins anew"),
        ("Publish", "UpdateItem POST", "who dies between is heard at the next look"),
    ),
    "images": (
        ("PutItem IMAGE use", "BatchGetItem IMAGE", "a heal finds who wants it"),
        ("BatchGetItem IMAGE", "GetItem MEDIA", "one worker fetches"),
        ("PutObject vault: originals", "PutItem MEDIA", "what is remembered is there"),
        ("PutObject site: media", "PutItem MEDIA", "what is remembered is there"),
        ("PutItem MEDIA", "Query IMAGE use", "who waits is read once it is home"),
        ("Query IMAGE use", "PutItem MEDIA use", "home, then shown"),
        ("PutItem MEDIA use", "BatchGetItem MEDIA", "no collector takes them"),
        ("BatchGetItem MEDIA", "Publish", "state, objects, event"),
    ),
    "notify": (
        ("BatchGetItem CLAIM TOLD + POST TOLD + TOLD hour", "SendRawEmail", "told once"),
        ("TransactWriteItems CLAIM TOLD + LIST#telling + POST TOLD + TOLD hour", "@mail", "first"),
        ("@mail", "TransactWriteItems CLAIM TOLD + LIST#telling + POST TOLD", "then noted"),
    ),
}
"""What ends before what begins, in each stage, and why."""


def find(spans: list[Span], stage: str, what: str) -> list[Span]:
    """The calls of a stage that are so described, in full or by their operation."""
    what = what.replace("@mail", "SendRawEmail")
    calls = [span for span in spans if span.call.stage == stage]
    whole = [s for s in calls if f"{s.call.operation} {s.call.item}".rstrip() == what]
    return whole or [span for span in calls if span.call.operation == what]


@pytest.mark.parametrize("stage", ORDERS)
def test_these_stay_in_their_order(world: CountedWorld, stage: str) -> None:
    """However many calls may be under way, these wait for those."""
    world.put("posts/a.md", plain("A", show("teal"), date=NOW, slug="a"))
    world.notify = replace(world.notify, channels=world.notify.channels[:1])
    world.run()
    for before, after, why in ORDERS[stage]:
        first, then = find(world.spans, stage, before), find(world.spans, stage, after)
        assert first, before
        assert then, after
        ended, begun = max(span.end for span in first), min(span.begin for span in then)
        assert ended < begun, (before, after, why)


def test_a_crowd_of_posts_shares_its_images() -> None:
    """Of many workers that want the same images one fetches each, and every page shows its own."""
    dice = random.Random(4)
    with worlds(latency=lambda: time.sleep(0.1 * (dice.random() < 0.02))) as world:
        for number in range(12):
            colours = dice.sample(COLOURS, 3)
            world.put(f"posts/{number}.md", plain("A", show(*colours), slug=f"a{number}"))
        work_together(world)
        assert sorted(world.origin.requests) == sorted(f"/{colour}.jpg" for colour in COLOURS)
        for number in range(12):
            assert (world.page(f"/2026/05/a{number}/") or "").count("<picture") == 3, number
        kept = [key for key in world.keys("vault") if key.startswith("originals/")]
        assert len(kept) == len(COLOURS)
