"""What authors get wrong in YAML, and what they are told."""

from time import process_time

import pytest

from presswork.content.front_matter import strict_yaml
from presswork.errors import Rejected
from unit.content.reading import read, refusal


@pytest.mark.parametrize(
    ("matter", "line", "column", "message", "fix"),
    [
        ("title: one: two", 2, 11, "a colon with a blank behind it", "`title: 'one: two'`"),
        ("title: it's: two", 2, 12, "a colon", '`title: "it\'s: two"`'),
        ("title: “one: two”", 2, 12, "Typographic quotation marks", "`title: '“one: two”'`"),
        ("title: @home", 2, 8, "begins with @", "`title: '@home'`"),
        ("title: `code` x", 2, 8, "begins with `", "`title: '`code` x'`"),
        ("title: %d bugs", 2, 8, "begins with %", "`title: '%d bugs'`"),
        ("title: *bold* x", 2, 13, "begins with *", "`title: '*bold* x'`"),
        ("title: & co", 2, 9, "begins with &", "`title: '& co'`"),
        ("title: > x", 2, 10, "begins with >", "`title: '> x'`"),
        ("title: - x", 2, 8, "A list begins on the line of its key", "`title: '- x'`"),
        ("title: {{ page.title }}", 2, 9, "a key should", "Put quotes around"),
        ("title: !x", 2, 8, "The tag '!x'", "quotes around"),
        ("title: [Draft] Tea", 2, 16, "goes on as text", "`title: '[Draft] Tea'`"),
        ('title: "a" b', 2, 12, "behind the quote", "`title: '\"a\" b'`"),
        ("title: 'it's tea'", 2, 12, "behind the quote", '`title: "it\'s tea"`'),
        ("title: 'open\na: b", 2, 8, "never closed", "Close it"),
        ('title: "open\na: "b"', 2, 8, "not closed on its line", '`title: "open"`'),
        ('title: "C:\\new\\q"', 2, 15, "a backslash", "single quotes"),
        ("title:tea\na: b", 2, 6, "no blank behind the colon", "`title: tea`"),
        ("a: b\ntitle:tea\nc: d", 3, 6, "no blank behind the colon", "`title: tea`"),
        ("a: b\ntitle：tea\nc: d", 3, 6, "The colon is the wide one", "`title: tea`"),
        ("a: b\ntitle:\u00a0tea\nc: d", 3, 6, "non-breaking", "`title: tea`"),
        ('title = "tea"\na: b', 2, 6, "An equals sign", '`title: "tea"`'),
        ("a: b\njust words\nc: d", 3, 1, "The line is no entry", "`key: value`"),
        ("tags: [a, b\nc: d", 3, 2, "[ is not closed", "Close it"),
        ("tags: [a, b", 2, 7, "[ is not closed", "Close it"),
        ("tags:\n  - a\n - b", 4, 2, "hyphen does not stand below", "same column"),
        (" a: b\nc: d", 3, 1, "further left", "first column"),
        ("a: b\n  c: d", 3, 4, "indented further", "same column"),
        ("a:\n\tb: c\n  d: e", 3, 1, "indented with a tab", "Indent with spaces"),
        ("a: b\na: c", 3, 1, "given twice", "Keep the one"),
    ],
)
def test_what_an_author_is_told(
    matter: str, line: int, column: int, message: str, fix: str
) -> None:
    """The message names what is wrong at its place, and the fix shows what to write."""
    rejected = refusal(f"---\n{matter}\n---\n".encode())
    assert (rejected.line, rejected.column) == (line, column)
    assert message in rejected.message
    assert fix in rejected.fix


@pytest.mark.parametrize(
    "value",
    ["one: two", "it's: two", '"a" b', 'it\'s "so": x', "@home", "[Draft] x", "a\\b: c", "“a: b”"],
)
def test_what_is_advised_is_right(value: str) -> None:
    """The line that a fix shows is read as what the author meant."""
    fix = refusal(f"---\ntitle: {value}\n---\n".encode()).fix
    advised = fix.split("`title: ", 1)[1].removesuffix(".").removesuffix("`")
    assert read(title=advised).post.title == value


def test_a_long_line_is_not_repeated() -> None:
    """A fix stays short enough to be read at a glance."""
    assert len(refusal(f"---\ntitle: a: {'b' * 500}\n---\n".encode()).fix) < 120


@pytest.mark.parametrize(
    "line",
    ["- " * 20_000, "- " + "a " * 20_000, "- a" + " " * 40_000 + "b", "- a" + "\t" * 40_000 + "b"],
)
def test_a_long_line_is_judged_in_time(line: str) -> None:
    """A mistake is named without trying the line in every way that it can be taken apart."""
    start = process_time()
    with pytest.raises(Rejected):
        strict_yaml.load(f"a: 1\n{line}\n", area="x")
    assert process_time() - start < 1
