"""No item is named by the transactions of two posts: one of them would cancel the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from flow.test_periods import worlds
from flow.world import World, plain

Author = Callable[[World, str], object]

MATTER = {"tags": "[sea]", "categories": "[travel]", "authors": "[Ann]"}


def publish(world: World, name: str) -> None:
    """A post of the month and the terms of all the others."""
    world.put(f"posts/{name}.md", plain(name, slug=name, **MATTER))


def edit(world: World, name: str) -> None:
    """Another title."""
    world.put(f"posts/{name}.md", plain(f"{name}, mended", slug=name, **MATTER))


def move(world: World, name: str) -> None:
    """Another path, in another month."""
    matter = {**MATTER, "date": "2026-04-04"}
    world.put(f"posts/{name}.md", plain(name, slug=f"{name}-moved", **matter))


def retire(world: World, name: str) -> None:
    """A draft."""
    world.put(f"posts/{name}.md", plain(name, slug=name, draft="true", **MATTER))


def schedule(world: World, name: str) -> None:
    """A post to come."""
    world.put(f"posts/{name}.md", plain(name, slug=name, **{**MATTER, "date": "2026-06-01"}))


def unlist(world: World, name: str) -> None:
    """A post that no list has."""
    world.put(f"posts/{name}.md", plain(name, slug=name, unlisted="true", **MATTER))


def delete(world: World, name: str) -> None:
    """Nothing."""
    world.delete(f"posts/{name}.md")


def reject(world: World, name: str) -> None:
    """What cannot be understood."""
    world.put(f"posts/{name}.md", "---\ntitle: [unclosed\n---\n")


def add_page(world: World, name: str) -> None:
    """A page; of seventeen two are in one list."""
    world.put(f"pages/{name}.md", f"# {name}\n")


@pytest.mark.parametrize(
    "before",
    [None, publish, add_page],
    ids=["first-of-all", "after-a-post", "after-a-page"],
)
@pytest.mark.parametrize(
    "changes",
    [
        (publish, edit, move, delete),
        (publish, retire, publish, delete, publish),
        (schedule, publish, reject, edit),
        (publish, unlist, publish),
        (add_page,),
    ],
    ids=lambda changes: "-".join(each.__name__ for each in changes),
)
def test_two_posts_have_no_item_in_common(
    before: Author | None, changes: tuple[Author, ...]
) -> None:
    """Of one month, one tag and one author, whatever they do: each writes items of its own."""
    with worlds(9) as world:
        if before is not None:
            before(world, "before")
            world.run()
        named: dict[str, set[tuple[str, str]]] = {}
        for name in ("a", "b") if add_page not in changes else map(str, range(17)):
            items = named.setdefault(name, set())
            with transactions(world, items):
                for change in changes:
                    change(world, name)
                    world.run()
        assert all(named.values())
        seen: set[tuple[str, str]] = set()
        for items in named.values():
            assert not items & seen
            seen |= items


@contextmanager
def transactions(world: World, items: set[tuple[str, str]]) -> Iterator[None]:
    """Keeps what the transactions in the block name; the hour's count of tellings is bounded."""
    client = world.table.client

    def keep(model: object, params: dict[str, object], **_: object) -> None:
        if getattr(model, "name", "") != "TransactWriteItems":
            return
        body: dict[str, list[dict[str, dict[str, dict[str, dict[str, str]]]]]] = params["body"]  # type: ignore[assignment]  # the request
        for entry in body["TransactItems"]:
            ((_kind, request),) = entry.items()
            key = request.get("Key") or request["Item"]
            pk, sk = key["PK"]["S"], key["SK"]["S"]
            if not pk.startswith("TOLD#"):
                items.add((pk, sk))

    client.meta.events.register("before-call", keep)
    yield
    client.meta.events.unregister("before-call", keep)


def test_who_takes_the_last_post_away_looks_again(world: World) -> None:
    """A month is named although its name went right after another post of it was listed."""
    publish(world, "a")
    world.run()
    world.delete("posts/a.md")

    def list_another() -> None:
        publish(world, "b")
        for name in ("parse", "render", "index"):
            for body in world.take(name):
                world.deliver(name, body)

    world.before("DeleteItem", "LIST#months", list_another)
    world.run()
    assert not world.pending_crash()
    assert [item["SK"] for item in world.table.query("LIST#months")] == ["2026-05"]
    assert "2026-05" in world.pages()["sitemap.xml"].decode()
