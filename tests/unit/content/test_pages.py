"""Pages: like posts, but their path is that of their file."""

from datetime import UTC, datetime

import pytest

from presswork.content import Site, parse
from unit.content.reading import read, refusal


@pytest.mark.parametrize(
    ("key", "path", "slug"),
    [
        ("pages/about.md", "/about/", "about"),
        ("pages/About Us.html", "/About-Us/", "About-Us"),
        ("pages/docs/index.md", "/docs/", "docs"),
        ("pages/docs/_index.md", "/docs/", "docs"),
        ("pages/docs/First Steps/install.md", "/docs/First-Steps/install/", "install"),
        ("pages/关于.md", "/关于/", "关于"),
        ("pages/2021-04-05-report.md", "/2021-04-05-report/", "2021-04-05-report"),
        ("pages/notes.rst", "/notes.rst/", "notes.rst"),
        ("pages/!!!.md", "/!!!/", "!!!"),
    ],
)
def test_a_page_stands_where_its_file_does(key: str, path: str, slug: str) -> None:
    """The path is the key's, to the letter; the title and the site's permalink do not count."""
    for spelling in ("unicode", "hash"):
        site = Site.model_validate({"permalink": "/:year/:slug/", "slug": spelling})
        post = read(key=key, title="Another", site=site).post
        assert (post.path, post.slug, post.page) == (path, slug, True)


def test_letters_are_spelled_in_ascii_if_the_site_does() -> None:
    """The setting counts for pages as it does for posts."""
    assert read(key="pages/café/menü.md", site=Site(slug="ascii")).post.path == "/cafe/menu/"


@pytest.mark.parametrize(
    ("key", "front", "path"),
    [
        ("pages/docs/a.md", "slug: start", "/docs/start/"),
        ("pages/docs/index.md", "slug: manual", "/manual/"),
        ("pages/index.md", "slug: welcome", "/welcome/"),
        ("pages/docs/a.md", "permalink: /help/", "/help/"),
        ("pages/docs/a.md", "url: /help.html", "/help.html"),
        ("pages/docs/a.md", "permalink: /help/:slug/", "/help/a/"),
    ],
)
def test_a_page_may_ask_for_another_path(key: str, front: str, path: str) -> None:
    """A slug takes the place of the last part, a permalink that of all."""
    source = f"---\ndate: 2021-04-05\n{front}\n---\nWords.\n".encode()
    assert parse(source, key, Site()).post.path == path


@pytest.mark.parametrize(
    ("key", "front", "rule"),
    [
        ("pages/a.md", "permalink: /", "path.home"),
        ("pages/a.md", "permalink: /tags/a/", "path.reserved"),
        ("pages/a.md", "permalink: /2021/04/", "path.archive"),
        ("pages/a.md", "permalink: /-/a.html", "path.reserved"),
        ("pages/a.md", "permalink: /a/../b/", "path.form"),
        (f"pages/{'/'.join(['x' * 150] * 7)}.md", "", "path.length"),
    ],
)
def test_no_page_stands_where_the_site_does(key: str, front: str, rule: str) -> None:
    """The home page, the site's own lists and its archives are nobody's to ask for."""
    rejected = refusal(f"---\ndate: 2021-04-05\n{front}\n---\nWords.\n", key=key)
    assert rejected.rule == rule


def test_a_page_without_a_date_has_that_of_its_upload() -> None:
    """Nothing asks its author for one."""
    uploaded = datetime(2021, 4, 5, tzinfo=UTC)
    page = parse(b"# About\n", "pages/about.md", Site(), uploaded=uploaded).post
    assert (page.date, page.title) == (uploaded, "About")


def test_a_post_is_no_page() -> None:
    """Whatever it calls itself."""
    assert not read(key="posts/pages/a.md", layout="page").post.page
