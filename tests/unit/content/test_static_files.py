"""Static files: what is one, and where it may stand."""

import pytest

from presswork import content, site
from presswork.content import Site, is_static, static_place
from presswork.errors import Rejected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("static/a.png", True),
        ("static/a", True),
        ("static/img/b/c.svg", True),
        ("static/.well-known/security.txt", True),
        ("static/.well-known/.hidden", False),
        ("static/a/.well-known/b", False),
        ("static/.DS_Store", False),
        ("static/.git/config", False),
        ("static/a/../b.png", False),
        ("static/", False),
        ("static/a/", False),
        ("static", False),
        ("astatic/a.png", False),
        ("posts/static/a.png", False),
    ],
)
def test_is_static(key: str, *, expected: bool) -> None:
    """A static file lies below static/, and is neither hidden nor the mark of a folder."""
    assert is_static(key) is expected


@pytest.mark.parametrize(
    "place",
    [
        "favicon.ico",
        "css/site.css",
        "google123.html",
        "images/春/a b.png",
        "posts/a.png",
        ".well-known/security.txt",
        "index.html.txt",
        "sitemaps/a.xml",
        "CNAME",
        "docs/index.html",
        "2021/11/sea/index.json",
        "media/x.png",
        "Assets/x.css",
        "sitemap/2021-11.xml",
        "search/months.json",
    ],
)
def test_a_static_file_stands_at_its_own_path(place: str) -> None:
    """What lies below static/ lies below the root of the site, letter for letter."""
    assert static_place(f"static/{place}") == place


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("index.html", "static.reserved"),
        ("2021/11/index.html", "static.reserved"),
        ("-/media/x.png", "static.reserved"),
        ("-/x.css", "static.reserved"),
        ("404.html", "static.reserved"),
        ("robots.txt", "static.reserved"),
        ("feed.xml", "static.reserved"),
        ("search/index.html", "static.reserved"),
        ("archives/2021/11/x.html", "static.reserved"),
        ("tags/sea/feed.xml", "static.reserved"),
        ("a//b.png", "static.form"),
        ("a\\b.png", "static.form"),
        ("a\x07.png", "static.form"),
        ("a\u202egnp.exe", "static.form"),
    ],
)
def test_no_static_file_stands_where_the_site_does(place: str, rule: str) -> None:
    """The reason is told, and the way out."""
    with pytest.raises(Rejected) as caught:
        static_place(f"static/{place}")
    assert caught.value.rule == rule
    assert caught.value.fix


def test_every_object_that_the_site_has_before_its_first_post_is_safe() -> None:
    """No static file could take its place."""
    settings = Site(base_url="https://press.example")
    for key in site.base_objects(settings, settings.base_url):
        with pytest.raises(Rejected):
            static_place(f"static/{key}")


def test_a_static_file_has_a_limit() -> None:
    """One byte more is rejected."""
    content.check_static_size("static/a", bytes(content.MAX_STATIC_BYTES))
    with pytest.raises(Rejected, match="20 MiB"):
        content.check_static_size("static/a", bytes(content.MAX_STATIC_BYTES + 1))
