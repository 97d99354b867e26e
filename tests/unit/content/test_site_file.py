"""The settings of a site, as an administrator writes them."""

import pytest

from presswork.content import Site, settings
from presswork.errors import Rejected


def test_all_of_them() -> None:
    """Each setting is read from the file."""
    site = settings(
        b"title: no\nbase_url: https://example.org/blog/\nlanguage: zh-Hans\n"
        b"timezone: Asia/Shanghai\npermalink: /:id/\ncategories: parallel\n"
    )
    assert site == Site(
        title="no",
        base_url="https://example.org/blog",
        language="zh-Hans",
        timezone="Asia/Shanghai",
        permalink="/:id/",
        categories="parallel",
    )
    assert site.digest() != Site().digest()


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf\n# nothing\n", b"---\n", b"title:\n"])
def test_defaults(data: bytes) -> None:
    """What is not set has its default."""
    assert settings(data) == Site()


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("\ntitel: x", "settings.unknown", 2),
        ("title: [x]", "settings.title", 1),
        ("title: ''", "settings.title", 1),
        ("base_url: example.org", "settings.base_url", 1),
        ("base_url: ftp://example.org", "settings.base_url", 1),
        ("base_url: https://", "settings.base_url", 1),
        ("base_url: https://example.org/?a=b", "settings.base_url", 1),
        ("base_url: https://example.org/#a", "settings.base_url", 1),
        ("base_url: https://[x", "settings.base_url", 1),
        ("language: zh_CN", "settings.language", 1),
        ("title: x\ntimezone: Mars/Base", "settings.timezone", 2),
        ("timezone: ../etc/passwd", "settings.timezone", 1),
        ("permalink: :slug/", "settings.permalink", 1),
        ("permalink: /:slug", "settings.permalink", 1),
        ("permalink: /:year/", "settings.permalink", 1),
        ("permalink: /:title/:slug/", "settings.permalink", 1),
        ("categories: tree", "settings.categories", 1),
        ("title: x\ntitle: y", "settings.duplicate-key", 2),
        ("title: 'x", "settings.yaml", 1),
        ("- title", "settings.mapping", 1),
        ("title: x\n---\ntitle: y", "settings.documents", 2),
    ],
)
def test_refused(text: str, rule: str, line: int) -> None:
    """A setting that cannot be used is rejected on its line, with the way out."""
    with pytest.raises(Rejected) as caught:
        settings(text.encode())
    assert (caught.value.rule, caught.value.line) == (rule, line)
    assert caught.value.fix


def test_the_known_settings_are_named() -> None:
    """Who misspells a setting is shown the right names."""
    with pytest.raises(Rejected) as caught:
        settings(b"titel: x")
    assert "title, base_url, language, timezone, permalink, categories" in caught.value.fix


@pytest.mark.parametrize("permalink", ["/media/:slug/", "/Posts/:slug/"])
def test_a_permalink_below_what_is_the_sites_own(permalink: str) -> None:
    """A permalink under which every post would be rejected is rejected itself, with its line."""
    with pytest.raises(Rejected) as caught:
        settings(f"title: T\npermalink: {permalink}\n".encode())
    assert (caught.value.rule, caught.value.line) == ("settings.permalink", 2)
