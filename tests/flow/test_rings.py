"""Posts that want each other's addresses get them together, whoever is looked at first."""

import os
import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from flow.same_site import assert_same_site
from flow.test_periods import at_write
from flow.test_races import WRITES
from flow.test_same_site import settle_down, worlds
from flow.world import SITE_URL, World, plain
from presswork.authority import may_have
from presswork.aws.conflicts import ROUNDS
from presswork.events import Type
from presswork.post import Status
from presswork.stages.parse.rings import LARGEST
from presswork_cli.offline.claims import read


def put(world: World, name: str, slug: str, **more: str) -> None:
    """Uploads a post that stands at a slug."""
    world.put(f"posts/{name}.md", plain(name.upper(), f"Text of {name}.", slug=slug, **more))


def swap(world: World, names: Sequence[str]) -> None:
    """Each of the posts asks for the slug of the next one, the last for that of the first."""
    for name, following in zip(names, [*names[1:], names[0]], strict=True):
        put(world, name, f"at-{following}")


def begin(world: World, names: Sequence[str]) -> None:
    """The posts are live, each at a slug of its own."""
    for name in names:
        put(world, name, f"at-{name}")
    settle_down(world, 1)


def assert_swapped(world: World, names: Sequence[str]) -> None:
    """Each post is live where the next one was, and nothing leads elsewhere."""
    settle_down(world, 1)
    for name, following in zip(names, [*names[1:], names[0]], strict=True):
        assert world.source(f"posts/{name}.md").status is Status.LIVE
        assert f"Text of {name}." in (world.page(f"/2026/05/at-{following}/") or "")
    feed = world.pages()["feed.xml"].decode()
    assert feed.count("<entry ") == len(names)
    assert [list(world.stores.claims.waiters(f"/2026/05/at-{name}/")) for name in names] == (
        [[] for _ in names]
    )
    assert world.dead == []
    assert_same_site(world)


@pytest.mark.parametrize("names", ["ab", "ba", "abc", "cba", "abcdef"])
def test_posts_change_places(names: str) -> None:
    """Two, three and six posts that pass their slugs on in one sync are live where they want."""
    with worlds() as world:
        begin(world, names)
        swap(world, names)
        assert_swapped(world, names)


@pytest.mark.parametrize("seed", range(8))
def test_posts_change_places_in_any_order(seed: int) -> None:
    """Their events come in any order, some twice, and workers die meanwhile."""
    dice = random.Random(seed)
    with worlds() as world:
        begin(world, "abc")
        swap(world, "abc")
        world.crash_at(dice.choice(WRITES), skip=dice.randrange(6))
        world.run(dice, repeat=True)
        assert_swapped(world, "abc")


def test_a_crash_at_any_write_of_a_swap_is_mended() -> None:
    """Whatever write a worker dies before, the deliveries that follow finish the swap."""
    for operation in WRITES:
        for number in range(40):
            with worlds() as world:
                begin(world, "ab")
                swap(world, "ab")
                world.crash_at(operation, skip=number)
                assert_swapped(world, "ab")
                if world.pending_crash():
                    break
        else:
            pytest.fail(f"more than 40 calls of {operation}")


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_two_workers_at_each_write_of_a_swap(names: str) -> None:
    """Whenever the other post is looked at during the look at the first, both end live."""
    number, made = 0, [1]
    while made:
        made = []
        with worlds() as world:
            begin(world, names)
            swap(world, names)
            world.take("parse")

            def other(world: World = world, made: list[int] = made) -> None:
                made.append(1)
                world.parse.look(f"posts/{names[1]}.md")

            at_write(world, number, other)
            world.hint(f"posts/{names[0]}.md")
            world.run()
            if not made:
                world.hint(f"posts/{names[1]}.md")
            assert_swapped(world, names)
        number += 1
    assert number > 5


def test_posts_change_ids() -> None:
    """Two files that swap their explicit ids: each post goes on under the other file."""
    with worlds() as world:
        put(world, "a", "at-a", id="one")
        put(world, "b", "at-b", id="two")
        settle_down(world, 1)
        put(world, "a", "at-a", id="two")
        put(world, "b", "at-b", id="one")
        settle_down(world, 2)
        for name, id in (("a", "two"), ("b", "one")):
            post = world.fed(f"posts/{name}.md")
            assert (post.id, post.status, post.source) == (id, Status.LIVE, f"posts/{name}.md")
            assert f"Text of {name}." in (world.page(f"/2026/05/at-{name}/") or "")
        assert world.pages()["feed.xml"].count(b"<entry ") == 2
        assert_same_site(world)


def test_a_post_that_stays_is_an_obstacle_to_a_swap() -> None:
    """Who needs more than the others give up waits for that; when it is free, all change places."""
    for first, second in ("ab", "ba"):
        with worlds() as world:
            begin(world, "ab")
            put(world, "c", "at-c")
            world.run()
            for name in (first, second):
                alias = {"aliases": "[/2026/05/at-c/]"} if name == "b" else {}
                put(world, name, f"at-{'b' if name == 'a' else 'a'}", **alias)
                world.run()
            assert world.source("posts/b.md").waits_on == "/2026/05/at-c/"
            assert world.source("posts/a.md").status is Status.WAITING
            put(world, "c", "elsewhere")
            world.run()
            assert {world.source(f"posts/{n}.md").status for n in "abc"} == {Status.LIVE}
            assert world.page("/2026/05/at-c/") == "301 /2026/05/at-a/"
            assert_same_site(world)


def test_two_that_change_places_and_want_one_more_thing_both_wait() -> None:
    """A path that both want as well: neither sends the other on for ever; one lets both go."""
    with worlds() as world:
        begin(world, "ab")
        put(world, "a", "at-b", aliases="[/new/]")
        put(world, "b", "at-a", aliases="[/new/]")
        world.take("parse")
        for name in "abab":
            world.parse.look(f"posts/{name}.md")
        assert world.take("parse") == []
        settle_down(world, 2)
        assert {world.source(f"posts/{name}.md").status for name in "ab"} == {Status.WAITING}
        put(world, "b", "at-a")
        assert_swapped(world, "ab")
        assert world.page("/new/") == "301 /2026/05/at-b/"


def test_who_hands_a_post_over_changes_places_later() -> None:
    """A post that another file inherits keeps its path until that one has its own."""
    with worlds() as world:
        put(world, "e", "at-e", id="two")
        begin(world, "bc")
        put(world, "a", "at-c", id="two")
        put(world, "b", "at-e")
        world.run()
        put(world, "e", "at-b")
        settle_down(world, 2)
        assert {world.source(f"posts/{name}.md").status for name in "abe"} == {Status.WAITING}
        assert "Text of e." in (world.page("/2026/05/at-e/") or "")
        assert world.fed("posts/a.md").id == "two"
        assert_same_site(world)
        put(world, "c", "away")
        settle_down(world, 3)
        for name, slug in (("a", "at-c"), ("b", "at-e"), ("e", "at-b")):
            assert f"Text of {name}." in (world.page(f"/2026/05/{slug}/") or "")
        assert_same_site(world)


def test_a_ring_around_a_post_that_stays_apart() -> None:
    """A post that waits for two which swap goes live when one of them lets go of its slug."""
    with worlds() as world:
        begin(world, "abc")
        put(world, "a", "at-b")
        world.run()
        put(world, "c", "at-a")
        world.run()
        put(world, "b", "at-d")
        world.run()
        assert "Text of a." in (world.page("/2026/05/at-b/") or "")
        assert "Text of c." in (world.page("/2026/05/at-a/") or "")
        assert_same_site(world)


def test_a_ring_too_long_is_told() -> None:
    """More than six posts wait on, and each says for whom; with one moved away, all are live."""
    names = "abcdefg"
    assert len(names) > LARGEST
    with worlds() as world:
        begin(world, names)
        swap(world, names)
        settle_down(world, 2)
        for name in names:
            source = world.source(f"posts/{name}.md")
            assert source.status is Status.WAITING
            assert source.error is not None
            assert source.error.rule == "claim.ring"
            assert all(f"posts/{each}.md" in source.error.message for each in names)
            assert f"Text of {name}." in (world.page(f"/2026/05/at-{name}/") or "")
        told = world.types()["post.waiting"]
        for name in names:
            world.hint(f"posts/{name}.md")
        settle_down(world, 3)
        assert world.types()["post.waiting"] == told
        put(world, "a", "away")
        settle_down(world, 4)
        put(world, "a", "at-b")
        assert_swapped(world, names)


def test_too_many_addresses_for_one_transaction_are_told() -> None:
    """Three posts that change all of twenty aliases: DynamoDB takes 100 writes at once."""

    def aliased(world: World, name: str, at: str, age: str) -> None:
        aliases = ", ".join(f"/{age}/{name}/{number}/" for number in range(20))
        put(world, name, f"at-{at}", aliases=f"[{aliases}]")

    with worlds() as world:
        for name in "abc":
            aliased(world, name, name, "old")
        world.run()
        for name, following in ("ab", "bc", "ca"):
            aliased(world, name, following, "new")
        settle_down(world, 2)
        errors = [world.source(f"posts/{name}.md").error for name in "abc"]
        assert [error and error.rule for error in errors] == ["claim.ring"] * 3
        swap(world, "abc")
        assert_swapped(world, "abc")


def test_a_source_in_a_ring_takes_nothing_of_an_author() -> None:
    """An author and a webhook's post that want each other's paths both wait, and are told."""
    hook = "posts/hooks/zapier/h.md"
    with worlds() as world:
        put(world, "a", "at-a")
        world.put(hook, plain("H", "Text of h.", slug="at-h"))
        settle_down(world, 1)
        put(world, "a", "at-h")
        world.put(hook, plain("H", "Text of h.", slug="at-a"))
        settle_down(world, 2)
        assert world.source("posts/a.md").status is Status.WAITING
        assert world.source(hook).status is Status.WAITING
        assert "Text of a." in (world.page("/2026/05/at-a/") or "")


KEYS = (*(f"posts/{name}.md" for name in "abcde"), "posts/hooks/zapier/h.md")


def invented(dice: random.Random) -> str:
    """A post that wants a few of few names."""
    more = {"slug": dice.choice("uvwxyz")}
    if dice.random() < 0.2:
        more["id"] = dice.choice(["one", "two", "three"])
    if dice.random() < 0.2:
        more["aliases"] = f"[/2026/05/{dice.choice('uvwxyz')}/]"
    if dice.random() < 0.1:
        more["draft"] = "true"
    return plain("Title", f"Words {dice.random()}.", **more)


def wanted(world: World, key: str) -> tuple[str, ...]:
    """The names that the post of a key is to hold."""
    found = world.content.get(key, most=100_000)
    assert found is not None
    settings = world.stores.sites.read().effective(SITE_URL)
    return read(key, found.data, settings, "", uploaded=world.now, now=world.now).claims


def could_go(world: World, keys: Sequence[str]) -> bool:
    """Whether these keys could have all that they want, each of it from one of them or free."""
    names = [name for key in keys for name in wanted(world, key)]
    if len(names) != len(set(names)):
        return False
    for key in keys:
        for name in wanted(world, key):
            holder = world.stores.claims.read(name)
            if holder is None:
                continue
            feeder = holder.source
            if holder.held:
                post = world.post(holder.post)
                feeder = post.source if post is not None else feeder
                if feeder not in keys:
                    return False
            if not may_have(key, feeder):
                return False
    return True


@pytest.mark.parametrize("seed", range(int(os.environ.get("SOAK", "12"))))
def test_nobody_waits_who_could_go(seed: int) -> None:
    """After any history no set of the posts that wait could be live at once."""
    dice = random.Random(seed)
    with worlds() as world:
        there: set[str] = set()
        for _ in range(30):
            key = dice.choice(KEYS)
            if key in there and dice.random() < 0.15:
                world.delete(key)
                there.discard(key)
            else:
                world.put(key, invented(dice))
                there.add(key)
            if dice.random() < 0.1:
                world.crash_at(dice.choice(WRITES), skip=dice.randrange(4))
            if dice.random() < 0.4:
                world.run(dice, repeat=dice.random() < 0.2)
        settle_down(world, seed)
        waiting = [key for key in sorted(there) if world.source(key).status is Status.WAITING]
        for size in range(1, len(waiting) + 1):
            for keys in combinations(waiting, size):
                assert not could_go(world, keys), keys
        assert_same_site(world)


def test_who_meets_another_ring_than_the_one_it_saw_waits_and_is_told() -> None:
    """Its own ring cannot go, for it wants what an outsider holds, who waits for it as well.

    Before, it was written again at each try, and ended as a dead letter.
    """
    with worlds() as world:
        begin(world, "abc")
        put(world, "b", "at-a")
        world.run()
        put(world, "c", "at-c", aliases="[/2026/05/at-a/]")
        world.run()
        before = world.source("posts/a.md").lock_version
        put(world, "a", "at-b", aliases="[/2026/05/at-c/]")
        world.run()
        assert world.dead == []
        assert world.source("posts/a.md").lock_version - before < ROUNDS
        waiting = [e.data.key for e in world.announced if e.type is Type.WAITING]
        assert "posts/a.md" in waiting
        settle_down(world, 1)
        assert_same_site(world)
