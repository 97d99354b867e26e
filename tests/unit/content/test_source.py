"""Which objects are posts, and where their front matter begins and ends."""

import hashlib

import pytest

from presswork.content import Site, derived_id, is_post, parse, why_skipped
from unit.content.reading import read, refusal

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
FENCED = b"---\ntitle: x\n---\n"


@pytest.mark.parametrize(
    ("key", "data", "expected"),
    [
        ("posts/a.md", b"", False),
        ("posts/a.md", b"\n", True),
        ("posts/a/_index.md", FENCED, False),
        ("posts/_index.zh.md", FENCED, False),
        ("pages/a/_index.md", FENCED, True),
        ("posts/deep/er/a.MARKDOWN", b"x", True),
        ("posts/a.html", b"x", True),
        ("posts/a.htm", b"x", True),
        ("posts/a.txt", b"x", True),
        ("posts/a.txt", "é".encode("latin-1"), True),
        ("posts/a.txt", "é".encode("utf-16"), True),
        ("posts/a.note", FENCED, True),
        ("posts/a.org", FENCED, False),
        ("posts/a.rst", FENCED, False),
        ("posts/a", b"\xef\xbb\xbf\r\n \r\n--- \r\ntitle: x\r\n---\r\n", True),
        ("posts/a.yaml", b"---\ntitle: x\n", False),
        ("posts/a.org", b"text\n" + FENCED, False),
        ("posts/a.css", b"x", False),
        ("posts/a.png", PNG, False),
        ("posts/a.md", PNG, False),
        ("posts/", b"", False),
        ("posts/a.md/", b"", False),
        ("posts/.a.md", b"x", False),
        ("posts/.git/a.md", b"x", False),
        ("posts/../a.md", b"x", False),
        ("pages/a.md", b"x", True),
        ("pages/.a.md", b"x", False),
        ("static/a.md", b"x", False),
        ("a.md", b"x", False),
        ("xposts/a.md", b"x", False),
    ],
)
def test_is_post(key: str, data: bytes, expected: bool) -> None:
    """A post is text below posts/ or pages/, of a known suffix or with front matter, not hidden."""
    assert is_post(key, data) is expected


@pytest.mark.parametrize(
    ("key", "data", "word"),
    [
        ("posts/a.org", b"#+TITLE: T\n#+DATE: <2024-03-04 Mon>\n* Head\ntext", "Org"),
        ("posts/a.adoc", b"= T", "AsciiDoc"),
        ("posts/news/_index.md", FENCED, "folder"),
        ("posts/a.md", b"", "empty"),
        ("posts/a.png", b"", None),
        ("posts/a.png", PNG, None),
        ("posts/a.md", FENCED, None),
        ("posts/.a.org", b"x", None),
        ("static/a.org", b"x", None),
    ],
)
def test_what_looks_like_a_post_is_skipped_with_a_reason(
    key: str, data: bytes, word: str | None
) -> None:
    """An org file, a folder's page and an empty file are told of; a picture is not."""
    reason = why_skipped(key, data)
    assert (word in reason) if word and reason else reason is word


def test_derived_id() -> None:
    """The id of a key is the start of its hash in base32."""
    digest = int(hashlib.sha256("posts/é.md".encode()).hexdigest(), 16)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    expected = "".join(alphabet[(digest >> (251 - 5 * place)) & 31] for place in range(26))
    assert derived_id("posts/é.md") == expected


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: Tea\n---\nBody",
        "\ufeff---\ntitle: Tea\n---\nBody",
        "\n \t\n---\ntitle: Tea\n---\nBody",
        "---\r\ntitle: Tea\r\n---\r\nBody",
        "---\rtitle: Tea\r---\rBody",
        "---  \ntitle: Tea\n---\t\nBody",
        "---\ntitle: Tea\n...\nBody",
        "---\n\n# a comment\ntitle: Tea   # and another\n---\n\n\nBody\n\n",
    ],
)
def test_fences(source: str) -> None:
    """Front matter is found behind marks and blank lines, with any line ends and fences."""
    parsed = parse(source.encode(), "posts/2021-03-04-x.md", Site())
    assert parsed.post.title == "Tea"
    assert parsed.html == "<p>Body</p>"


def test_no_front_matter() -> None:
    """A bare text takes title and date from what it has: its first heading and its name."""
    parsed = parse(b"# On *tea*\n\nBody", "posts/2021-03-04-x.md", Site())
    assert parsed.post.title == "On tea"
    assert parsed.html == "<p>Body</p>"
    assert [repair.rule for repair in parsed.repairs] == ["title-from-heading"]
    inner = parse(b"Body\n\n## Later", "posts/2021-03-04-x.md", Site())
    assert inner.post.title == "Later"
    assert '<h2 id="later">Later</h2>' in inner.html
    assert parse(b"", "posts/2021-03-04-green_tea.md", Site()).post.title == "green tea"


@pytest.mark.parametrize(
    ("source", "rule", "line", "column"),
    [
        (b"\n---\ntitle: x\n", "frontmatter.unterminated", 2, 1),
        (b"---", "frontmatter.unterminated", 1, 1),
        (b"ab\nc\xe9d", "encoding.utf-8", 2, 2),
        (b"\xef\xbb\xbfab\xff", "encoding.utf-8", 1, 3),
        (b"---\n" + b"#" * 65_536 + b"\n---\n", "frontmatter.size", 2, 1),
        (b"x" * (5 * 1024 * 1024 + 1), "post.size", None, None),
        (b"---\ntitle: x\n---\n", "date.missing", None, None),
    ],
)
def test_refused(source: bytes, rule: str, line: int | None, column: int | None) -> None:
    """What cannot be read is rejected with the place in the file."""
    rejected = refusal(source)
    assert (rejected.rule, rejected.line, rejected.column) == (rule, line, column)


def test_the_offset_of_a_wrong_byte_is_told() -> None:
    """A byte that is not UTF-8 is counted from the start of the file, its mark included."""
    assert "Byte 5 (0xff)" in refusal(b"\xef\xbb\xbfab\xff").message


def test_explicit_id() -> None:
    """A post may name itself, in a form that no derived id has."""
    assert read(id="spring-report_1.0").post.id == "spring-report_1.0"
    assert read(id="2021").post.id == "2021"
    assert read().post.id == derived_id("posts/a.md")


@pytest.mark.parametrize("id", ["a b", "ä", "x" * 65, "[a]", "true", "a/b"])
def test_ids_of_another_form(id: str) -> None:
    """An id of other characters or too many of them is rejected."""
    assert refusal(f"---\nid: {id}\n---\n").rule == "id.form"


def test_an_id_that_looks_derived() -> None:
    """A post cannot take the id that another one's key will give it."""
    assert refusal(f"---\nid: {derived_id('posts/b.md')}\n---\n").rule == "id.derived"
