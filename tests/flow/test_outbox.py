"""Work that an item owes is done by whoever comes next, and none of it is lost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.world import Crash, Origin, World, picture, plain
from presswork.aws import parallel
from presswork.aws.posts import OUTBOXES, OutboxName
from presswork.aws.table import Update
from presswork.tasks import UpdateList

KEY = "posts/a.md"
URL = "http://images.example/boat.jpg"
OF_TOMORROW = {"kind": "of_tomorrow", "names": ["a"]}


def put_strange(world: World, pk: str, sk: str, item: Mapping[str, Any], name: str) -> None:
    """Adds a task of newer software to an outbox, as that would have stored it."""
    outbox = {**item[name], "tasks": [*item[name]["tasks"], OF_TOMORROW]}
    world.table.write(Update(pk, sk, {name: outbox}))


def stored(world: World, name: str) -> list[Any]:
    """The tasks of an outbox of the post, as the table holds them."""
    item = world.table.get(f"POST#{world.fed(KEY).id}", "META")
    assert item is not None
    return list(item[name]["tasks"])


@pytest.mark.parametrize("name", OUTBOXES)
def test_a_task_of_newer_software_outlives_every_stage(
    world: World, origin: Origin, name: OutboxName
) -> None:
    """A post that is changed, renamed, deleted and brought back keeps it, and all else is done."""
    origin.files["/boat.jpg"] = picture()
    world.put(KEY, plain("A", f"![b]({URL})", slug="a"))
    world.run()
    pk = f"POST#{world.fed(KEY).id}"
    item = world.table.get(pk, "META")
    assert item is not None
    put_strange(world, pk, "META", item, name)
    world.put(KEY, plain("B", "No image.", slug="b", tags="[boats]"))
    world.run()
    marker = world.delete(KEY)
    world.run()
    world.undelete(KEY, marker)
    world.run()
    assert world.dead == []
    assert stored(world, name) == [OF_TOMORROW]
    assert getattr(world.fed(KEY), name).known == ()
    assert "B" in (world.page("/2026/05/b/") or "")


def test_a_source_keeps_a_task_of_newer_software(world: World) -> None:
    """Each look writes its source whole, but for what it does not know."""
    world.put(KEY, plain("A", slug="a"))
    world.run()
    item = world.table.get(f"SRC#{KEY}", "SRC")
    assert item is not None
    put_strange(world, f"SRC#{KEY}", "SRC", item, "pending")
    world.put(KEY, plain("B", slug="a"))
    world.run()
    world.delete(KEY)
    world.run()
    item = world.table.get(f"SRC#{KEY}", "SRC")
    assert item is not None
    assert item["pending"]["tasks"] == [OF_TOMORROW]


def test_work_added_meanwhile_is_not_cleared(world: World) -> None:
    """Who clears an outbox clears what was read: what another worker added since stays."""
    world.put(KEY, plain("A", slug="a"))
    world.run()
    posts, post = world.stores.posts, world.fed(KEY)
    read = posts.add(post, "pending_index", [UpdateList(list="home")])
    posts.add(read, "pending_index", [UpdateList(list="tag:boats")])
    posts.clear(read, "pending_index")
    assert len(world.fed(KEY).pending_index.known) == 2


def test_the_same_work_noted_again_is_not_cleared(world: World) -> None:
    """The worker that read it before it was noted again did not see what called for it."""
    world.put(KEY, plain("A", slug="a"))
    world.run()
    posts, home = world.stores.posts, [UpdateList(list="home")]
    read = posts.add(world.fed(KEY), "pending_index", home)
    posts.add(read, "pending_index", home)
    posts.clear(read, "pending_index")
    assert world.fed(KEY).pending_index.known == (UpdateList(list="home"),)


@pytest.mark.parametrize("stage", ["parse", "render", "index"])
def test_a_worker_that_dies_before_it_clears_has_its_work_done_again(stage: str) -> None:
    """The next delivery finds the outbox as it was, does the work, and empties it."""
    world = World(Origin(), 1, MemoryCloud())
    for title in ("A", "B", "C"):
        world.put(f"posts/{title}.md", plain(title, slug=title.lower(), tags="[boats]"))
    world.run()
    world.put("posts/B.md", plain("Other", slug="b", tags="[sails]"))
    world.crash_at("UpdateItem", f"pending_{stage}")
    world.run()
    assert not world.pending_crash()
    post = world.fed("posts/B.md")
    assert [getattr(post, name).known for name in OUTBOXES] == [(), (), (), ()]
    assert "Other" in (world.page("/2026/05/b/") or "")
    assert "/2026/05/b/" in (world.page("/2026/05/c/") or "")
    world.close()


def _do(world: World, *stages: str) -> None:
    for stage in stages:
        for body in world.take(stage):
            world.deliver(stage, body)


def test_a_page_beside_that_a_worker_wrote_late_before_it_died_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It names a post that is gone meanwhile, and meets the ETag that it expects."""
    monkeypatch.setattr(parallel, "WORKERS", 1)
    world = World(Origin(), 1, MemoryCloud())
    world.notify = replace(world.notify, channels=())
    world.put("posts/b.md", plain("B", slug="b"))
    world.run()
    before = world.pages()["2026/05/b/index.html"]
    world.put(KEY, plain("A", slug="a"))
    _do(world, "parse")

    def meanwhile() -> None:
        world.delete(KEY)
        _do(world, "parse", "render")
        assert world.pages()["2026/05/b/index.html"] == before
        world.crash_at("BatchGetItem", "")

    late = world.take("render")
    world.before("PutObject", "2026/05/b/index.html", meanwhile)
    for body in late:
        with pytest.raises(Crash):
            world.deliver("render", body)
    assert not world.pending_crash()
    assert world.pages()["2026/05/b/index.html"] != before, "nothing was written late"
    for body in late:
        world.deliver("render", body)
    world.run()
    assert_same_site(world)
    world.close()


@pytest.mark.parametrize("after", ["", "tags: [land]"])
def test_a_list_that_a_worker_wrote_late_before_it_died_is_made_again(
    monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """It stalls before a write; its post goes, or leaves the list, which then is as it was before.

    So the late write meets the ETag that it expects. The outbox is empty when the message is back:
    whoever emptied it knew that the work of an earlier delivery was in there.
    """
    monkeypatch.setattr(parallel, "WORKERS", 1)
    world = World(Origin(), 1, MemoryCloud())
    world.notify = replace(world.notify, channels=())
    world.put("posts/b.md", plain("B", slug="b", tags="[sea]"))
    world.put("posts/c.md", plain("C", slug="c", tags="[land]"))
    world.run()
    world.put(KEY, plain("A", slug="a", tags="[sea]"))
    _do(world, "parse", "render")
    before = world.pages()["tags/sea/index.html"]

    def meanwhile() -> None:
        if after:
            world.put(KEY, plain("A", slug="a", tags="[land]"))
        else:
            world.delete(KEY)
        _do(world, "parse", "render", "index")
        assert world.pages()["tags/sea/index.html"] == before
        world.crash_at("BatchGetItem", "")

    late = world.take("index")
    world.before("PutObject", "tags/sea/index.html", meanwhile)
    for body in late:
        with pytest.raises(Crash):
            world.deliver("index", body)
    assert not world.pending_crash()
    assert world.pages()["tags/sea/index.html"] != before, "nothing was written late"
    for body in late:
        world.deliver("index", body)
    world.run()
    assert_same_site(world)
    world.close()
