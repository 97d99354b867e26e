"""Who may see a post: what an anonymous reader finds of it, and what becomes of it by and by."""

from collections.abc import Callable

import pytest

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork.post import Status
from who_sees_what import COLUMNS, OTHERS, ROWS, SECRET, Post, documented, yes_or_no

KEY, PATH = "posts/a.md", "/2026/05/hidden-harbour/"
PAGE = PATH.strip("/") + "/index.html"
TITLE = "Hidden harbour"
URL = "http://images.example/boat.jpg"
NEWS = "2026-05-04 11:00:00"


def post(date: str = NEWS, words: str = "Words.", **front: str) -> str:
    """A post with a picture and a tag, dated within the last hour."""
    front = {"slug": "hidden-harbour", "tags": "[sea]", **front}
    return plain(TITLE, f"{words}\n\n![Boat]({URL})", date=date, **front)


@pytest.fixture(autouse=True)
def _boat(origin: Origin) -> None:
    origin.files["/boat.jpg"] = picture()


@pytest.fixture
def others(world: World) -> World:
    """A site with two posts, on whose pages and in whose lists a third would be seen."""
    for number in (1, 2):
        world.put(f"posts/other-{number}.md", plain(f"Other {number}", tags="[sea]"))
    world.run()
    return world


def media(world: World) -> list[str]:
    """The keys of all media on the site."""
    return [key for key in world.keys("site") if key.startswith("-/media/")]


def named(world: World, which: Callable[[str], bool]) -> bool:
    """Whether any of these objects names the post."""
    return Post(TITLE, PATH).is_named(world.pages(), which)


def _page(world: World) -> str:
    page = world.page(PATH)
    return "404" if page is None else page if page.startswith(("301", "410")) else "200"


def _robots(world: World) -> str:
    if PAGE not in world.keys("site"):
        return "–"
    told = world.robots(PAGE)
    assert told == world.robots(PAGE.replace(".html", ".json"))
    assert ('<meta name="robots" content="noindex">' in (world.page(PATH) or "")) is bool(told)
    return told or "index"


def found(world: World) -> dict[str, str]:
    """The cells of the post's row."""
    return Post(TITLE, PATH).named(world.pages()) | {
        "page": _page(world),
        "robots": _robots(world),
        "`index.json`": yes_or_no(PAGE.replace(".html", ".json") in world.keys("site")),
        "media": yes_or_no(media(world)),
        "mail": yes_or_no(any(TITLE in mail for mail in world.mails())),
    }


def test_the_table_is_whole() -> None:
    """Every row is one that can be published, and every column one that can be looked at."""
    assert {row: set(cells) for row, cells in documented().items()} == dict.fromkeys(ROWS, COLUMNS)


@pytest.mark.parametrize("row", ROWS)
def test_an_anonymous_reader_finds_what_the_table_says(others: World, row: str) -> None:
    """Each cell of the row, once the flow has come to rest; the planner says the same."""
    says = ROWS[row]
    others.put(KEY, b"" if says is None else post(words=says.words, **says.front))
    others.run()
    assert found(others) == documented()[row]
    assert_same_site(others)
    assert not any(SECRET.encode() in body for body in others.pages().values())
    assert SECRET not in str(others.items())


def test_a_post_that_gets_a_password_is_gone_with_its_media(others: World) -> None:
    """410 at once, in no list, its pictures off the site, and caches told to forget all of it."""
    others.put(KEY, post())
    others.run()
    shown = {key.split("/")[2] for key in media(others)}
    assert shown
    others.put(KEY, post(password="hunter2"))
    others.run()
    assert _page(others) == "410"
    assert not named(others, lambda _: True)
    assert media(others) == []
    asked = {path for request in others.forgotten() for path in request}
    assert {f"/-/media/{hash}/*" for hash in shown} < asked
    assert f"{PATH}*" in asked
    assert others.fed(KEY).pending_index.known == ()
    assert_same_site(others)


def test_media_that_another_post_shows_stay(others: World) -> None:
    """What somebody else shows is no secret of the draft."""
    others.put(KEY, post())
    others.put("posts/b.md", plain("B", f"![Boat]({URL})"))
    others.run()
    before = media(others)
    others.put(KEY, post(draft="true"))
    others.run()
    assert media(others) == before != []
    assert not any("/-/media/" in path for request in others.forgotten() for path in request)


def test_a_draft_that_comes_back_has_its_picture_again(others: World, origin: Origin) -> None:
    """Its original stayed in the vault: nothing is fetched a second time."""
    for front in ({}, {"draft": "true"}, {}):
        others.put(KEY, post(**front))
        others.run()
    assert "<picture" in (others.page(PATH) or "")
    assert media(others)
    assert origin.requests == ["/boat.jpg"]


@pytest.mark.parametrize("operation", ["DeleteObject", "UpdateItem", "PutItem", "DeleteItem"])
def test_a_crash_leaves_no_media_of_a_draft(others: World, operation: str) -> None:
    """Whoever dies while media are taken away has the next one do it."""
    others.put(KEY, post())
    others.run()
    others.put(KEY, post(private="true"))
    others.crash_at(operation)
    others.run()
    others.later(hours=1)
    others.maintain.run(others.now)
    others.run()
    assert media(others) == []
    assert others.dead == []


def test_an_own_file_that_only_a_draft_shows_is_not_on_the_site(others: World) -> None:
    """Neither a picture beside it nor what it links to."""
    others.put("posts/a/plan.jpg", picture())
    others.put("posts/a/plan.pdf", b"%PDF-1.7 secret")
    body = "![Plan](plan.jpg) [Plan](plan.pdf)"
    others.put(KEY, plain(TITLE, body, visibility="members"))
    others.run()
    assert media(others) == []
    others.put(KEY, plain(TITLE, body))
    others.run()
    assert len({key.split("/")[2] for key in media(others)}) == 2


def test_a_post_leaves_all_lists_and_keeps_its_page(others: World, origin: Origin) -> None:
    """Live, unlisted, live: the page stands throughout, and everybody is told once."""
    for front in ({}, {"unlisted": "true"}, {}):
        others.put(KEY, post(**front))
        others.run()
        assert _page(others) == "200"
        assert named(others, OTHERS["lists, neighbours"]) is not bool(front)
        assert others.source(KEY).status is (Status.UNLISTED if front else Status.LIVE)
        assert_same_site(others)
    assert others.types()["post.removed"] == 0
    assert others.forgotten() == []
    assert sum(TITLE in mail for mail in others.mails()) == 1
    assert sum(TITLE.encode() in body for _, body in origin.received) == 1


def test_an_unlisted_post_that_is_listed_is_news(others: World) -> None:
    """Nobody was told of it before; its page loses the word that keeps search engines away."""
    others.put(KEY, post(unlisted="true"))
    others.run()
    assert not any(TITLE in mail for mail in others.mails())
    others.put(KEY, post())
    others.run()
    assert sum(TITLE in mail for mail in others.mails()) == 1
    assert _robots(others) == "index"


def test_the_last_post_of_a_month_leaves_it(world: World) -> None:
    """An unlisted post keeps no month, no tag and no sitemap alive."""
    world.put(KEY, post())
    world.run()
    world.put(KEY, post(unlisted="true"))
    world.run()
    assert not {"2026/05/index.html", "tags/sea/index.html"} & set(world.keys("site"))
    assert_same_site(world)
    world.delete(KEY)
    world.run()
    assert _page(world) == "410"
    assert_same_site(world)


def test_an_unlisted_post_holds_its_paths(others: World) -> None:
    """Another post waits for its path; an alias leads to it; a new path leaves a redirect."""
    others.put(KEY, post(unlisted="true", aliases="[/old/]"))
    others.run()
    others.put("posts/b.md", plain("B", slug="hidden-harbour"))
    others.run()
    assert others.source("posts/b.md").status is Status.WAITING
    assert others.page("/old/") == f"301 {PATH}"
    others.put(KEY, post(unlisted="true", aliases="[/old/]").replace("hidden-", "quiet-"))
    others.run()
    assert others.page("/old/") == "301 /2026/05/quiet-harbour/"
    assert others.source("posts/b.md").status is Status.LIVE


def test_a_link_leads_to_who_has_a_page(others: World) -> None:
    """An unlisted post is reached by its author's own link; to a draft there is none."""
    others.put("posts/b.md", plain("B", "[To a](a.md)"))
    hrefs = []
    for front in ({"unlisted": "true"}, {"private": "true"}, {"unlisted": "true"}):
        others.put(KEY, post(**front))
        others.run()
        hrefs.append(f'href="{PATH}"' in (others.page("/2026/05/b/") or ""))
        assert_same_site(others)
    assert hrefs == [True, False, True]


def test_an_embargo_ends_by_itself(others: World) -> None:
    """A post with a date long past appears on the day that it names, and is news then."""
    others.put(KEY, post(date="2024-01-02", publishDate="2026-05-06 09:00:00"))
    others.run()
    path = "/2024/01/hidden-harbour/"
    assert (others.page(path), others.source(KEY).status) == (None, Status.SCHEDULED)
    others.later(days=2)
    assert others.fire() == 1
    others.run()
    assert others.page(path) is not None
    assert sum(TITLE in mail for mail in others.mails()) == 1
    assert_same_site(others)


def test_an_empty_object_keeps_what_is_live(others: World) -> None:
    """Mounts write a file empty first: the page stands, follows the settings, and can go."""
    others.put(KEY, post())
    others.run()
    others.put(KEY, b"")
    others.run()
    assert _page(others) == "200"
    assert_same_site(others)
    others.put("site.yaml", "title: Harbour\n")
    others.run()
    assert "Harbour</a>" in (others.page(PATH) or "")
    others.put(KEY, post().replace("Words.", "Written."))
    others.run()
    assert "Written." in (others.page(PATH) or "")
    others.put(KEY, b"")
    others.delete(KEY)
    others.run()
    assert _page(others) == "410"
    assert_same_site(others)


def test_an_empty_object_before_a_post_is_no_post(others: World) -> None:
    """Nothing is shown or told of it; what comes after is."""
    others.put(KEY, b"")
    others.run()
    assert others.source(KEY).status is Status.SKIPPED
    assert others.source(KEY).post is None
    others.put(KEY, post())
    others.run()
    assert sum(TITLE in mail for mail in others.mails()) == 1


def test_an_empty_object_delays_no_post(others: World) -> None:
    """A scheduled post appears at its time all the same."""
    others.put(KEY, post(publishDate="2026-05-06 09:00:00"))
    others.run()
    others.put(KEY, b"")
    others.run()
    assert others.source(KEY).status is Status.SCHEDULED
    others.later(days=2)
    others.fire()
    others.run()
    assert _page(others) == "200"


def test_what_a_folder_or_another_format_says_is_no_post(others: World) -> None:
    """A section of Hugo's and an org file are stored, and stand on no page."""
    others.put("posts/news/_index.md", plain("News of the harbour"))
    others.put("posts/a.org", "#+TITLE: Harbour in Org\n* Head\ntext")
    others.run()
    for key in ("posts/news/_index.md", "posts/a.org"):
        assert others.source(key).status is Status.SKIPPED
    assert not any(b"arbour" in body for body in others.pages().values())


def test_a_private_comment_stands_nowhere(others: World) -> None:
    """The post is shown, and what stands between two percent signs in no object and no mail."""
    text = "Seen. %%Nobody hears this.%% Seen, too. [[Note]]\n\n%%\nNor that.\n%%\n"
    others.put(KEY, plain(TITLE, text, date=NEWS, slug="hidden-harbour"))
    others.run()
    assert "Seen, too." in (others.page(PATH) or "")
    told = b"".join(others.pages().values()) + "".join(others.mails()).encode()
    assert b"hears this" not in told
    assert b"Nor that" not in told
