"""One line more of front matter, in the form of each dialect; no other byte changes."""

from datetime import UTC, datetime

import pytest

from presswork.content import Site, parse
from presswork_cli.moving.own_line import with_aliases, with_category, with_permalink

UPLOADED = datetime(2024, 1, 2, tzinfo=UTC)
PATH = "/old/Ä place.html"


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: A\n---\n\nWords.\n",
        "---\r\ntitle: A\r\n---\r\n\r\nWords.\r\n",
        "\ufeff---\ntitle: A\n---\nWords.\n",
        "\n\n---yaml\ntitle: A\n---\nWords.\n",
        "+++\ntitle = 'A'\n[params]\nb = 1\n+++\n\nWords.\n",
        '{"title": "A"}\n\nWords.\n',
        '{\n  "title": "A"\n}\n\nWords.\n',
        "Title: A\nDate: 2024-01-01\n\nWords.\n",
        "title: A\ndate: 2024-01-01\n---\nWords.\n",
        "# A\n\nWords.\n",
        "",
    ],
)
def test_a_line_is_added_and_nothing_else(source: str) -> None:
    """The post stands at its path then; what was there is there, in its order."""
    data = source.encode()
    new = with_permalink(data, PATH)
    assert new is not None
    assert parse(new, "posts/a.md", Site(), uploaded=UPLOADED).post.path == PATH
    at = next(n for n in range(len(data) + 1) if data[n:] == new[len(new) - len(data) + n :])
    assert new[:at] == data[:at]
    assert new.count(PATH.encode()) == 1


@pytest.mark.parametrize("key", ["permalink", "url", "path", "Save_As"])
def test_an_author_who_says_where_it_stands_is_not_overruled(key: str) -> None:
    """Such a key is there once."""
    assert with_permalink(f"---\n{key}: /b/\n---\nWords.\n".encode(), PATH) is None


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: [\n---\nWords.\n",
        "---\ntitle: Привет\n---\n\nВсем привет, это старая запись о море.\n".encode("cp1251"),
        b"<!--\n.. title: A\n.. date: 2024-01-01\n-->\n\nWords.\n",
    ],
)
def test_what_cannot_have_a_line_is_left(data: bytes) -> None:
    """Front matter that is broken, in another encoding than UTF-8, or in a form of its own."""
    assert with_permalink(data, PATH) is None


def test_aliases_and_a_category() -> None:
    """Lists are lists in each dialect."""
    new = with_aliases(b"+++\ntitle = 'A'\n+++\nWords.\n", ["/a/", "/b.html"])
    assert new is not None
    post = parse(new, "posts/a.md", Site(), uploaded=UPLOADED).post
    assert post.aliases == ("/a/", "/b.html")
    new = with_category(b"Title: A\nDate: 2024-01-01\n\nWords.\n", "harbour: north")
    assert new is not None
    post = parse(new, "posts/a.md", Site(), uploaded=UPLOADED).post
    assert post.categories == (("harbour: north",),)
