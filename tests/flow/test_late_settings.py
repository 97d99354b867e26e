"""A post that is committed under settings which are no longer in force is made again."""

from collections.abc import Callable

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import Origin, World, picture, plain
from presswork.messages import BackfillPage
from presswork.post import Status

SETTINGS = "title: Quayside\ncategories: parallel\ntimezone: Asia/Shanghai\n"
POST = {"date": "2026-04-30 20:00:00 +0000", "categories": "[news, port]", "slug": "a"}


def deliver_backfill(world: World) -> None:
    """All that is on its way to parse is done, and what comes of it there."""
    for _ in range(4):
        for name in ("parse", "backfill"):
            for body in world.take(name):
                world.deliver(name, body)
    state = world.stores.sites.read()
    assert state.backfilled == state.build


def change_settings(world: World) -> None:
    """Other settings are put in force, and their backfill goes through every key, to its end."""
    world.put("site.yaml", SETTINGS)
    deliver_backfill(world)
    state = world.stores.sites.read()
    assert state.site.title == "Quayside"


def rebuild(world: World) -> None:
    """An operator has the site made again, and the backfill goes through every key."""
    site = world.stores.sites.read()
    update = {"rebuild": site.rebuild + 1, "lock_version": site.lock_version + 1}
    world.stores.sites.commit(site.model_copy(update=update))
    world.backfill.page(BackfillPage(build=world.stores.sites.read().build))
    deliver_backfill(world)


@pytest.mark.parametrize("change", [change_settings, rebuild])
def test_what_changes_while_a_post_goes_live_holds_for_it(change: Callable[[World], None]) -> None:
    """A worker of render read the older build; a whole backfill passes before its transaction."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", **POST))
        for body in world.take("parse"):
            world.deliver("parse", body)
        world.before("TransactWriteItems", "live", lambda: change(world))
        settle_down(world, 2)
        live = world.fed("posts/a.md").live
        assert live is not None
        assert live.build == world.stores.sites.read().build
        assert_same_site(world)


@pytest.mark.parametrize("has_images", [False, True])
@pytest.mark.parametrize("operation", ["TransactWriteItems", "PutObject", "Publish"])
def test_a_first_publication_that_is_rejected_meanwhile_has_the_newest_settings(
    operation: str, *, has_images: bool, origin: Origin
) -> None:
    """In flight, its newest file rejected, then other settings: lists and pages are of these."""
    origin.files["/home.jpg"] = picture()
    body = "![x](http://images.example/home.jpg)" if has_images else "Words."
    for skip in range(6):
        with worlds() as world:
            world.put("posts/a.md", plain("A", body, **POST))
            for message in world.take("parse"):
                world.deliver("parse", message)

            def reject(world: World = world) -> None:
                world.put("posts/a.md", "---\ntitle: [unclosed\n---\n")
                for message in world.take("parse"):
                    world.deliver("parse", message)
                change_settings(world)

            world.before(operation, "", reject, skip=skip)
            settle_down(world, 2)
            if world.pending_crash():
                break
            assert world.source("posts/a.md").status is Status.REJECTED
            live = world.fed("posts/a.md").live
            assert live is not None
            assert live.build == world.stores.sites.read().build
            assert b"Quayside" in world.pages()["2026/04/a/index.html"]
            assert b"2026/04/a/" in world.pages()["index.html"]
            assert_same_site(world)
    assert skip > 0
