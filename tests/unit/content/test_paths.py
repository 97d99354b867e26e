"""Slugs, and the paths made of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.content import RESERVED, Site
from presswork.slugs import ascii_slug, slugify
from unit.content.reading import OPEN, read, refusal


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("推动共建_一带一路_高质量发展", "推动共建-一带一路-高质量发展"),
        ("Hello,  World!", "hello-world"),
        ("「你好」，世界：第二部！", "你好-世界-第二部"),
        ("Don’t Panic", "dont-panic"),
        ("Don't Panic", "dont-panic"),
        ("Cafe\u0301 À la carte", "café-à-la-carte"),
        ("v1.2 / C++", "v1-2-c"),
        ("İstanbul", "i̇stanbul"),
        ("हिन्दी में", "हिन्दी-में"),
        ("🎉", ""),
        ("../..", ""),
        ("x" * 300, "x" * 200),
        ("汉" * 100, "汉" * 66),
        ("x" * 199 + "e\u0323\u0301", "x" * 199),
        ("x" * 198 + "q\u0323", "x" * 198),
    ],
)
def test_slug(title: str, slug: str) -> None:
    """A slug keeps letters of every script, and is cut between characters."""
    assert slugify(title) == slug


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    """Making a slug of a slug changes nothing, and it is never too long."""
    slug = slugify(text)
    assert slugify(slug) == slug
    assert len(slug.encode()) <= 200


def test_slugs_are_never_empty() -> None:
    """Without a letter in the title the file's name serves, and then the id."""
    named = read(title="'!!!'", key="posts/2021-01-01-my-file.md").post
    assert named.slug == "my-file"
    nameless = read(title="'!!!'", key="posts/---.md").post
    assert nameless.slug == nameless.id


@pytest.mark.parametrize(
    ("permalink", "path"),
    [
        ("/:year/:month/:slug/", "/2021/04/tea/"),
        ("/:year/:month/:day/:slug/", "/2021/04/01/tea/"),
        ("/blog/:slug/", "/blog/tea/"),
        ("/p/:id/", "/p/tea-1/"),
    ],
)
def test_permalink(permalink: str, path: str) -> None:
    """The site's permalink is filled with the day in the site's zone."""
    site = Site(permalink=permalink, timezone="Asia/Shanghai")
    assert read(title="Tea", id="tea-1", date="2021-03-31T18:00:00Z", site=site).post.path == path


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("/about/our-work/", "/about/our-work/"),
        ("about/our-work", "/about/our-work/"),
        ("/2021/03/tea.html", "/2021/03/tea/"),
        ("/a/index.html", "/a/"),
        ("/caf%C3%A9/", "/café/"),
        ("/cafe\u0301/", "/café/"),
        ("/:year/:slug/", "/2021/own/"),
        ("https://old.example/2015/tea/?p=1", "/2015/tea/"),
    ],
)
def test_own_path(spelled: str, path: str) -> None:
    """A post may name its path, in the spellings that generators allow."""
    assert read(permalink=f"'{spelled}'", slug="own").post.path == path


def test_url_is_a_path_only_when_it_looks_like_one() -> None:
    """The url of a linked page is no wish for a path."""
    assert read(url="/a/b/").post.path == "/a/b/"
    linked = read(url="https://example.org/", site=OPEN).post
    assert linked.path == "/2021/03/a/"
    assert linked.extra == {"url": "https://example.org/"}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "path.home"),
        ("/a//b/", "path.form"),
        ("/a/../b/", "path.form"),
        ("/%2e%2e/b/", "path.form"),
        ("/a/./b/", "path.form"),
        ("/.well-known/x/", "path.form"),
        ("/a/ /b/", "path.form"),
        ("/:title/", "path.form"),
        ("/a%00b/", "path.character"),
        ("/a\\b/", "path.character"),
        ("/%ff/", "path.character"),
        ("/a\u202eb/", "path.character"),
        ("/tags/x/", "path.reserved"),
        ("/Media/x/", "path.reserved"),
        ("/2021/", "path.archive"),
        ("/2021/11/", "path.archive"),
        ("/2021/11/21/", "path.archive"),
        ("/" + "x/" * 520, "path.length"),
    ],
)
@pytest.mark.parametrize("key", ["permalink", "aliases"])
def test_paths_that_no_post_may_have(key: str, path: str, rule: str) -> None:
    """No post stands at the home page, an archive, the site's own places, or out of reach."""
    rejected = refusal(f"---\ndate: 2021-03-04\n{key}: '{path}'\n---\n")
    assert (rejected.rule, rejected.line) == (rule, 3)


def test_the_page_of_a_folder_is_the_folder() -> None:
    """Asking for /index.html is asking for the home page."""
    assert refusal("---\ndate: 2021-03-04\npermalink: /index.html\n---\n").rule == "path.home"


def test_reserved() -> None:
    """The places that pages, lists and media are written to are kept free."""
    assert {"media", "assets", "tags", "categories", "sitemap", "index.html", "posts"} <= RESERVED
    assert {"feed.xml", "robots.txt", "404.html"} <= RESERVED


def test_a_title_that_makes_a_forbidden_path() -> None:
    """A path that the title led to is blamed on the title."""
    rejected = refusal("---\ndate: 2021-03-04\ntitle: 21\n---\n")
    assert (rejected.rule, rejected.line) == ("path.archive", 3)


def test_aliases() -> None:
    """Former paths are made to look like paths, each once."""
    post = read(aliases="[/old/, old, ' /older/x']", redirect_from="/oldest.html").post
    assert post.aliases == ("/old/", "/older/x/", "/oldest.html/")


def test_at_most_twenty_aliases() -> None:
    """A post with more aliases than one transaction can claim is rejected at the first too many."""
    names = [f"/old/{number}/" for number in range(21)]
    assert len(read(aliases=f"[{', '.join(names[:20])}]").post.aliases) == 20
    lines = "".join(f"  - {name}\n" for name in names)
    rejected = refusal(f"---\ndate: 2021-03-04\naliases:\n{lines}---\n")
    assert rejected.rule == "aliases.count"
    assert rejected.line is not None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("推动共建_一带一路", "tui-dong-gong-jian-yi-dai-yi-lu"),
        ("Crème brûlée", "creme-brulee"),
        ("iPhone", "iphone"),
        ("Straße № 5", "strasse-no-5"),
        ("Москва", "moskva"),
        ("\ue000", ""),
    ],
)
def test_slug_in_ascii(title: str, slug: str) -> None:
    """A site may have its paths in ASCII: other scripts are spelled by sound."""
    assert ascii_slug(title) == slug


@given(st.text())
def test_a_slug_in_ascii_is_one(text: str) -> None:
    """Whatever the title, nothing but small letters, digits and hyphens is left."""
    slug = ascii_slug(text)
    assert re.fullmatch("[a-z0-9-]*", slug)
    assert slugify(slug) == slug


def test_slug_by_the_setting() -> None:
    """A slug is in the title's script, in ASCII, or a hash that a new title does not change."""
    assert read(title="潮水", site=Site(slug="ascii")).post.slug == "chao-shui"
    assert read(slug="潮水", site=Site(slug="ascii")).post.slug == "chao-shui"
    hashed = Site(slug="hash")
    first, second = (read(title=title, site=hashed).post.slug for title in ("潮水", "Tide"))
    assert first == second
    assert re.fullmatch("[0-9a-f]{12}", first)
    assert read(key="posts/b.md", site=hashed).post.slug != first
    assert read(slug="潮水", site=hashed).post.slug == "潮水"
    assert read(abbrlink="4e10").post.slug == "4e10"
    assert read(slug="own", abbrlink="4e10").post.slug == "own"
    nameless = read(title="'\ue000'", key="posts/\ue000.md", site=Site(slug="ascii")).post
    assert nameless.slug == nameless.id


@pytest.mark.parametrize("value", ["'/x/{{ page.slug }}/'", "'{% x %}'"])
def test_a_permalink_that_is_no_path(value: str) -> None:
    """A template is not carried out."""
    rejected = refusal(f"---\ndate: 2021-03-04\npermalink: {value}\n---\n")
    assert (rejected.rule, rejected.line) == ("path.template", 3)


def test_a_permalink_that_names_a_style() -> None:
    """Jekyll's names of styles are no paths: the site's permalink holds."""
    post = read(permalink="pretty", site=OPEN).post
    assert (post.path, post.extra) == ("/2021/03/a/", {"permalink": "pretty"})
