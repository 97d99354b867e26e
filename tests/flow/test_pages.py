"""Pages: published as posts are, and listed for crawlers alone."""

from functools import partial

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork.post import Status

KEY = "pages/about.md"
NOW = "2026-05-04 11:00:00"


def named_in(world: World, path: str) -> set[str]:
    """The objects of the site that name a path, but its own."""
    own = path.strip("/") + "/"
    return {
        key
        for key, body in world.pages().items()
        if path.encode() in body and not key.startswith(own)
    }


def test_a_page_is_in_the_sitemap_and_in_no_list(world: World, origin: Origin) -> None:
    """Nobody is told of it, also when it is new; it comes and goes with its part of the sitemap."""
    world.put("posts/a.md", plain("A"))
    world.run()
    told = (len(world.mails()), len(origin.received))
    world.put(KEY, plain("About", date=NOW, tags="[sea]"))
    world.run()
    (shard,) = named_in(world, "/about/")
    assert shard.startswith("-/sitemap/pages-")
    assert shard.encode() in world.pages()["sitemap.xml"]
    assert (len(world.mails()), len(origin.received)) == told
    assert_same_site(world)
    world.delete(KEY)
    world.run()
    assert world.page("/about/") == "410"
    assert shard not in world.pages()
    assert shard.encode() not in world.pages()["sitemap.xml"]
    assert_same_site(world)


def test_a_page_alone_makes_a_site(world: World) -> None:
    """A site without a single post has a sitemap of its pages; they need no date."""
    world.put("pages/docs/index.md", "# Manual\n\nWords.\n")
    world.run()
    page = world.page("/docs/")
    assert page is not None
    assert "Manual" in page
    assert len(named_in(world, "/docs/")) == 1
    world.maintain.run(world.now)
    world.run()
    assert_same_site(world)


def test_a_moved_page_leaves_a_redirect(world: World) -> None:
    """As a moved post does."""
    world.put(KEY, plain("About", id="about"))
    world.run()
    world.put("pages/docs/about.md", plain("About", id="about"))
    world.delete(KEY)
    world.run()
    assert world.page("/about/") == "301 /docs/about/"
    assert_same_site(world)


def test_a_page_and_a_post_want_one_path(world: World) -> None:
    """The holder keeps it, whichever of them it is."""
    world.put("posts/a.md", plain("A", permalink="/about/"))
    world.run()
    world.put(KEY, plain("About"))
    world.run()
    assert world.source(KEY).status is Status.WAITING
    world.delete("posts/a.md")
    world.run()
    page = world.page("/about/")
    assert page is not None
    assert ">About<" in page
    assert_same_site(world)


def test_a_post_that_becomes_a_page_leaves_its_lists(world: World) -> None:
    """With the same id it is the same post; what named it names it no more, and back again."""
    text = plain("About", id="about", tags="[sea]", permalink="/about/")
    world.put("posts/about.md", text)
    world.run()
    assert "index.html" in named_in(world, "/about/")
    world.put(KEY, text)
    world.delete("posts/about.md")
    world.run()
    assert {key.rpartition("-")[0] for key in named_in(world, "/about/")} == {"-/sitemap/pages"}
    assert_same_site(world)
    world.put("posts/about.md", text)
    world.delete(KEY)
    world.run()
    assert "tags/sea/index.html" in named_in(world, "/about/")
    assert_same_site(world)


def test_a_page_shows_images_of_its_author_and_of_the_world(world: World, origin: Origin) -> None:
    """Both come home."""
    origin.files["/boat.jpg"] = picture()
    world.put("pages/docs/plan.jpg", picture("navy"))
    images = "![Boat](http://images.example/boat.jpg)\n\n![Plan](plan.jpg)\n"
    world.put("pages/docs/index.md", plain("Manual", images))
    world.run()
    page = world.page("/docs/")
    assert page is not None
    assert page.count("<picture") == 2


def test_a_page_that_changes_leaves_the_sitemaps_index_alone(world: World) -> None:
    """Only the first page of a list, and its last, are looked for there: it grows with the site."""
    world.put(KEY, plain("About"))
    world.run()
    looked: list[str] = []
    for operation in ("HeadObject", "PutObject"):
        world.before(operation, "/site/sitemap.xml ", partial(looked.append, operation))
    world.put(KEY, plain("About us"))
    world.run()
    assert looked == []
    world.delete(KEY)
    world.run()
    assert looked
    assert_same_site(world)
