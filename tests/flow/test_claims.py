"""A path, an alias and an explicit id belong to one post; who comes later waits."""

from flow.world import World, plain
from presswork.post import Status


def test_two_posts_on_one_path(world: World) -> None:
    """The second post waits, with the holder's name, and its author is told; the first stays."""
    world.put("posts/a.md", plain("A", "Text of A.", slug="x"))
    world.run()
    world.put("posts/b.md", plain("B", "Text of B.", slug="x"))
    world.run()
    assert "Text of A." in (world.page("/2026/05/x/") or "")
    waiting = world.source("posts/b.md")
    assert waiting.status is Status.WAITING
    assert waiting.error is not None
    assert "posts/a.md" in waiting.error.message
    assert world.types()["post.waiting"] == 1


def test_the_waiter_takes_over(world: World) -> None:
    """When the holder of a path goes, the post that waits for it goes live there."""
    world.put("posts/a.md", plain("A", "Text of A.", slug="x"))
    world.put("posts/b.md", plain("B", "Text of B.", slug="x"))
    world.run()
    first, second = ("a", "b") if world.source("posts/a.md").status is Status.LIVE else ("b", "a")
    world.delete(f"posts/{first}.md")
    world.run()
    assert f"Text of {second.upper()}." in (world.page("/2026/05/x/") or "")
    assert world.source(f"posts/{second}.md").status is Status.LIVE
    assert list(world.stores.claims.waiters("/2026/05/x/")) == []


def test_a_renamed_file_keeps_its_path(world: World) -> None:
    """`mv` creates B before it deletes A: B ends live on the path that both name, listed once."""
    text = plain("Moved", "The same words.", slug="moved")
    world.put("posts/a.md", text)
    world.run()
    world.put("posts/b.md", text)
    world.delete("posts/a.md")
    world.run()
    assert "The same words." in (world.page("/2026/05/moved/") or "")
    assert world.source("posts/b.md").status is Status.LIVE
    assert world.pages()["feed.xml"].count(b"<entry ") == 1
    assert world.pages()["index.html"].count(b"/2026/05/moved/") == 1


def test_an_explicit_id_is_handed_over(world: World) -> None:
    """A renamed file that names its id stays the same post: never down, told once."""
    text = plain("Same", "The same words.", id="the-post", slug="same")
    world.put("posts/a.md", text)
    world.run()
    world.put("posts/b.md", text)
    world.run()
    assert world.source("posts/b.md").status is Status.WAITING
    world.delete("posts/a.md")
    world.run()
    post = world.fed("posts/b.md")
    assert post.id == "the-post"
    assert post.source == "posts/b.md"
    assert post.live is not None
    assert post.live.up
    assert post.live.source == "posts/b.md"
    assert "The same words." in (world.page("/2026/05/same/") or "")
    assert world.types()["post.removed"] == 0
    world.delete("posts/b.md")
    world.run()
    assert world.page("/2026/05/same/") == "410"


def test_an_heir_that_changed_its_mind_leaves_nothing(world: World) -> None:
    """A key that inherited a post and names another id by then takes the post down."""
    text = plain("Same", "The same words.", id="the-post", slug="same")
    world.put("posts/a.md", text)
    world.run()
    world.put("posts/b.md", text)
    world.run()
    world.delete("posts/a.md")
    world.parse.look("posts/a.md")  # hands over; the hint for b is under way
    world.put("posts/b.md", plain("Other", "Other words.", id="another", slug="other"))
    world.run()
    assert world.page("/2026/05/same/") == "410"
    assert "Other words." in (world.page("/2026/05/other/") or "")


def test_a_waiter_that_gives_up_lets_the_next_one_in(world: World) -> None:
    """Of two posts that wait, one leaves; when the path falls free the other gets it."""
    for name in "abc":
        world.put(f"posts/{name}.md", plain(name.upper(), f"Text of {name}.", slug="x"))
        world.run()
    world.delete("posts/b.md")
    world.delete("posts/a.md")
    world.run()
    assert "Text of c." in (world.page("/2026/05/x/") or "")


def test_a_draft_gives_its_path_up(world: World) -> None:
    """A post that becomes a draft lets the one that waits for its path in."""
    world.put("posts/a.md", plain("A", "Text of A.", slug="x"))
    world.run()
    world.put("posts/b.md", plain("B", "Text of B.", slug="x"))
    world.run()
    world.put("posts/a.md", plain("A", "Text of A.", slug="x", draft="true"))
    world.run()
    assert "Text of B." in (world.page("/2026/05/x/") or "")


def test_a_release_during_a_wait_is_seen(world: World) -> None:
    """A post that begins to wait while the holder lets go is not left waiting."""
    world.put("posts/a.md", plain("A", "Text of A.", slug="x"))
    world.run()

    def release() -> None:
        world.delete("posts/a.md")
        world.parse.look("posts/a.md")

    world.put("posts/b.md", plain("B", "Text of B.", slug="x"))
    world.before("TransactWriteItems", "posts/b.md", release)
    world.run()
    assert world.source("posts/b.md").status is Status.LIVE
    assert "Text of B." in (world.page("/2026/05/x/") or "")


def test_at_most_ten_former_paths_redirect(world: World) -> None:
    """An eleventh move forgets the oldest path: it answers 404 again, and its claim is gone."""
    for number in range(12):
        world.put("posts/a.md", plain("A", slug=f"s{number}"))
        world.run()
    assert world.page("/2026/05/s0/") is None
    assert world.stores.claims.read("/2026/05/s0/") is None
    for number in range(1, 11):
        assert world.page(f"/2026/05/s{number}/") == "301 /2026/05/s11/"


def test_a_post_stays_up_while_it_waits_for_an_id(world: World) -> None:
    """A live post that names another post's id keeps its last good page until it gets it."""
    world.put("posts/a.md", plain("A", slug="a", id="taken"))
    world.put("posts/b.md", plain("B", "Text of B.", slug="b", id="own"))
    world.run()
    world.put("posts/b.md", plain("B", "Other text.", slug="b", id="taken"))
    world.run()
    assert world.source("posts/b.md").status is Status.WAITING
    assert "Text of B." in (world.page("/2026/05/b/") or "")
    world.delete("posts/a.md")
    world.run()
    assert "Other text." in (world.page("/2026/05/b/") or "")
    assert world.page("/2026/05/a/") == "301 /2026/05/b/"


def test_an_author_hears_of_who_holds_it_now(world: World) -> None:
    """A post that waits for its path, then for its alias, names the holder of the alias."""
    for name in "bc":
        world.put(f"posts/{name}.md", plain(name.upper(), slug=name))
    world.run()
    world.put("posts/a.md", plain("A", slug="b", aliases="[/2026/05/c/]"))
    for body in world.take("parse"):
        world.deliver("parse", body)
    reminders = world.take("notify")
    world.delete("posts/b.md")
    world.run()
    for body in reminders:
        world.deliver("notify", body)
    world.run()
    error = world.fed("posts/a.md").error
    assert error == world.source("posts/a.md").error
    assert error is not None
    assert "posts/c.md" in error.message
    (mail,) = [mail for mail in world.mails() if "Not live" in mail]
    assert "posts/c.md" in mail
