"""Links between sources: they lead to the page of their target, whatever comes first."""

import json

import pytest

from flow.same_site import assert_same_site
from flow.test_periods import at_write, worlds
from flow.world import World, plain
from presswork.stages.render import links

DATE = "2026-04-01"


def post(title: str, body: str = "Words.", **more: str) -> str:
    """A post with a slug of its title."""
    return plain(title, body, **{"date": DATE, "slug": title.lower(), **more})


def settle(world: World) -> None:
    """Delivers all that is under way, and what comes a minute later."""
    world.run()
    world.later(minutes=2)
    world.run()


def shown(world: World, name: str = "a") -> str:
    """The text of a page's article."""
    page = world.pages()[f"2026/04/{name}/index.html"].decode()
    return page.partition("<article")[2].partition("</article>")[0].replace(REL, "")


REL = ' rel="noopener noreferrer"'
LINK = '<a href="/2026/04/b/">b</a>'
LINKED = post("A", "See [b](b.md).")


def test_a_link_leads_to_a_target_that_was_there(world: World) -> None:
    """The page, its data and the feeds name the address of the target."""
    world.put("posts/b.md", post("B"))
    settle(world)
    world.put("posts/a.md", LINKED)
    settle(world)
    assert LINK in shown(world)
    data = json.loads(world.pages()["2026/04/a/index.json"])
    assert '<a href="https://site.example/2026/04/b/"' in data["html"]
    assert b"&lt;a href=&#34;https://site.example/2026/04/b/" in world.pages()["feed.xml"]
    assert_same_site(world)


def test_a_page_of_links_goes_live_while_its_targets_come(world: World) -> None:
    """The contents of a folder are uploaded with it: what moves at every look is left for later."""
    names = [f"t{each:02}" for each in range(12)]
    world.put("posts/a.md", post("A", " ".join(f"[{name}]({name}.md)" for name in names)))
    for body in world.take("parse"):
        world.deliver("parse", body)
    coming = iter(names)

    def come() -> None:
        if (name := next(coming, None)) is None:
            return
        world.put(f"posts/{name}.md", post(name.upper()))
        for queue in ("parse", "render"):
            for body in world.take(queue):
                if "handle" not in body:  # which is to come a minute later
                    world.deliver(queue, body)
        world.before("UpdateItem", "links", come)

    world.before("UpdateItem", "links", come)
    (ready,) = world.take("render")
    world.deliver("render", ready)
    assert world.page("/2026/04/a/") is not None
    settle(world)
    assert all(f'href="/2026/04/{name}/"' in shown(world) for name in names)
    assert_same_site(world)


def test_a_post_is_not_known_by_what_it_links_to_no_more(world: World) -> None:
    """Also when its message comes twice, and the other is between two looks at the new links."""
    world.put("posts/a.md", LINKED)
    world.put("posts/b.md", post("B"))
    settle(world)
    handles = world.fed("posts/a.md").links.handles
    world.put("posts/a.md", post("A", "See [c](c.md)."))
    for body in world.take("parse"):
        world.deliver("parse", body)
    (ready,) = world.take("render")

    def come() -> None:
        world.put("posts/c.md", post("C"))
        for name in ("parse", "render"):
            for body in world.take(name):
                world.deliver(name, body)
        world.before("UpdateItem", "links", lambda: world.deliver("render", ready))

    world.before("UpdateItem", "links", come)
    world.deliver("render", ready)
    settle(world)
    assert [list(world.stores.links.referrers(each, limit=5)) for each in handles] == [[]] * len(
        handles
    )


def test_a_link_leads_to_a_target_that_comes_later(world: World) -> None:
    """Until then the words stand without a link; then page, data and feeds have one."""
    world.put("posts/a.md", LINKED)
    settle(world)
    assert "See b." in shown(world)
    world.put("posts/b.md", post("B"))
    settle(world)
    assert LINK in shown(world)
    assert b"&lt;a href=&#34;https://site.example/2026/04/b/" in world.pages()["feed.xml"]
    assert_same_site(world)


def test_a_link_follows_its_target(world: World) -> None:
    """Moved, unpublished, deleted, undeleted: the link is what its target is."""
    world.put("posts/b.md", post("B"))
    world.put("posts/a.md", LINKED)
    settle(world)
    for target, expected in (
        (post("B", slug="c"), '<a href="/2026/04/c/">b</a>'),
        (post("B", draft="true"), "See b."),
        (post("B"), LINK),
    ):
        world.put("posts/b.md", target)
        settle(world)
        assert expected in shown(world)
        assert_same_site(world)
    marker = world.delete("posts/b.md")
    settle(world)
    assert "See b." in shown(world)
    world.undelete("posts/b.md", marker)
    settle(world)
    assert LINK in shown(world)
    assert_same_site(world)


def test_a_source_that_moved_is_no_target_where_it_was(world: World) -> None:
    """A link by a file's name leads nowhere once the file has another; one by its title goes on."""
    world.put("posts/b.md", post("B", id="mine"))
    world.put("posts/a.md", post("A", "[one](b.md) [two](@name:B)"))
    settle(world)
    assert shown(world).count('href="/2026/04/b/"') == 2
    world.put("posts/sub/other.md", post("B", id="mine"))
    world.delete("posts/b.md")
    settle(world)
    assert shown(world).count('href="/2026/04/b/"') == 1
    assert_same_site(world)


def test_an_edit_of_a_target_touches_nobody(world: World) -> None:
    """No referrer is looked at when its target's address stays."""
    world.put("posts/b.md", post("B"))
    world.put("posts/a.md", LINKED)
    settle(world)
    world.put("posts/b.md", post("B", "Other words."))
    world.run()
    assert world.fed("posts/b.md").pending_render.known == ()
    world.calls.clear()
    world.later(minutes=2)
    world.run()
    assert world.calls.total() == 0


def test_a_link_by_name_prefers_the_same_folder(world: World) -> None:
    """Of two notes of one name the one beside leads; without one the less deep does."""
    world.put("posts/x/note.md", post("X"))
    world.put("posts/deep/y/note.md", post("Y"))
    world.put("posts/deep/y/a.md", post("A", "[n](@name:Note)"))
    world.put("posts/c.md", post("C", "[n](@name:NOTE)"))
    settle(world)
    assert '<a href="/2026/04/y/">n</a>' in shown(world, "a")
    assert '<a href="/2026/04/x/">n</a>' in shown(world, "c")
    assert_same_site(world)


def test_a_source_of_a_webhook_takes_no_link_of_an_author(world: World) -> None:
    """What comes through a webhook is of the lowest rank, however little deep it is."""
    world.put("posts/hooks/x/note.md", post("Hooked"))
    world.put("posts/a/b/c/note.md", post("Own"))
    world.put("posts/a.md", post("A", "[n](@name:note)"))
    settle(world)
    assert '<a href="/2026/04/own/">n</a>' in shown(world)


def test_a_post_that_links_no_more_is_forgotten(world: World) -> None:
    """A target that moves tells only those that link to it now."""
    world.put("posts/b.md", post("B"))
    world.put("posts/a.md", LINKED)
    settle(world)
    handle = "key:posts/b"
    assert world.stores.links.referrers(handle, limit=9) == [world.fed("posts/a.md").id]
    world.put("posts/a.md", post("A"))
    settle(world)
    assert world.stores.links.referrers(handle, limit=9) == []
    world.put("posts/a.md", LINKED)
    settle(world)
    world.delete("posts/a.md")
    settle(world)
    assert world.stores.links.referrers(handle, limit=9) == []


def test_a_link_to_itself_and_a_part_of_a_page(world: World) -> None:
    """A post may link to itself, and a fragment stays behind the address."""
    world.put("posts/b.md", post("B"))
    world.put("posts/a.md", post("A", "[me](a.md#x) [part](b.md#y)"))
    settle(world)
    assert 'href="/2026/04/a/#x"' in shown(world)
    assert 'href="/2026/04/b/#y"' in shown(world)


@pytest.mark.parametrize("skip", range(6))
@pytest.mark.parametrize(
    "operation", ["UpdateItem", "PutItem", "TransactWriteItems", "SendMessage"]
)
def test_a_crash_loses_no_link(world: World, operation: str, skip: int) -> None:
    """Whatever call a worker dies before, links are right in the end."""
    world.put("posts/a.md", LINKED)
    settle(world)
    world.put("posts/b.md", post("B"))
    world.crash_at(operation, skip=skip)
    for _ in range(3):
        world.run()
        world.later(minutes=6)
    world.run()
    assert LINK in shown(world)
    assert_same_site(world)


def test_many_referrers_are_sent_on_page_by_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page has a message of its own, which names where the next begins."""
    monkeypatch.setattr(links, "_PAGE", 2)
    for number in range(5):
        world.put(f"posts/p{number}.md", post(f"P{number}", "[b](b.md)"))
    settle(world)
    world.put("posts/b.md", post("B"))
    settle(world)
    for number in range(5):
        assert LINK in shown(world, f"p{number}")


@pytest.mark.parametrize("known", [True, False], ids=["edited", "new"])
@pytest.mark.parametrize("comes", [True, False], ids=["comes", "goes"])
def test_a_target_may_come_and_go_at_any_write(comes: bool, known: bool) -> None:
    """Whatever another worker has done in between, and told, the link is right in the end."""
    number, acted = 0, [1]
    while acted:
        acted = []
        with worlds(9) as world:
            if known:
                world.put("posts/a.md", LINKED)
            if not comes:
                world.put("posts/b.md", post("B"))
            settle(world)

            def act(world: World = world, acted: list[int] = acted) -> None:
                acted.append(1)
                if comes:
                    world.put("posts/b.md", post("B"))
                else:
                    world.delete("posts/b.md")
                work_on(world)

            at_write(world, number, act)
            world.put("posts/a.md", post("A", "See [b](b.md) again."))
            settle(world)
            settle(world)
            if acted:
                assert (LINK in shown(world)) is comes, number
                assert_same_site(world)
        number += 1
    assert number > 10


@pytest.mark.parametrize("looks", [1, links.LOOKS])
def test_a_target_that_comes_back_while_it_is_missed_is_linked_to(
    monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    """At any write of the worker that takes the link away, and whatever is told meanwhile.

    The next look sees it; behind the last one a message does.
    """
    monkeypatch.setattr(links, "LOOKS", looks)
    number, acted = 0, [1]
    while acted:
        acted = []
        with worlds(9) as world:
            world.put("posts/a.md", LINKED)
            world.put("posts/b.md", post("B"))
            settle(world)
            world.delete("posts/b.md")

            def act(world: World = world, acted: list[int] = acted) -> None:
                acted.append(1)
                world.put("posts/b.md", post("B"))
                work_on(world)

            at_write(world, number, act)
            settle(world)
            settle(world)
            if acted:
                assert LINK in shown(world), number
                assert_same_site(world)
        number += 1
    assert number > 10


def work_on(world: World) -> None:
    """Another worker, who does all that waits by now and a minute later."""
    for _ in range(2):
        while bodies := [(n, body) for n in ("parse", "render", "index") for body in world.take(n)]:
            for name, body in bodies:
                world.deliver(name, body)
        world.later(minutes=2)
