"""Addresses as their authors wrote them, through CloudFront's functions."""

import json

import pytest

from e2e.local import Local, markdown

KEY = "posts/addresses/Kept_to.the-letter.md"
OLD = [
    "/2010/01/old-post.html",
    "/old/foo.html",
    "/News/Article.php",
    "/default.aspx",
    "/feeds/all.atom.xml",
    "/archives/moved-home/",
    "/posts/moved-home/",
    "/notes/release-1.2/",
    "/media/moved-home.htm",
    "/?p=123",
]


@pytest.fixture(scope="module")
def url(local: Local) -> str:
    """The address of a post with ten former addresses."""
    aliases = json.dumps(OLD)
    return local.live(KEY, markdown("Moved home", aliases=aliases, date="2025-03-08"))


def test_a_post_is_named_as_its_file(local: Local, url: str) -> None:
    """Case, underscore and dot stay; nothing of the title is in the address."""
    assert url == local.url("/2025/03/Kept_to.the-letter/")
    assert local.get(url).status == 200


@pytest.mark.parametrize("old", OLD)
def test_a_former_address_answers_301(local: Local, url: str, old: str) -> None:
    """With and without a dot, with a slash, by a number; and its query comes along."""
    path = url.removeprefix(local.url("").rstrip("/"))
    answer = local.get(old)
    assert (answer.status, answer.headers.get("location")) == (301, path)
    asked = local.get(f"{old}{'&' if '?' in old else '?'}utm_source=x")
    assert (asked.status, asked.headers.get("location")) == (301, f"{path}?utm_source=x")


def test_the_way_to_the_slash_keeps_the_query(local: Local, url: str) -> None:
    """Who leaves the slash out is sent there with what they asked."""
    answer = local.get(f"{url.rstrip('/')}?a=1&b=2")
    path = url.removeprefix(local.url("").rstrip("/"))
    assert (answer.status, answer.headers["location"]) == (301, f"{path}?a=1&b=2")


@pytest.mark.usefixtures("url")
def test_the_home_page_is_asked_for_by_no_number(local: Local) -> None:
    """Any other query leaves it as it is."""
    assert local.get("/?page=3").status == 200
    assert local.get("/?p=4711").status == 404


def test_a_page_may_be_a_file(local: Local) -> None:
    """It is answered at its very name, with its data beside it; once it is gone, 410."""
    key = "posts/addresses/file.md"
    text = markdown("A page that is a file", permalink="/blog/2010/A_Page.html")
    url = local.live(key, text)
    assert url == local.url("/blog/2010/A_Page.html")
    page = local.get(url)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert json.loads(local.get(f"{url}.json").body)["path"] == "/blog/2010/A_Page.html"
    assert url in local.sitemap()
    assert local.remove(key).status == "removed"
    assert local.get(url).status == 410
    assert local.get(f"{url}.json").status == 404


def test_a_post_comes_before_a_static_file(local: Local) -> None:
    """Of two at one address the post is shown; then the file, and nothing is left of either."""
    local.put("static/demo/tool.html", b"<p>The file.</p>")
    local.until(lambda: "The file." in local.get("/demo/tool.html").text)
    text = markdown("A tool", "The post.", permalink="/demo/tool.html")
    url = local.live("posts/addresses/tool.md", text)
    assert "The post." in local.get(url).text
    assert local.remove("posts/addresses/tool.md").status == "removed"
    local.until(lambda: "The file." in local.get(url).text)
    local.delete("static/demo/tool.html")
    local.until(lambda: local.get(url).status == 410)


def test_an_administrators_redirects_come_and_go(local: Local) -> None:
    """An address that nobody holds leads where the settings say, with its query."""
    local.put("site.yaml", b"redirects: {/no/longer.html: 'https://shop.example/#top'}\n")
    local.until(lambda: local.get("/no/longer.html").status == 301, seconds=120)
    answer = local.get("/no/longer.html?a=1")
    assert answer.headers["location"] == "https://shop.example/?a=1#top"
    local.delete("site.yaml")
    local.until(lambda: local.get("/no/longer.html").status == 404, seconds=120)
    local.wait_until_idle()
