"""The settings of a site, as an administrator writes them."""

import pytest

from presswork.content import Site, settings
from presswork.errors import Rejected
from presswork.settings import Author, Feeds, ImageSettings, MenuEntry, Theme


def test_all_of_them() -> None:
    """Each setting is read from the file."""
    site = settings(
        b"title: no\nbase_url: https://example.org/\nlanguage: zh-Hans\n"
        b"timezone: Asia/Shanghai\npermalink: /:id/\ncategories: parallel\n"
        b"description: Type, set by hand.\n"
        b"authors:\n  Ada Quill:\n    url: https://ada.example/\n    bio: Sets type.\n  Bo: {}\n"
        b"menu:\n- text: About\n  url: /about/\n- {text: Mail, url: 'mailto:us@example.org'}\n"
        b"feeds: {entries: 5, full_text: false}\nimages: {cover: false}\n"
        b"theme:\n  accent: '#003366'\n  accent_dark:\n  contents: false\n  search: false\n"
    )
    assert site == Site(
        title="no",
        base_url="https://example.org",
        language="zh-Hans",
        timezone="Asia/Shanghai",
        permalink="/:id/",
        categories="parallel",
        description="Type, set by hand.",
        authors={
            "Ada Quill": Author(url="https://ada.example/", bio="Sets type."),
            "Bo": Author(),
        },
        menu=(
            MenuEntry(text="About", url="/about/"),
            MenuEntry(text="Mail", url="mailto:us@example.org"),
        ),
        feeds=Feeds(entries=5, full_text=False),
        images=ImageSettings(cover=False),
        theme=Theme(accent="#003366", contents=False, search=False),
    )


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
        ("base_url: https://example.org/blog/", "settings.base_url", 1),
        ("base_url: https://me@example.org", "settings.base_url", 1),
        ("base_url: https://example.org:port", "settings.base_url", 1),
        ("base_url: 'https://exam ple.org'", "settings.base_url", 1),
        ("menu:\n- text: A\n  url: /a/\n- text: B\n  url: javascript:alert(1)", "settings.menu", 5),
        ("menu:\n- text: A\n  url: //example.org", "settings.menu", 3),
        ("menu:\n- text: A\n  url: about/", "settings.menu", 3),
        ("menu:\n- text: A\n  url: 'mailto:us'", "settings.menu", 3),
        ("menu:\n- url: /a/", "settings.menu", 2),
        ("menu: /about/", "settings.menu", 1),
        ("authors:\n  Ada:\n    url: ada.example", "settings.authors", 3),
        ("authors:\n  Ada:\n    mail: x", "settings.unknown", 3),
        ("authors: [Ada]", "settings.authors", 1),
        ("feeds:\n  entries: 21", "settings.feeds", 2),
        ("feeds:\n  entrys: 2", "settings.unknown", 2),
        ("images: {cover: perhaps}", "settings.images", 1),
        ("extra: [mood, api_token]", "settings.extra", 1),
        ("title: x\nextra: [Passwords]", "settings.extra", 2),
        ("theme:\n  accent: red", "settings.theme", 2),
        ("theme:\n  search: true\n  accent: '#ff0000'", "settings.theme", 3),
        ("theme:\n  accent_dark: '#222222'", "settings.theme", 2),
        ("language: zh_CN", "settings.language", 1),
        ("title: x\ntimezone: Mars/Base", "settings.timezone", 2),
        ("timezone: ../etc/passwd", "settings.timezone", 1),
        ("permalink: :slug/", "settings.permalink", 1),
        ("permalink: /:year/", "settings.permalink", 1),
        ("permalink: /:no_word/:slug/", "settings.permalink", 1),
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
    assert "title, description, base_url, language, timezone, permalink" in caught.value.fix


def test_the_known_settings_of_a_part_are_named() -> None:
    """Who misspells a setting inside of another is told the way to it, and the names there."""
    with pytest.raises(Rejected) as caught:
        settings(b"menu:\n- text: A\n  url: /a/\n  icon: x\n")
    assert "'menu[0].icon'" in caught.value.message
    assert caught.value.fix == "Use one of these: text, url."
    assert (caught.value.line, caught.value.column) == (4, 3)


def test_an_accent_is_told_its_contrast() -> None:
    """A colour that cannot be read is refused with its contrast and the way to a better one."""
    with pytest.raises(Rejected, match=r"contrast is 3\.5; take a darker one"):
        settings(b"theme: {accent: '#ff0000'}")


@pytest.mark.parametrize("permalink", ["/-/:slug/", "/tags/:slug/", "/authors/:slug/"])
def test_a_permalink_below_what_is_the_sites_own(permalink: str) -> None:
    """A permalink under which every post would be rejected is rejected itself, with its line."""
    with pytest.raises(Rejected) as caught:
        settings(f"title: T\npermalink: {permalink}\n".encode())
    assert (caught.value.rule, caught.value.line) == ("settings.permalink", 2)
