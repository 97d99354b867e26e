"""site.yaml changes: the whole site follows, page by page, and nothing of older settings stays."""

import json
from datetime import timedelta
from functools import partial

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork.aws.conflicts import ROUNDS
from presswork.aws.lists import MONTHS
from presswork.messages import BackfillPage
from presswork.stages.parse import backfill as module


def _old_ones(world: World, title: str) -> set[str]:
    """The objects of the site that still bear a title."""
    return {key for key, body in world.pages().items() if title.encode() in body}


def test_a_new_title_reaches_every_page() -> None:
    """Pages, lists, feeds, the error page, and the stubs of what is gone; nothing is told anew."""
    with worlds() as world:
        world.put("site.yaml", "title: Harbour\n")
        for number in range(5):
            text = plain(f"P{number}", date=f"2030-0{1 + number % 4}-01", tags="[sea]")
            world.put(f"posts/{number}.md", text)
        settle_down(world, 1)
        world.delete("posts/4.md")
        world.put("posts/3.md", plain("P3", date="2030-04-01", draft="true"))
        world.put("posts/2.md", "---\ntitle: [broken\n---\n")
        settle_down(world, 2)
        assert {"2030/01/p4/index.html", "2030/03/p2/index.html"} <= _old_ones(world, "Harbour")
        mails = len(world.mails())
        world.put("site.yaml", "title: Quayside\n")
        world.put("posts/new.md", plain("Published meanwhile", date="2020-01-01"))
        settle_down(world, 3)
        assert _old_ones(world, "Harbour") == set()
        assert "2020/01/new/index.html" in _old_ones(world, "Quayside")
        assert len(world.mails()) == mails
        assert_same_site(world)


def test_the_older_of_two_settings_is_not_noted_last() -> None:
    """Its message may be the later one: each post would make the first pages again for an hour."""
    with worlds() as world:
        world.put("posts/a.md", plain("A"))
        world.run()
        for title in ("One", "Two"):
            world.put("site.yaml", f"title: {title}\n")
            for name in ("parse", "backfill"):
                for body in world.take(name):
                    world.deliver(name, body)
        bodies = [body for body in world.take("index") if body.get("kind") == "publish_base"]
        assert len(bodies) == 2
        for body in reversed(bodies):
            world.deliver("index", body)
        state = world.stores.sites.read()
        assert state.base_published == state.build


def test_a_post_is_listed_while_others_change_what_new_settings_are_to_make() -> None:
    """It waits for its own lists alone: the site's pages of the new settings come by themselves."""
    with worlds() as world:
        world.put("posts/first.md", plain("First"))
        world.run()
        world.put("site.yaml", "title: Quayside\n")
        for body in world.take("parse"):
            world.deliver("parse", body)
        world.put("posts/second.md", plain("Second"))
        for name in ("parse", "render"):
            for body in world.take(name):
                world.deliver(name, body)
        (listing,) = world.take("index")
        for month in range(2 * ROUNDS):  # as posts of other months do
            come = world.stores.lists.put_name(MONTHS, f"20{month + 10}-01")
            world.before(
                "PutObject", "archives/index.html", partial(world.stores.write, come), skip=month
            )
        world.deliver("index", listing)
        assert "Second" in (world.page("/") or "")
        assert "post.listed" in [each["type"] for each in world.take("ear")]
        site = world.stores.sites.read()
        assert site.base_published != site.build


def test_a_backfill_goes_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message sends on one page and the next message; its progress can be read."""
    monkeypatch.setattr(module, "PAGE", 2)
    with worlds() as world:
        for number in range(5):
            world.put(f"posts/{number}.md", plain(f"P{number}", slug=f"p{number}"))
        settle_down(world, 1)
        world.delete("posts/0.md")
        world.delete("posts/1.md")
        world.run()
        world.put("site.yaml", "title: Quayside\n")
        (look,) = world.take("parse")
        world.deliver("parse", look)
        states = []
        while messages := [
            body for body in world.take("backfill") if body["kind"] == "backfill_page"
        ]:
            world.deliver("backfill", messages[0])
            state = world.stores.backfills.read()
            assert state is not None
            states.append(state)
        # Posts, on two pages with site.yaml, then those that are gone.
        assert [state.sent for state in states] == [2, 3, 3, 5, 5]
        assert [state.done for state in states] == [False, False, False, False, True]
        site = world.stores.sites.read()
        assert site.backfilled == site.build


def test_settings_that_change_again_start_one_backfill() -> None:
    """Of changes within seconds the last one's backfill is made; the others' find it on its way."""
    with worlds() as world:
        world.put("posts/a.md", plain("A"))
        settle_down(world, 1)
        for title in ("One", "Two", "Three"):
            world.put("site.yaml", f"title: {title}\n")
            for body in world.take("parse"):
                world.deliver("parse", body)
        first_pages = world.take("backfill")
        assert len(first_pages) == 3
        for body in first_pages:
            world.deliver("backfill", body)
        (going_on,) = [body for body in world.take("backfill") if body["kind"] == "backfill_page"]
        build = world.stores.sites.read().build
        assert BackfillPage.model_validate(going_on).build == build


@pytest.mark.parametrize("lost_at", range(5))
def test_a_lost_backfill_goes_on_where_it_stood(
    monkeypatch: pytest.MonkeyPatch, lost_at: int
) -> None:
    """Whichever page's message was lost, within the hour the next page follows, none comes twice.

    AWS stops a chain of one function through a queue after 16 invocations (Lambda Developer Guide,
    "Use Lambda recursive loop detection to prevent infinite loops").
    """
    monkeypatch.setattr(module, "PAGE", 2)
    with worlds() as world:
        for number in range(5):
            world.put(f"posts/{number}.md", plain(f"P{number}", slug=f"p{number}"))
        settle_down(world, 1)
        world.delete("posts/0.md")
        world.delete("posts/1.md")
        world.run()
        world.put("site.yaml", "title: Quayside\n")
        for body in world.take("parse"):
            world.deliver("parse", body)
        sent: list[str] = []
        first, pages = None, 0
        while bodies := world.take("backfill"):
            sent += [
                json.dumps(body) for body in bodies if body["kind"] in {"hint", "rerender_post"}
            ]
            for body in bodies:
                first = first or body
                if body["kind"] != "backfill_page":
                    world.deliver("backfill", body)
                elif pages != lost_at:
                    world.deliver("backfill", body)
                    world.backfill.page(BackfillPage.model_validate(first))  # too early
                    pages += 1
                else:
                    pages += 1
                    world.now += module.STALE + timedelta(seconds=1)
                    world.maintain.run(world.now)
        assert len(sent) == len(set(sent)) == 5
        settle_down(world, 2)
        assert {f"2026/05/p{number}/index.html" for number in (2, 3, 4)} <= (
            _old_ones(world, "Quayside")
        )


def test_the_same_settings_change_nothing() -> None:
    """A site.yaml written again as it is sends no post on."""
    with worlds() as world:
        world.put("site.yaml", "title: Harbour\n")
        world.put("posts/a.md", plain("A"))
        settle_down(world, 1)
        world.put("site.yaml", "title: Harbour\n# the same\n")
        (look,) = world.take("parse")
        world.deliver("parse", look)
        assert world.take("backfill") == []


def test_a_site_may_do_without_feeds_of_terms() -> None:
    """Switched off they are gone, and no page leads to one; switched on they are there again."""
    with worlds() as world:
        for number, feeds in enumerate(("{terms: true}", "{terms: false}", "{terms: true}")):
            world.put("site.yaml", f"feeds: {feeds}\n")
            world.put(f"posts/{number}.md", plain(f"P{number}", tags="[sea]", author="Ann"))
            settle_down(world, number)
            named = {key for key, body in world.pages().items() if b"tags/sea/feed.xml" in body}
            there = {key for key in world.keys("site") if key.endswith("feed.xml")}
            has_feeds = feeds == "{terms: true}"
            assert there - {"feed.xml"} == (
                {"tags/sea/feed.xml", "authors/ann/feed.xml"} if has_feeds else set()
            )
            assert bool(named) is has_feeds
            assert_same_site(world)
