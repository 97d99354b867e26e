"""A source with `authority: author` claims names as authors do, for as long as settings say so."""

from collections.abc import Callable
from itertools import combinations

import pytest

from flow.same_site import assert_same_site
from flow.test_authority import AUTHOR, HOOK, OTHER_HOOK, PATH, hook, written
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork.post import Error, Status

AS_AUTHOR = "sources: {zapier: {authority: author}}\n"
AS_SOURCE = "sources: {zapier: {authority: source}}\n"
OF_SOURCE, OF_AUTHOR = "Text of a source.", "Text of an author."

Step = Callable[[World], object]


def grant(world: World) -> None:
    """The source ranks with authors."""
    world.put("site.yaml", AS_AUTHOR)


def withdraw(world: World) -> None:
    """The source ranks below authors again."""
    world.put("site.yaml", AS_SOURCE)


def post(world: World) -> None:
    """The source brings its post, or brings it again."""
    world.put(HOOK, hook())


def take_back(world: World) -> None:
    """The source deletes its post."""
    world.delete(HOOK)


def write(world: World) -> None:
    """The author's post stands where it stood."""
    world.put(AUTHOR, written())


def remove(world: World) -> None:
    """The author deletes the post."""
    world.delete(AUTHOR)


def told(world: World, key: str) -> tuple[Status, str | None]:
    """The status of a source of posts, and the rule of its error."""
    found = world.source(key)
    return found.status, found.error.rule if found.error else None


def test_a_source_as_an_author_takes_what_an_author_let_go() -> None:
    """What waited as a source goes live once it ranks with authors, with no other change."""
    with worlds() as world:
        write(world)
        settle_down(world, 1)
        remove(world)
        settle_down(world, 2)
        post(world)
        world.run()
        assert told(world, HOOK) == (Status.WAITING, "claim.kept")
        grant(world)
        settle_down(world, 3)
        assert told(world, HOOK) == (Status.LIVE, None)
        assert OF_SOURCE in (world.page(PATH) or "")
        assert_same_site(world)


@pytest.mark.parametrize("author_is_first", [True, False])
def test_who_comes_first_keeps_it(*, author_is_first: bool) -> None:
    """An author and a source that ranks with authors wait for each other as two authors do."""
    first, second = (write, post) if author_is_first else (post, write)
    waiting = HOOK if author_is_first else AUTHOR
    with worlds() as world:
        grant(world)
        settle_down(world, 1)
        first(world)
        settle_down(world, 2)
        second(world)
        world.run()
        assert told(world, waiting) == (Status.WAITING, "claim.held")
        settle_down(world, 3)
        assert (OF_AUTHOR if author_is_first else OF_SOURCE) in (world.page(PATH) or "")
        world.delete(HOOK if waiting == AUTHOR else AUTHOR)
        settle_down(world, 4)
        assert told(world, waiting) == (Status.LIVE, None)
        assert_same_site(world)


def test_another_source_gains_nothing() -> None:
    """Who ranks with authors is said by name; what is such a source's is an author's to others."""
    with worlds() as world:
        grant(world)
        post(world)
        settle_down(world, 1)
        take_back(world)
        settle_down(world, 2)
        world.put(OTHER_HOOK, hook())
        settle_down(world, 3)
        assert told(world, OTHER_HOOK) == (Status.WAITING, "claim.kept")


@pytest.mark.parametrize("heir", [AUTHOR, HOOK])
def test_an_id_goes_from_one_to_the_other(heir: str) -> None:
    """The same explicit id on two keys is one post that moves, whichever of the two wrote it."""
    first = HOOK if heir == AUTHOR else AUTHOR
    texts = {AUTHOR: written(id="about"), HOOK: hook(id="about")}
    with worlds() as world:
        grant(world)
        world.put(first, texts[first])
        settle_down(world, 1)
        world.put(heir, texts[heir])
        settle_down(world, 2)
        world.delete(first)
        settle_down(world, 3)
        found = world.post("about")
        assert found is not None
        assert (found.source, found.status) == (heir, Status.LIVE)
        assert_same_site(world)


def test_it_changes_places_with_an_author() -> None:
    """Posts that wait for each other in a ring go together, whichever of them an author wrote.

    What an author let go of the source may take at the same time.
    """
    moved, old = "/2026/05/moved/", "/2026/05/old/"
    with worlds() as world:
        grant(world)
        world.put("posts/old.md", written(slug="old"))
        world.run()
        world.delete("posts/old.md")
        write(world)
        world.put(HOOK, hook(slug="moved"))
        settle_down(world, 1)
        world.put(AUTHOR, written(slug="moved"))
        world.run()
        world.put(HOOK, hook(aliases=f"[{old}]"))
        settle_down(world, 2)
        assert OF_SOURCE in (world.page(PATH) or "")
        assert world.page(old) == f"301 {PATH}"
        assert OF_AUTHOR in (world.page(moved) or "")
        assert_same_site(world)


def test_what_it_holds_stays_its_own_when_the_authority_is_withdrawn() -> None:
    """Its page stays up; an author who waits for it is told at once, and is the next."""
    with worlds() as world:
        grant(world)
        post(world)
        settle_down(world, 1)
        write(world)
        world.run()
        assert told(world, AUTHOR) == (Status.WAITING, "claim.held")
        withdraw(world)
        settle_down(world, 2)
        assert OF_SOURCE in (world.page(PATH) or "")
        assert told(world, AUTHOR) == (Status.WAITING, "claim.source")
        assert "from a webhook" in " ".join(world.mails()[-1].replace("=\r\n", "").split())
        take_back(world)
        settle_down(world, 3)
        assert OF_AUTHOR in (world.page(PATH) or "")
        assert_same_site(world)


def test_what_was_an_authors_returns_to_authors() -> None:
    """A source that took an author's path as an author lets go of it for good once it is none."""
    with worlds() as world:
        write(world)
        settle_down(world, 1)
        grant(world)
        remove(world)
        settle_down(world, 2)
        post(world)
        settle_down(world, 3)
        withdraw(world)
        settle_down(world, 4)
        assert OF_SOURCE in (world.page(PATH) or "")
        take_back(world)
        settle_down(world, 5)
        post(world)
        settle_down(world, 6)
        assert told(world, HOOK) == (Status.WAITING, "claim.kept")
        error = world.source(HOOK).error
        assert isinstance(error, Error)
        assert f"was {AUTHOR}'s, and is kept for the site's authors" in error.message
        assert world.page(PATH) == "410"
        write(world)
        settle_down(world, 7)
        assert OF_AUTHOR in (world.page(PATH) or "")
        assert_same_site(world)


def test_a_post_that_moves_within_its_source_keeps_whose_its_path_was() -> None:
    """An id that is handed over does not make an author's path the source's own."""
    moved = "posts/hooks/zapier/moved.md"
    with worlds() as world:
        write(world)
        settle_down(world, 1)
        grant(world)
        remove(world)
        settle_down(world, 2)
        world.put(HOOK, hook(id="us"))
        settle_down(world, 3)
        withdraw(world)
        settle_down(world, 4)
        world.put(moved, hook(id="us"))
        world.run()
        take_back(world)
        settle_down(world, 5)
        assert told(world, moved) == (Status.LIVE, None)
        world.delete(moved)
        settle_down(world, 6)
        post(world)
        settle_down(world, 7)
        assert told(world, HOOK) == (Status.WAITING, "claim.kept")
        assert_same_site(world)


def test_what_was_nobodys_before_is_the_sources_own() -> None:
    """What it deletes it may bring again, as before it ranked with authors."""
    with worlds() as world:
        grant(world)
        post(world)
        settle_down(world, 1)
        withdraw(world)
        settle_down(world, 2)
        take_back(world)
        settle_down(world, 3)
        post(world)
        settle_down(world, 4)
        assert told(world, HOOK) == (Status.LIVE, None)
        assert_same_site(world)


def test_what_it_asked_for_elsewhere_it_gives_up() -> None:
    """A path outside its folder is its own only as an author; then it leads to where it stands."""
    with worlds() as world:
        grant(world)
        world.put(HOOK, hook(permalink="/company/"))
        settle_down(world, 1)
        assert OF_SOURCE in (world.page("/company/") or "")
        withdraw(world)
        settle_down(world, 2)
        assert OF_SOURCE in (world.page(PATH) or "")
        assert world.page("/company/") == f"301 {PATH}"
        world.put(AUTHOR, written(permalink="/company/"))
        settle_down(world, 3)
        assert OF_AUTHOR in (world.page("/company/") or "")
        assert_same_site(world)


STEPS: tuple[Step, ...] = (remove, grant, post, withdraw, take_back, post)


EARLIER = range(len(STEPS) - 2)


@pytest.mark.parametrize(
    "runs", [set(r) for n in (0, 1, 2, 3, 4) for r in combinations(EARLIER, n)]
)
def test_however_looks_and_settings_meet(runs: set[int]) -> None:
    """Once its post was seen to be gone it has an author's path no more, whatever was seen before.

    `runs` are the steps after which all is looked at; the last but one always is.
    """
    with worlds() as world:
        write(world)
        settle_down(world, 1)
        for number, step in enumerate(STEPS):
            step(world)
            if number in runs or number == len(EARLIER):
                world.run()
        settle_down(world, 2)
        assert told(world, HOOK)[0] is Status.WAITING
        assert OF_SOURCE not in (world.page(PATH) or "")
        write(world)
        settle_down(world, 3)
        assert OF_AUTHOR in (world.page(PATH) or "")
        assert_same_site(world)


@pytest.mark.parametrize("change", [grant, withdraw])
def test_a_look_under_settings_that_change_meanwhile_is_made_again(change: Step) -> None:
    """It was committed by the authority of before; what it decided is what settings say now."""
    with worlds() as world:
        (withdraw if change is grant else grant)(world)
        settle_down(world, 1)
        write(world)
        settle_down(world, 2)
        remove(world)
        settle_down(world, 3)
        post(world)

        def meanwhile() -> None:
            change(world)
            for body in world.take("parse"):
                world.deliver("parse", body)

        world.before("TransactWriteItems", HOOK, meanwhile)
        settle_down(world, 4)
        # What it had before the authority went it keeps.
        assert told(world, HOOK) == (Status.LIVE, None)
        assert_same_site(world)


def test_defaults_reach_posts_that_are_there(world: World) -> None:
    """A default that is new is a change of settings: pages and lists follow, an own word stays."""
    world.put("posts/hooks/zapier/a.md", plain("Quiet", slug="a"))
    world.put("posts/hooks/zapier/b.md", plain("Own", slug="b", tags="[mine]"))
    world.run()
    assert world.page("/tags/release/") is None
    world.put("site.yaml", "sources: {zapier: {defaults: {tags: [release]}}}\n")
    world.run()
    listed = world.page("/tags/release/") or ""
    assert "Quiet" in listed
    assert "Own" not in listed
    assert "Own" in (world.page("/tags/mine/") or "")
    world.put("site.yaml", "title: Without\n")
    world.run()
    assert world.page("/tags/release/") is None
