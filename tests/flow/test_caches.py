"""Caches forget what was removed, and what was changed where the settings say so."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from flow.world import World, plain
from presswork.aws.edge import Edge
from presswork.errors import RetryLater
from presswork.tasks import InvalidatePath

KEY = "posts/a.md"


def settings(world: World, invalidate: str) -> None:
    """A site whose settings say what caches are to forget."""
    world.put("site.yaml", f"invalidate: {invalidate}\n")
    world.run()


def forgotten(*paths: str) -> list[str]:
    """The paths of the objects of some pages."""
    return sorted(f"{path}{name}" for path in paths for name in ("", "index.html", "index.json"))


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
