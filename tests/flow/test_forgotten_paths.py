"""Of a post's many former paths the oldest are forgotten: nothing is left at them."""

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain

ALIASES = [f"/old/{number}/" for number in range(20)]
ALL = f"[{', '.join(ALIASES)}]"


def stubs(world: World) -> dict[str, str]:
    """The aliases that answer, and what."""
    found = {path: world.page(path) for path in ALIASES}
    return {path: answer for path, answer in found.items() if answer is not None}


@pytest.mark.parametrize("look_twice", [False, True])
def test_aliases_beyond_ten_leave_no_stub(look_twice: bool) -> None:
    """Twenty aliases, later none and a new slug: ten redirect; after a delete those answer 410."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", slug="a", aliases=ALL))
        settle_down(world, 1)
        assert len(stubs(world)) == 20
        world.put("posts/a.md", plain("A", slug="b"))
        if look_twice:  # before anything is rendered
            world.parse.look("posts/a.md")
            world.parse.look("posts/a.md")
        settle_down(world, 2)
        assert set(stubs(world).values()) == {"301 /2026/05/b/"}
        owned = {path for path in ALIASES if world.stores.claims.read(path) is not None}
        assert stubs(world).keys() == owned
        assert owned < set(world.fed("posts/a.md").paths)
        assert_same_site(world)
        world.delete("posts/a.md")
        settle_down(world, 3)
        assert set(stubs(world).values()) == {"410"}
        assert world.page("/2026/05/b/") == "410"


def test_a_crash_after_paths_were_forgotten_leaves_no_stub() -> None:
    """A worker that dies before it is heard: the next look has the forgotten paths cleared."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", slug="a", aliases=ALL))
        settle_down(world, 1)
        world.put("posts/a.md", plain("A", slug="b"))
        world.crash_at("SendMessage")
        settle_down(world, 2)
        assert not world.pending_crash()
        assert len(stubs(world)) == 9  # the tenth is the path before
