"""A webhook's post inherits and takes nothing of an author's, nor of another source's."""

from collections.abc import Callable

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork.post import Status

HOOK = "posts/hooks/zapier/about.md"
OTHER_HOOK = "posts/hooks/feed/about.md"
AUTHOR = "posts/about.md"
RENAMED = "posts/us.md"
PATH = "/2026/05/about/"

Act = Callable[[World], object]


def hook(**more: str) -> str:
    """A post that a webhook brings."""
    return plain("Hooked", "Text of a source.", **{"slug": "about", **more})


def written(**more: str) -> str:
    """A post that an author wrote."""
    return plain("About", "Text of an author.", **{"slug": "about", **more})


def draft(world: World) -> None:
    """The author takes the post back for a moment."""
    world.put(AUTHOR, written(draft="true"))


def move(world: World) -> None:
    """The author gives the post another path."""
    world.put(AUTHOR, written(slug="moved"))


def remove(world: World) -> None:
    """The author deletes the post."""
    world.delete(AUTHOR)


def comes_back(world: World) -> None:
    """The author's post stands where it stood."""
    world.put(AUTHOR, written())


@pytest.mark.parametrize("order", ["create first", "delete first"])
def test_a_source_does_not_inherit_an_authors_post(order: str) -> None:
    """A webhook posts with an author's id; then the author renames the file: it stays theirs."""
    for early in (True, False):
        with worlds() as world:
            world.put(AUTHOR, written(id="about"))
            settle_down(world, 1)
            world.put(HOOK, hook(id="about", slug="hooked"))
            if early:
                world.run()
            changes: list[Act] = [
                lambda world: world.put(RENAMED, written(id="about")),
                lambda world: world.delete(AUTHOR),
            ]
            for change in changes if order == "create first" else reversed(changes):
                change(world)
                world.run()
            settle_down(world, 2)
            post = world.post("about")
            assert post is not None
            assert (post.source, post.status) == (RENAMED, Status.LIVE)
            assert "Text of an author." in (world.page(PATH) or "")
            assert world.source(HOOK).status is Status.WAITING
            assert world.page("/2026/05/hooked/") is None
            assert_same_site(world)


@pytest.mark.parametrize("lets_go", [draft, move, remove])
@pytest.mark.parametrize("is_early", [True, False])
def test_a_source_takes_no_path_that_an_author_let_go(lets_go: Act, *, is_early: bool) -> None:
    """The path of a momentary draft, of a moved and of a removed post is kept for authors."""
    with worlds() as world:
        world.put(AUTHOR, written())
        settle_down(world, 1)
        if is_early:
            world.put(HOOK, hook())
            world.run()
        lets_go(world)
        world.run()
        shown = world.page(PATH)
        assert shown in ("410", "301 /2026/05/moved/")
        world.put(HOOK, hook())
        settle_down(world, 2)
        source = world.source(HOOK)
        assert source.status is Status.WAITING
        assert source.error is not None
        assert (source.error.rule, AUTHOR in source.error.message) == ("claim.kept", True)
        assert world.page(PATH) == shown
        comes_back(world)
        settle_down(world, 3)
        assert "Text of an author." in (world.page(PATH) or "")
        assert_same_site(world)


def test_a_source_takes_nothing_of_another_source() -> None:
    """What one source removed is not another's; that source itself may bring it again."""
    with worlds() as world:
        world.put(HOOK, hook())
        settle_down(world, 1)
        world.delete(HOOK)
        settle_down(world, 2)
        world.put(OTHER_HOOK, hook())
        settle_down(world, 3)
        assert world.source(OTHER_HOOK).status is Status.WAITING
        world.put("posts/hooks/zapier/again.md", hook())
        settle_down(world, 4)
        assert world.source("posts/hooks/zapier/again.md").status is Status.LIVE


def test_a_webhooks_post_that_goes_makes_room_for_an_author_first() -> None:
    """Nobody is evicted; an author is told at once, and is the next of those who wait."""
    for name in "abcdef":
        with worlds() as world:
            world.put(HOOK, hook())
            settle_down(world, 1)
            world.put(f"posts/hooks/zapier/{name}.md", hook())
            world.run()
            world.put(AUTHOR, written())
            world.run()
            assert "Text of a source." in (world.page(PATH) or "")
            mails = [mail for mail in world.mails() if f"Not live: {AUTHOR}" in mail]
            assert len(mails) == 1
            assert HOOK in mails[0]
            world.delete(HOOK)
            settle_down(world, 2)
            assert "Text of an author." in (world.page(PATH) or "")
            assert world.source(f"posts/hooks/zapier/{name}.md").status is Status.WAITING
            assert len([mail for mail in world.mails() if f"Not live: {AUTHOR}" in mail]) == 1


def test_a_source_behind_another_in_the_line_is_woken() -> None:
    """What a source let go goes to its own next post, past those of others that wait for it."""
    own = "posts/hooks/zapier/next.md"
    with worlds() as world:
        world.put(HOOK, hook())
        settle_down(world, 1)
        for number in range(9):
            world.put(f"posts/hooks/feed/{number}.md", hook())
        world.put(own, hook())
        settle_down(world, 2)
        world.delete(HOOK)
        settle_down(world, 3)
        assert world.source(own).status is Status.LIVE
        assert_same_site(world)


def test_an_author_behind_a_source_in_the_line_is_woken() -> None:
    """Of those who wait for an author's path and id the next author gets them, not a source."""
    for number in range(6):
        with worlds() as world:
            world.put(AUTHOR, written(id="about"))
            settle_down(world, 1)
            hooks = [f"posts/hooks/zapier/{number}-{each}.md" for each in range(4)]
            for key in hooks:
                world.put(key, hook())
            world.put(RENAMED, written())
            settle_down(world, 2)
            world.delete(AUTHOR)
            settle_down(world, 3)
            assert world.source(RENAMED).status is Status.LIVE
            assert {world.source(key).status for key in hooks} == {Status.WAITING}
            assert_same_site(world)


def test_a_forgotten_path_is_anybodys() -> None:
    """An eleventh former path is nobody's: a source that waits for it is let in."""
    with worlds() as world:
        world.put(AUTHOR, written())
        settle_down(world, 1)
        world.put(AUTHOR, written(slug="s0"))
        world.put(HOOK, hook())
        settle_down(world, 2)
        assert world.source(HOOK).status is Status.WAITING
        for number in range(1, 12):
            world.put(AUTHOR, written(slug=f"s{number}"))
            world.run()
        settle_down(world, 3)
        assert world.source(HOOK).status is Status.LIVE
        assert "Text of a source." in (world.page(PATH) or "")
