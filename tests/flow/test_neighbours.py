"""Pages lead to the posts beside them, and follow when those change, move or go."""

import pytest

from flow.world import World, plain


def dated(title: str, day: int, **more: str) -> str:
    """A post of a day in April."""
    return plain(title, slug=title.lower(), date=f"2026-04-{day:02} 09:00:00", **more)


def leads_to(world: World, name: str, others: str = "abcde") -> set[str]:
    """Which of the other posts the page of a post leads to."""
    page = world.page(f"/2026/04/{name}/") or ""
    return {other for other in others if other != name and f'href="/2026/04/{other}/"' in page}


def publish(world: World, **posts: str) -> None:
    """Uploads posts by their names, and lets the flow come to rest."""
    for name, text in posts.items():
        world.put(f"posts/{name}.md", text)
    world.run()


def test_a_post_between_two_others_is_led_to_by_both(world: World) -> None:
    """A backdated post comes between its neighbours; when it goes they lead to each other again."""
    publish(world, a=dated("A", 1), c=dated("C", 5))
    assert (leads_to(world, "a"), leads_to(world, "c")) == ({"c"}, {"a"})
    publish(world, b=dated("B", 3))
    assert [leads_to(world, name) for name in "abc"] == [{"b"}, {"a", "c"}, {"b"}]
    world.delete("posts/b.md")
    world.run()
    assert (leads_to(world, "a"), leads_to(world, "c")) == ({"c"}, {"a"})


def test_a_new_date_changes_the_old_neighbours_and_the_new_ones(world: World) -> None:
    """A post that moves in time leaves its old neighbours beside each other."""
    publish(world, a=dated("A", 1), b=dated("B", 2), c=dated("C", 3), d=dated("D", 4))
    publish(world, a=dated("A", 9))
    assert [leads_to(world, name) for name in "bcda"] == [{"c"}, {"b", "d"}, {"c", "a"}, {"d"}]


def test_a_new_title_is_shown_beside(world: World) -> None:
    """Neighbours show the title that a post has now."""
    publish(world, a=dated("A", 1), b=dated("B", 2))
    publish(world, a=plain("Renamed", slug="a", date="2026-04-01 09:00:00"))
    assert "Renamed" in (world.page("/2026/04/b/") or "")


def test_older_posts_of_the_first_tag_are_related(world: World) -> None:
    """A page leads to the three next older posts of its first tag, whatever their first one is."""
    sea = {"tags": "[sea, land]"}
    publish(world, a=dated("A", 1, **sea), b=dated("B", 2, tags="[land, sea]"))
    publish(world, c=dated("C", 3, **sea), d=dated("D", 4), e=dated("E", 5, **sea))
    assert leads_to(world, "e") == {"d", "c", "b", "a"}
    publish(world, b=dated("B", 2, tags="[land]"))
    assert leads_to(world, "e") == {"d", "c", "a"}
    world.delete("posts/a.md")
    world.run()
    assert leads_to(world, "e") == {"d", "c"}
    publish(world, b=dated("B", 2, **sea))
    assert leads_to(world, "e") == {"d", "c", "b"}


def test_parts_of_a_series_lead_to_each_other(world: World) -> None:
    """The parts beside a part are linked, whatever was published between them."""
    part = {"series": "Sea"}
    publish(
        world, a=dated("A", 1, **part), b=dated("B", 2), c=dated("C", 3), d=dated("D", 4, **part)
    )
    assert leads_to(world, "a") == {"b", "d"}
    assert "Sea" in world.pages()["series/sea/index.html"].decode()
    publish(world, d=dated("D", 4))
    assert leads_to(world, "a") == {"b"}
    assert "/2026/04/d/" not in world.pages()["series/sea/index.html"].decode()


def test_a_post_alike_beside_writes_nothing(world: World) -> None:
    """A new text of a post leaves the pages beside it alone."""
    publish(world, a=dated("A", 1), b=dated("B", 2))
    before = world.pages()
    world.put("posts/a.md", dated("A", 1) + "\nMore words.\n")
    world.calls.clear()
    world.run()
    after = world.pages()
    changed = {key for key in after if after[key] != before.get(key)}
    assert "2026/04/a/index.html" in changed
    assert "2026/04/b/index.html" not in changed
    assert world.fed("posts/a.md").pending_render.known == ()


@pytest.mark.parametrize("skip", range(8))
def test_a_crash_leaves_no_neighbour_behind(world: World, skip: int) -> None:
    """Whatever write a worker dies before, the pages beside a moved post are right in the end."""
    publish(world, a=dated("A", 1), b=dated("B", 2), c=dated("C", 3))
    world.put("posts/b.md", dated("B", 9))
    world.crash_at("PutObject", skip=skip)
    world.run()
    world.later(minutes=5)
    world.run()
    assert [leads_to(world, name) for name in "acb"] == [{"c"}, {"a", "b"}, {"c"}]
