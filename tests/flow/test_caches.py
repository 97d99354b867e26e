"""Caches forget what was removed, and what was changed where the settings say so."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flow.world import World, plain
from presswork.aws.edge import Edge
from presswork.aws.invalidations import AN_HOUR
from presswork.errors import RetryLater
from presswork.messages import InvalidateSite
from presswork.stages.index.caches import GRACE
from presswork.tasks import InvalidatePath

KEY = "posts/a.md"


def settings(world: World, invalidate: str) -> None:
    """A site whose settings say what caches are to forget."""
    world.put("site.yaml", f"invalidate: {invalidate}\n")
    world.run()


def forgotten(*paths: str) -> list[str]:
    """What stands for all objects of some pages."""
    return sorted(f"{path}*" for path in paths)


def test_a_removed_post_is_forgotten_with_all_its_paths(world: World) -> None:
    """One request for its page, its data, and what led there before; none until then."""
    world.put(KEY, plain("海", slug="海", id="sea"))
    world.run()
    world.put(KEY, plain("Sea", slug="sea", id="sea", aliases="[/old/]"))
    world.run()
    assert world.forgotten() == []
    world.delete(KEY)
    world.run()
    assert world.forgotten() == [
        forgotten("/2026/05/%E6%B5%B7/", "/2026/05/sea/", "/old/"),
    ]
    assert world.fed(KEY).pending_index.known == ()


def test_a_draft_is_forgotten_too(world: World) -> None:
    """However a post went down."""
    world.put(KEY, plain("A"))
    world.run()
    world.put(KEY, plain("A", draft="true"))
    world.run()
    assert world.forgotten() == [forgotten("/2026/05/a/")]


def test_a_post_removed_twice_is_forgotten_twice(world: World) -> None:
    """And once only for each time."""
    for _ in range(2):
        world.put(KEY, plain("A"))
        world.run()
        world.delete(KEY)
        world.run()
    assert world.forgotten() == [forgotten("/2026/05/a/")] * 2


def test_removals_of_one_batch_are_one_request(world: World) -> None:
    """Ten messages that come together cost one call."""
    keys = [f"posts/{name}.md" for name in "abc"]
    for key in keys:
        world.put(key, plain(key[6]))
    world.run()
    ids = [world.fed(key).id for key in keys]
    for key, id in zip(keys, ids, strict=True):
        world.delete(key)
        world.parse.look(key)
        world.render.render(id)
    world.index.index(ids)
    assert world.forgotten() == [forgotten(*(f"/2026/05/{name}/" for name in "abc"))]


def test_a_changed_post_is_forgotten_if_the_settings_say_so(world: World) -> None:
    """A new text, a new path; not the first publication, and not when all is made again."""
    settings(world, "updated")
    world.put(KEY, plain("A", "One.", slug="a"))
    world.run()
    assert world.forgotten() == []
    world.put(KEY, plain("A", "Two.", slug="a"))
    world.run()
    assert world.forgotten() == [forgotten("/2026/05/a/")]
    world.put("site.yaml", "invalidate: updated\ntitle: Other\n")
    world.run()
    assert ">Other<" in (world.page("/2026/05/a/") or "")
    assert len(world.forgotten()) == 1
    world.put(KEY, plain("A", "Two.", slug="b"))
    world.run()
    assert world.forgotten()[1:] == [forgotten("/2026/05/a/", "/2026/05/b/")]


def test_nothing_is_forgotten_if_the_settings_say_so(world: World) -> None:
    """Then the edge keeps a removed page for as long as it may."""
    settings(world, "never")
    world.put(KEY, plain("A"))
    world.run()
    world.delete(KEY)
    world.run()
    assert world.page("/2026/05/a/") == "410"
    assert world.forgotten() == []


@pytest.mark.parametrize("operation", ["CreateInvalidation", "Publish"])
def test_a_crash_forgets_no_removal(world: World, operation: str) -> None:
    """A worker that dies before or after its request leaves it to the next delivery."""
    world.put(KEY, plain("A"))
    world.run()
    world.delete(KEY)
    world.crash_at(operation, skip=0 if operation == "CreateInvalidation" else 2)
    world.run()
    assert not world.pending_crash()
    assert forgotten("/2026/05/a/") in world.forgotten()
    assert world.fed(KEY).pending_index.known == ()


class Busy(Edge):
    """Caches that cannot be asked."""

    def forget(self, paths: Iterable[str], why: Iterable[str]) -> None:
        """Asks to try again."""
        raise RetryLater(f"busy with {paths} for {why}")


def test_a_busy_cloudfront_keeps_the_post_touched(world: World) -> None:
    """The lists are made; that the caches are still to forget stays noted."""
    world.put(KEY, plain("A"))
    world.run()
    world.delete(KEY)
    world.parse.look(KEY)
    id = world.fed(KEY).id
    world.render.render(id)
    busy = replace(world.index, edge=Busy(world.edge.client, world.edge.distribution))
    with pytest.raises(RetryLater):
        busy.index([id])
    assert b">A<" not in world.pages()["index.html"]
    assert InvalidatePath(path="/2026/05/a/") in world.fed(KEY).pending_index.tasks
    world.index.index([id])
    assert world.fed(KEY).pending_index.known == ()


def removed(world: World, *names: str) -> list[str]:
    """Posts that went up and down; what is left is that their lists are made: their ids."""
    keys = [f"posts/{name}.md" for name in names]
    for key, name in zip(keys, names, strict=True):
        world.put(key, plain(name))
    world.run()
    for key in keys:
        world.delete(key)
        world.parse.look(key)
        world.render.render(world.fed(key).id)
    world.take("index")
    return [world.fed(key).id for key in keys]


MANY = [f"a{number}" for number in range(AN_HOUR + 1)]


def test_of_many_removals_one_path_stands_for_all(world: World) -> None:
    """Everything is forgotten once for a minute, whoever takes a post down in it."""
    ids = removed(world, *MANY, *(f"b{name}" for name in MANY))
    world.index.index(ids[: len(MANY)])
    world.index.index(ids[len(MANY) :])
    assert world.forgotten() == []
    world.run()
    assert world.forgotten() == [["/*"]]
    world.later(minutes=1)
    world.index.index(removed(world, *(f"c{name}" for name in MANY)))
    world.run()
    assert world.forgotten() == [["/*"]] * 2


def test_an_hour_has_room_for_a_few_removals(world: World) -> None:
    """Each is forgotten at once; those after them with everything; the next hour has room anew."""
    for name in MANY:
        world.index.index(removed(world, name))
    assert world.forgotten() == [forgotten(f"/2026/05/{name}/") for name in MANY[:AN_HOUR]]
    world.run()
    assert world.forgotten()[AN_HOUR:] == [["/*"]]
    world.later(hours=1)
    world.index.index(removed(world, "z"))
    assert world.forgotten()[-1:] == [forgotten("/2026/05/z/")]


def test_who_meets_another_in_the_hour_leaves_it_to_the_minute(world: World) -> None:
    """Nobody waits there for others: no removal of a crowd is tried again for its sake."""
    a, b = removed(world, "a", "b")
    world.before("PutItem", "INVALIDATIONS", lambda: world.index.index([b]))
    world.at_work(lambda: world.index.index([a]))
    assert world.forgotten() == [forgotten("/2026/05/b/")]
    world.run()
    assert world.forgotten()[1:] == [["/*"]]


class Clocked:
    """A queue that notes what is sent, and for when."""

    def __init__(self) -> None:
        self.sent: list[tuple[InvalidateSite, int]] = []

    def send(self, message: InvalidateSite, *, delay: int = 0) -> None:
        """Notes a message."""
        self.sent.append((message, delay))


@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_everything_is_forgotten_after_all_that_went_before(world: World, seconds: int) -> None:
    """Its minute ends after the removal, and it is asked for when the minute is over on any clock.

    Asked for a second time it is the same request: nobody pays for it, and nothing is missed.
    """
    world.later(seconds=seconds)
    queue: Any = Clocked()
    caches = replace(world.index.caches, queue=queue)
    caches.forget([f"/{name}/" for name in MANY], [])
    ((message, delay),) = queue.sent
    assert message.before > world.now
    assert world.now + timedelta(seconds=delay) >= message.before + timedelta(seconds=GRACE)
    for _ in range(2):
        caches.forget_everything(message.before)
    assert world.forgotten() == [["/*"]]
