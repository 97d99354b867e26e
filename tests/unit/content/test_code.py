"""Where code stands in a body."""

import time

import pytest

from presswork.content.dialects.code import Code

FENCE = "```"


def marked(text: str, *, markdown: bool = True) -> list[str]:
    """The parts of a text that are code."""
    return [text[start:end] for start, end in Code(text, markdown=markdown).ranges]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("é `a` b ``c ` d``", ["`a`", "``c ` d``"]),
        ("a `b\nc` d", ["`b\nc`"]),
        (r"\`a\` `b", []),
        (f"{FENCE} js\na\n{FENCE}\nb", [f"{FENCE} js\na\n{FENCE}"]),
        ("~~~~\na\n~~~\n~~~~\nb", ["~~~~\na\n~~~\n~~~~"]),
        (f"{FENCE}\nno end", [f"{FENCE}\nno end"]),
        (f"- a\n\n  {FENCE}\n  b\n  {FENCE}\n", [f"{FENCE}\n  b\n  {FENCE}"]),
        (f"> {FENCE}\n> b\n> {FENCE}\nc", [f"{FENCE}\n> b\n> {FENCE}"]),
        ("- a\n\n      b\n      c\n\nd", ["b\n      c"]),
        ("    a\n# b", ["a"]),
        ("a\n\n    b\n\n    c\n\nd", ["b\n\n    c"]),
        ("a\n    b", []),
        ("- a\n\n      b", ["b"]),
        ("| `a` | b |\n|---|---|\n| c | é `d` |", ["`a`", "`d`"]),
        ("<pre>\n`a`\n\nb</pre>\n`c`", ["<pre>\n`a`\n\nb</pre>", "`c`"]),
        ("a <code>{{ b }}</code> c", ["<code>{{ b }}</code>"]),
        ("a <!-- b --> c", ["<!-- b -->"]),
        ("a <!-- <pre> --> c </pre>", ["<!-- <pre> -->"]),
        ("a `<pre>` b `</pre>`", ["`<pre>`", "`</pre>`"]),
        ("<pre> has no end, <code>a</code>", ["<code>a</code>"]),
        ('<code data-sourcepos="1:1-9:9">', []),
        ("", []),
    ],
)
def test_code_of_markdown(text: str, code: list[str]) -> None:
    """It stands where the Markdown library sees it, and in raw HTML."""
    assert marked(text) == code


def test_code_of_html() -> None:
    """In HTML it is what stands in elements for code; backticks and blanks are text."""
    text = "<p>`a`</p>\n\n    <p>b</p><PRE class=x>{{ c }}</PRE>"
    assert marked(text, markdown=False) == ["<PRE class=x>{{ c }}</PRE>"]


def test_ends_and_lines() -> None:
    """An index in code knows where that ends, and each knows its line."""
    code = Code("a `b` c\nd `e`\n", markdown=True)
    assert [code.end(at) for at in (0, 2, 4, 5, 10, 12)] == [None, 5, 5, None, 13, 13]
    assert [code.line(at) for at in (0, 7, 8, 14)] == [0, 0, 1, 2]


@pytest.mark.parametrize("part", ["<pre ", "<!-- ", "`", "<code>`", "> ", "- ```\n"])
def test_hostile_text_takes_no_long_time(part: str) -> None:
    """What opens and never ends is read in a time that grows with its length only."""
    start = time.process_time()
    Code(part * (200_000 // len(part)), markdown="> " not in part)
    assert time.process_time() - start < 2
