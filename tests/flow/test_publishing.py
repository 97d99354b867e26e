"""A post goes live, changes, and goes away again."""

import json

import pytest

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork.aws.table import Update
from presswork.post import Status

POST = """---
title: A calm sea
date: 2026-05-04 09:00:00
tags: [sea]
---

The sea was calm.

![A boat](http://images.example/boat.jpg)
"""
PATH = "/2026/05/sea/"
LISTS = ("index.html", "feed.xml", "2026/05/index.html", "tags/sea/index.html")


@pytest.mark.moto  # the whole flow once on the more faithful of the two
def test_a_post_goes_live(world: World, origin: Origin) -> None:
    """An uploaded post ends as a page with its image at home, and in every list."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/sea.md", POST)
    world.run()
    post = world.fed("posts/sea.md")
    assert post.live is not None
    assert post.live.up
    assert post.pending_index.known == ()
    page = world.page(PATH)
    assert page is not None
    assert "The sea was calm." in page
    assert "images.example" not in page
    pages = world.pages()
    assert any(key.startswith("-/media/") and key.endswith(".webp") for key in pages)
    for key in LISTS:
        assert b"A calm sea" in pages[key], key
    assert PATH.encode() in pages["-/sitemap/2026-05.xml"]
    assert {"404.html", "robots.txt", "sitemap.xml"} <= pages.keys()
    assert json.loads(pages["2026/05/sea/index.json"])["title"] == "A calm sea"
    assert world.dead == []


def test_the_same_upload_twice_is_one_announcement(world: World, origin: Origin) -> None:
    """The second upload of equal bytes writes no object and announces nothing."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/sea.md", POST)
    world.run()
    before, announced = world.pages(), len(world.announced)
    world.calls.clear()
    second = world.put("posts/sea.md", POST)
    world.calls.clear()
    world.run()
    assert world.calls["PutObject"] == 0
    assert world.pages() == before
    assert len(world.announced) == announced
    post = world.fed("posts/sea.md")
    assert post.version_id == second
    assert post.live is not None
    assert post.live.version_id == second


def test_a_new_cache_buster_changes_nothing(world: World, origin: Origin) -> None:
    """A source rewritten with another random parameter of its picture writes no object."""
    origin.files["/boat.jpg?t=1"] = picture()
    origin.files["/boat.jpg"] = picture()
    world.put("posts/sea.md", POST.replace("boat.jpg", "boat.jpg?t=1"))
    world.run()
    announced = len(world.announced)
    world.put("posts/sea.md", POST.replace("boat.jpg", "boat.jpg?t=2"))
    world.calls.clear()
    world.run()
    assert world.calls["PutObject"] == 0
    assert len(world.announced) == announced


def test_an_overwritten_post_changes_everywhere(world: World) -> None:
    """Page, lists and feed follow a new title, and the old tag's page goes."""
    world.put("posts/a.md", plain("First", slug="a", tags="[sea]"))
    world.run()
    world.put("posts/a.md", plain("Second", slug="a", tags="[land]"))
    world.run()
    pages = world.pages()
    for key in ("2026/05/a/index.html", "index.html", "feed.xml", "2026/05/index.html"):
        assert b"Second" in pages[key], key
        assert b"First" not in pages[key], key
    assert "tags/land/index.html" in pages
    assert "tags/sea/index.html" not in pages


def test_a_deleted_post_is_gone_everywhere(world: World) -> None:
    """A deleted post answers 410 and stands in no list, feed or sitemap."""
    world.put("posts/a.md", plain("Doomed", tags="[sea]"))
    world.put("posts/b.md", plain("Staying", date="2026-04-01 09:00:00"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    assert world.page("/2026/05/a/") == "410"
    pages = world.pages()
    assert "2026/05/a/index.json" not in pages
    assert "2026/05/index.html" not in pages
    assert "tags/sea/index.html" not in pages
    assert "-/sitemap/2026-05.xml" not in pages
    assert b"2026-05" not in pages["sitemap.xml"]
    for key in ("index.html", "feed.xml", "2026/04/index.html"):
        assert b"Doomed" not in pages[key], key
        assert b"Staying" in pages[key], key


def test_an_undeleted_post_is_live_again(world: World) -> None:
    """Removing the delete marker, which raises no Created event, brings the page back."""
    world.put("posts/a.md", plain("Back"))
    world.run()
    live = world.page("/2026/05/a/")
    marker = world.delete("posts/a.md")
    world.run()
    assert world.page("/2026/05/a/") == "410"
    world.undelete("posts/a.md", marker)
    world.run()
    assert world.page("/2026/05/a/") == live
    assert b"Back" in world.pages()["index.html"]


def test_a_moved_post_redirects(world: World) -> None:
    """A post with another slug is live there, and its old path leads to it."""
    world.put("posts/a.md", plain("A", slug="old"))
    world.run()
    world.put("posts/a.md", plain("A", slug="new"))
    world.run()
    assert world.page("/2026/05/old/") == "301 /2026/05/new/"
    assert "<title>" in (world.page("/2026/05/new/") or "")
    world.delete("posts/a.md")
    world.run()
    assert world.page("/2026/05/old/") == "410"
    assert world.page("/2026/05/new/") == "410"


def test_a_post_of_another_date_redirects(world: World) -> None:
    """A changed date moves a post to its new month, and the old path leads there."""
    world.put("posts/a.md", plain("A", slug="a", date="2026-05-04 09:00:00"))
    world.run()
    world.put("posts/a.md", plain("A", slug="a", date="2026-04-30 09:00:00"))
    world.run()
    assert world.page("/2026/05/a/") == "301 /2026/04/a/"
    assert "<title>" in (world.page("/2026/04/a/") or "")
    pages = world.pages()
    assert "2026/05/index.html" not in pages
    assert b"/2026/04/a/" in pages["2026/04/index.html"]


def test_an_alias_redirects(world: World) -> None:
    """An alias of a live post leads to its page."""
    world.put("posts/a.md", plain("A", slug="a", aliases="[/old/a/]"))
    world.run()
    assert world.page("/old/a/") == "301 /2026/05/a/"


def test_a_draft_is_not_shown(world: World) -> None:
    """A draft has no page; a live post that becomes one is taken down."""
    world.put("posts/d.md", plain("D", draft="true"))
    world.run()
    assert world.fed("posts/d.md").status is Status.DRAFT
    assert world.pages() == {}
    world.put("posts/d.md", plain("D"))
    world.run()
    assert b">D<" in world.pages()["index.html"]
    world.put("posts/d.md", plain("D", draft="true"))
    world.run()
    assert world.page("/2026/05/d/") == "410"
    assert b">D<" not in world.pages()["index.html"]


def test_a_future_post_waits_for_its_date(world: World) -> None:
    """A post dated in the future is scheduled, unseen, and goes live when maintain finds it due."""
    world.put("posts/f.md", plain("F", date="2026-05-06 09:00:00"))
    world.run()
    assert world.source("posts/f.md").status is Status.SCHEDULED
    assert world.pages() == {}
    world.maintain.run(world.now)
    world.run()
    assert world.page("/2026/05/f/") is None
    assert b">F<" not in world.pages()["index.html"]
    world.later(days=2)
    world.maintain.run(world.now)
    world.run()
    assert world.source("posts/f.md").status is Status.LIVE
    assert world.page("/2026/05/f/") is not None


def test_a_post_expires(world: World) -> None:
    """A post with an expiry is taken down when maintain finds it due."""
    world.put("posts/e.md", plain("E", expires="2026-05-05 09:00:00"))
    world.run()
    assert world.page("/2026/05/e/") is not None
    world.later(days=1)
    world.maintain.run(world.now)
    world.run()
    assert world.page("/2026/05/e/") == "410"


def test_a_rejected_post_keeps_its_last_good_revision(world: World) -> None:
    """A broken overwrite is announced with its line, and the page stays; even made again."""
    world.put("posts/a.md", plain("Good", slug="a"))
    world.run()
    good = world.page("/2026/05/a/")
    world.put("posts/a.md", "---\ntitle: [unclosed\n---\n\nBad.\n")
    world.run()
    assert world.types()["post.rejected"] == 1
    source = world.source("posts/a.md")
    assert source.status is Status.REJECTED
    assert source.error is not None
    assert source.error.line is not None
    assert world.page("/2026/05/a/") == good
    world.bucket.delete("2026/05/a/index.html")
    world.render.render(world.fed("posts/a.md").id)
    assert world.page("/2026/05/a/") == good


def test_a_post_rejected_at_first_goes_live_when_mended(world: World) -> None:
    """A source that never parsed is remembered, and live once it does."""
    world.put("posts/a.md", "---\ntitle: [unclosed\n---\n")
    world.run()
    assert world.fed("posts/a.md").status is Status.REJECTED
    assert world.pages() == {}
    world.put("posts/a.md", plain("Mended"))
    world.run()
    assert world.page("/2026/05/a/") is not None


def test_what_is_no_post_is_skipped(world: World) -> None:
    """An image beside a post, a dot file and a folder marker are neither posts nor rejected."""
    world.put("posts/boat.jpg", picture())
    world.put("posts/.draft.md", plain("Hidden"))
    world.put("posts/folder/", b"")
    world.run()
    assert world.source("posts/boat.jpg").status is Status.SKIPPED
    assert world.parse.look("posts/.draft.md") is Status.SKIPPED
    assert world.parse.look("posts/folder/") is Status.SKIPPED
    assert world.types() == {}
    assert world.pages() == {}


def test_an_undated_post_keeps_its_first_date(world: World) -> None:
    """The date of a post without one is that of its first upload, whenever it is uploaded again."""
    world.put("posts/u.md", "---\ntitle: Undated\n---\n\nOne.\n")
    world.run()
    first = world.fed("posts/u.md")
    # moto dates a new object by the real clock; a promise of long ago shows that it is kept.
    promised = first.first_date.replace(year=2020)
    world.table.write(_promise(first.id, promised.isoformat()))
    world.put("posts/u.md", "---\ntitle: Undated\n---\n\nTwo.\n")
    world.run()
    again = world.fed("posts/u.md")
    assert again.date == promised.replace(microsecond=0)


def test_a_post_that_gets_an_id_keeps_its_first_date(world: World) -> None:
    """An undated post that names an id stays on its path, also when its event comes twice."""
    world.put("posts/u.md", "---\ntitle: Undated\n---\n\nOne.\n")
    world.run()
    first = world.fed("posts/u.md")
    promised = first.first_date.replace(year=2020)
    world.table.write(_promise(first.id, promised.isoformat()))
    world.put("posts/u.md", "---\ntitle: Undated\nid: mine\n---\n\nOne.\n")
    world.run()
    named = world.fed("posts/u.md")
    world.hint("posts/u.md")
    world.run()
    assert named.id == "mine"
    assert named.first_date == promised
    assert world.fed("posts/u.md").accepted == named.accepted


def _promise(id: str, date: str) -> Update:
    return Update(f"POST#{id}", "META", {"first_date": date})


def test_settings_hold_for_what_is_parsed_afterwards(world: World) -> None:
    """A chain of categories becomes parallel ones once site.yaml says so and it comes again."""
    text = plain("C", categories="[news, sea]")
    world.put("posts/c.md", text)
    world.run()
    assert "categories/news/sea/index.html" in world.pages()
    world.put("site.yaml", "title: Harbour\ncategories: parallel\n")
    world.run()
    world.put("posts/c.md", text)
    world.run()
    pages = world.pages()
    assert "categories/sea/index.html" in pages
    assert "categories/news/sea/index.html" not in pages
    assert b"Harbour" in pages["index.html"]


def test_base_pages_are_published_before_the_first_post(world: World) -> None:
    """Home, feed and error page are made once, and again when the settings change."""
    world.maintain.run(world.now)
    world.run()
    assert {"index.html", "404.html", "feed.xml", "robots.txt"} <= world.pages().keys()
    world.maintain.run(world.now)
    assert world.take("index") == []
    world.put("site.yaml", "title: Harbour\n")
    world.run()
    world.maintain.run(world.now)
    world.run()
    assert b"Harbour" in world.pages()["404.html"]
    assert b"Harbour" in world.pages()["index.html"]


def test_broken_settings_leave_the_last_good_ones(world: World) -> None:
    """A site.yaml that cannot be read is announced to its author, and changes nothing."""
    world.put("site.yaml", "title: Harbour\n")
    world.run()
    world.put("site.yaml", "titel: Harbor\n")
    world.run()
    assert world.types()["post.rejected"] >= 1
    assert any("site.yaml:1" in mail for mail in world.mails())
    world.put("posts/a.md", plain("A"))
    world.run()
    assert b"Harbour" in world.pages()["index.html"]


def test_a_category_leads_to_those_below_it_as_long_as_they_have_posts(world: World) -> None:
    """The post that brings a category below another one puts a link there, and takes it along."""
    link = 'href="/categories/news/port/"'
    world.put("posts/a.md", plain("A", categories="[news]"))
    world.run()
    assert link not in (world.page("/categories/news/") or "")
    world.put("posts/b.md", plain("B", categories="[news, port]"))
    world.run()
    assert link in (world.page("/categories/news/") or "")
    assert 'href="/categories/news/"' in (world.page("/categories/news/port/") or "")
    world.delete("posts/b.md")
    world.run()
    assert link not in (world.page("/categories/news/") or "")


def test_a_last_good_version_that_is_taken_away_for_good_is_down(world: World) -> None:
    """What readers see can be read no more: its page is gone, and nothing beside it is held up.

    Before, a change of the post beside it, or of the settings, ended as a dead letter.
    """
    world.put("posts/a.md", plain("A", date="2026-05-03 09:00:00", slug="a"))
    world.put("posts/b.md", "---\ntitle: [unclosed\n---\n")
    world.run()
    newest = world.put("posts/b.md", plain("B", slug="b"))
    world.run()
    assert "B" in (world.page("/2026/05/b/") or "")
    world.undelete("posts/b.md", newest)
    world.put("posts/a.md", plain("A", "Other words.", date="2026-05-03 09:00:00", slug="a"))
    world.put("site.yaml", "title: Harbour\n")
    world.run()
    assert world.dead == []
    assert world.page("/2026/05/b/") == "410"
    assert world.source("posts/b.md").status is Status.REJECTED
    assert world.mails()[-1].count("Not live: posts/b.md") == 1
    assert_same_site(world)
    world.put("posts/b.md", plain("B again", slug="b"))
    world.run()
    assert "B again" in (world.page("/2026/05/b/") or "")
    assert_same_site(world)
