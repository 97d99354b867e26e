"""Addresses kept to the letter: one owner for each key of the site, in every order of events."""

import json
from itertools import permutations

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork.post import Status

POST, FILE = "posts/x.md", "static/x.html"
REDIRECT = "redirects: {/x.html: /there/}\n"


def test_a_page_may_be_a_file(world: World) -> None:
    """It stands with its data at the very name, and lists, feeds and its aliases lead there."""
    world.put(
        "posts/a.md",
        plain("A", permalink="/Notes/a_b.html", aliases="[/old.html, /x.php, '/?p=7', /older]"),
    )
    world.run()
    pages = world.pages()
    assert json.loads(pages["Notes/a_b.html.json"])["path"] == "/Notes/a_b.html"
    assert b'href="/Notes/a_b.html.json"' in pages["Notes/a_b.html"]
    for place in ("index.html", "feed.xml", "-/sitemap/2026-05.xml"):
        assert b"/Notes/a_b.html" in pages[place], place
    for alias in ("/old.html", "/x.php", "/?p=7", "/older/"):
        assert world.page(alias) == "301 /Notes/a_b.html"
    assert {"old.html", "x.php", "-/p/7/index.html", "older/index.html"} <= pages.keys()
    assert_same_site(world)
    world.put("posts/a.md", plain("A", permalink="/Notes/a_b/"))
    world.run()
    assert world.page("/Notes/a_b.html") == "301 /Notes/a_b/"
    assert "Notes/a_b.html.json" not in world.pages()
    assert_same_site(world)
    world.delete("posts/a.md")
    world.run()
    for path in ("/Notes/a_b/", "/Notes/a_b.html", "/old.html", "/?p=7"):
        assert world.page(path) == "410"
    assert_same_site(world)


def test_with_and_without_a_slash_it_is_one_claim(world: World) -> None:
    """Who comes later waits for it."""
    world.put("posts/a.md", plain("A", permalink="/a/b"))
    world.run()
    world.put("posts/b.md", plain("B", permalink="/a/b/"))
    world.put("posts/c.md", plain("C", permalink="/a/b.html"))
    world.run()
    assert world.source("posts/b.md").status is Status.WAITING
    assert world.source("posts/c.md").status is Status.LIVE
    assert_same_site(world)


def test_files_of_one_name_are_told_how_to_stand_apart(world: World) -> None:
    """The later one waits; with the cure in the settings both are live."""
    world.put("posts/en/hello.md", plain("Hello"))
    world.run()
    world.put("posts/zh/hello.md", plain("你好"))
    world.run()
    error = world.source("posts/zh/hello.md").error
    assert error is not None
    assert "/:section/" in error.fix
    world.put("site.yaml", "permalink: /:section/:year/:slug/\n")
    settle_down(world, 1)
    assert "你好" in (world.page("/zh/2026/hello/") or "")
    assert "Hello" in (world.page("/en/2026/hello/") or "")
    assert world.page("/2026/05/hello/") == "301 /en/2026/hello/"
    assert_same_site(world)


COMING = {
    POST: plain("X", "Of the post.", permalink="/x.html"),
    FILE: "Of the file.",
    "site.yaml": REDIRECT,
}


@pytest.mark.parametrize("order", list(permutations(COMING)))
@pytest.mark.parametrize("going", list(permutations(COMING)))
def test_one_owner_for_each_key(order: tuple[str, ...], going: tuple[str, ...]) -> None:
    """A post that claims it, a file, an administrator's redirect, a former post: in this order."""
    with worlds() as world:
        there: set[str] = set()
        for key in order:
            world.put(key, COMING[key])
            there.add(key)
            settle_down(world, 1)
            assert world.page("/x.html") == _owner(world, there), (order, key)
        for key in going:
            world.delete(key)
            there.remove(key)
            settle_down(world, 1)
            assert world.page("/x.html") == _owner(world, there), (order, going, key)
            assert_same_site(world)


def _owner(world: World, there: set[str]) -> str | None:
    """What the address shows of what is there."""
    shown = world.page("/x.html") or ""
    if POST in there:
        assert "Of the post." in shown
        return shown
    if FILE in there:
        return "Of the file."
    if "site.yaml" in there:
        return "301 /there/"
    return "410" if world.stores.claims.read("/x.html") else None


def test_a_file_behind_a_post_is_told_of(world: World) -> None:
    """It is there and not shown: its author is told whose the address is, and what to do."""
    world.put(POST, COMING[POST])
    world.put(FILE, COMING[FILE])
    world.run()
    source = world.source(FILE)
    assert (source.status, source.error and source.error.rule) == (Status.WAITING, "static.claimed")
    assert source.error is not None
    assert POST in source.error.message
    assert [mail for mail in world.mails() if FILE in mail]
    assert_same_site(world)
    world.delete(FILE)
    world.run()
    assert "Of the post." in (world.page("/x.html") or "")


def test_an_alias_comes_before_a_static_file(world: World) -> None:
    """It is claimed as the post's own address is; without it the file is there."""
    world.put(FILE, COMING[FILE])
    world.put("posts/a.md", plain("A", aliases="[/x.html]"))
    world.run()
    assert world.page("/x.html") == "301 /2026/05/a/"
    assert_same_site(world)
    world.put("posts/a.md", plain("A"))
    world.run()
    assert world.page("/x.html") == "Of the file."
    assert_same_site(world)


def test_a_static_page_and_its_index(world: World) -> None:
    """A folder of static files has the page that it brings, beside the posts of its parent."""
    world.put("static/demo/index.html", "Demo")
    world.put("static/demo/index.json", "{}")
    world.put("posts/a.md", plain("A", permalink="/demo/a/"))
    world.run()
    assert world.page("/demo/") == "Demo"
    assert world.pages()["demo/index.json"] == b"{}"
    assert_same_site(world)
    world.put("posts/b.md", plain("B", permalink="/demo/"))
    world.run()
    assert json.loads(world.pages()["demo/index.json"])["title"] == "B"
    world.delete("posts/b.md")
    world.run()
    assert (world.page("/demo/"), world.pages()["demo/index.json"]) == ("Demo", b"{}")
    assert_same_site(world)


def test_redirects_come_change_and_go(world: World) -> None:
    """Each stub follows the settings; one that is no longer asked for is taken away."""
    world.put(
        "site.yaml", "redirects:\n  /old: /new/?a=1#b\n  /shop.html: https://shop.example/é\n"
    )
    settle_down(world, 1)
    assert world.page("/old/") == "301 /new/?a=1#b"
    assert world.page("/shop.html") == "301 https://shop.example/%C3%A9"
    assert_same_site(world)
    world.put("site.yaml", "redirects: {/old/: /newer/}\n")
    settle_down(world, 2)
    assert world.page("/old/") == "301 /newer/"
    assert world.page("/shop.html") is None
    assert_same_site(world)
    world.delete("site.yaml")
    settle_down(world, 3)
    assert world.page("/old/") is None
    assert world.stores.sites.read().redirected == ()
    assert_same_site(world)


@pytest.mark.parametrize("skip", range(4))
@pytest.mark.parametrize("operation", ["SendMessage", "PutItem", "UpdateItem", "DeleteObject"])
def test_a_crash_leaves_no_stub_behind(operation: str, skip: int) -> None:
    """Whenever a worker dies while redirects go, the next delivery ends what it began."""
    with worlds() as world:
        world.put("site.yaml", "redirects: {/a/: /b/, /c/: /d/}\n")
        settle_down(world, 1)
        world.crash_at(operation, skip=skip)
        world.put("site.yaml", "redirects: {/c/: /e/}\n")
        settle_down(world, 2)
        assert world.page("/a/") is None
        assert world.page("/c/") == "301 /e/"
        assert_same_site(world)


def test_a_redirect_serves_who_asks_for_a_removed_post(world: World) -> None:
    """An administrator's word counts more than the 410 of what was there."""
    world.put("posts/a.md", plain("A", permalink="/a/"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    assert world.page("/a/") == "410"
    world.put("site.yaml", "redirects: {/a/: /elsewhere/}\n")
    settle_down(world, 1)
    assert world.page("/a/") == "301 /elsewhere/"
    assert_same_site(world)


def test_a_new_way_to_make_slugs_moves_and_refuses_nobody_in_between(world: World) -> None:
    """A version is read for the path that it was accepted with, until it is accepted anew."""
    world.put("posts/name.md", plain("A Title"))
    world.run()
    post = world.post(world.source("posts/name.md").post or "")
    assert post is not None
    world.put("site.yaml", "slug_from: title\n")
    (look,) = world.take("parse")
    world.deliver("parse", look)
    world.render.render(post.id)
    assert "A Title" in (world.page("/2026/05/name/") or "")
    settle_down(world, 1)
    assert world.page("/2026/05/name/") == "301 /2026/05/a-title/"
    assert_same_site(world)
