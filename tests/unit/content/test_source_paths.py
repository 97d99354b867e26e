"""A webhook's post asks for what is its source's; what else it asks for is dropped, and told."""

from datetime import UTC, datetime

import pytest

from presswork import content
from presswork.content import Parsed, parse
from presswork.errors import Rejected
from presswork.settings import Site, WebhookSource

KEY = "posts/hooks/zapier/tide.md"
NEWS = Site(sources={"zapier": WebhookSource(paths="/news/")})
ALL = Site(sources={"zapier": WebhookSource(paths="/")})
AUTHOR = Site(sources={"zapier": WebhookSource(authority="author")})
NEWS_OF_AUTHOR = Site(sources={"zapier": WebhookSource(authority="author", paths="/news/")})
OF_FOLDERS = Site(permalink="/:sections/:slug/")
DERIVED = "/2026/05/tide/"


def read(site: Site, *lines: str, key: str = KEY, path: str | None = None) -> Parsed:
    """A post with these lines in its front matter."""
    text = "\n".join(["---", "title: Tide", "date: 2026-05-04", *lines, "---", "", "Text."])
    return parse(text.encode(), key, site, uploaded=datetime(2026, 5, 4, tzinfo=UTC), path=path)


@pytest.mark.parametrize(
    ("site", "path"),
    [
        (Site(), DERIVED),
        (NEWS, f"/news{DERIVED}"),
        (Site(sources={"other": WebhookSource(paths="/news/")}), DERIVED),
        (NEWS.model_copy(update={"permalink": "/news/:slug/"}), "/news/tide/"),
        (ALL, DERIVED),
        (OF_FOLDERS, "/hooks/zapier/tide/"),
        (OF_FOLDERS.model_copy(update={"sources": NEWS.sources}), "/news/hooks/zapier/tide/"),
    ],
)
def test_a_source_has_its_posts_in_its_own_folder(site: Site, path: str) -> None:
    """Without a setting they stand where all posts do, with one below its `paths`."""
    assert read(site).post.path == path


@pytest.mark.parametrize(
    ("site", "wish", "path"),
    [
        (Site(), "/hooks/zapier/x/", "/hooks/zapier/x/"),
        (Site(), "/about/", None),
        (Site(), "/hooks/other/x/", None),
        (NEWS, "/news/x/", "/news/x/"),
        (NEWS, "/hooks/zapier/x/", None),
        (OF_FOLDERS.model_copy(update={"sources": NEWS.sources}), "/news/x/", "/news/x/"),
        (ALL, "/about/", "/about/"),
        (AUTHOR, "/about/", "/about/"),
        (NEWS_OF_AUTHOR, "/about/", None),
    ],
)
def test_a_wished_path_counts_below_the_source_alone(
    site: Site, wish: str, path: str | None
) -> None:
    """One elsewhere is dropped: the post stands where it would without, and its author is told."""
    parsed = read(site, f"permalink: {wish}")
    assert parsed.post.path == (path or read(site).post.path)
    found = [(each.rule, each.line) for each in parsed.warnings]
    assert found == ([] if path else [("path.source", 4)])


def test_an_alias_counts_below_the_source_alone() -> None:
    """Each alias elsewhere costs itself alone, with a warning."""
    parsed = read(NEWS, "aliases: [/old/, /news/old/, '/?p=1']")
    assert parsed.post.aliases == ("/news/old/",)
    assert [each.rule for each in parsed.warnings] == ["alias.source", "alias.source"]


def test_an_author_asks_for_what_is_free() -> None:
    """What holds for sources touches no author, not in a folder of that name either."""
    for key in ("posts/a.md", "posts/hooks/a.md", "pages/hooks/zapier/a.md"):
        parsed = read(NEWS, "permalink: /about/", "aliases: [/old/]", key=key)
        assert (parsed.post.path, parsed.post.aliases) == ("/about/", ("/old/",))
        assert parsed.warnings == ()


def test_a_settled_path_of_a_source_stays() -> None:
    """Settings since then neither move it nor change its aliases."""
    parsed = read(NEWS, "permalink: /about/", path="/about/")
    assert parsed.post.path == "/about/"


@pytest.mark.parametrize("paths", ["news", "/news", "/tags/", "/-/", "news/", "/.x/", "/a//b/"])
def test_a_folder_that_is_none_is_refused(paths: str) -> None:
    """`paths` is a folder of addresses that are not the site's own."""
    with pytest.raises(Rejected):
        content.settings(f"sources: {{zapier: {{paths: '{paths}'}}}}".encode())


def test_a_folder_is_read() -> None:
    """Settings name a source, and its folder in its one spelling."""
    site = content.settings(b"sources: {zapier: {paths: /caf%C3%A9/}}")
    assert site.sources["zapier"].paths == "/café/"
