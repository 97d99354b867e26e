"""Elements that say that Markdown is inside."""

import pytest

from unit.content.reading import read


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<div markdown="1">*a*</div>', "<p><em>a</em></p>"),
        ("<div markdown=1>\n*a*\n</div>", "<p><em>a</em></p>"),
        ("<div markdown='block'>\n*a*\n<div>*b*</div>\n\n*c*\n</div>", "<em>c</em>"),
        ('<p markdown="1">*a*</p>', "<p><em>a</em></p>"),
        ('<h2 markdown="1">*a*</h2>', '<h2 id="a"><em>a</em></h2>'),
        ('<div markdown="span">*a*</div>', "<p><em>a</em></p>"),
        ('<table><tr><td markdown="1">*a*</td></tr></table>', "<td><em>a</em></td>"),
        ('<details markdown="1"><summary>S</summary>*a*</details>', "<p><em>a</em></p>"),
        ('Text <span markdown="1">*a*</span>', "<span><em>a</em></span>"),
        ('<div markdown="0">*a*</div>', "*a*"),
        ('<div markdown="1">\n```\n</div>\n```\n*a*\n</div>', "<p><em>a</em></p>"),
        ('<div markdown="1">\n*a*', "<em>a</em>"),
        ('<td markdown="1">*a*', "*a*"),
    ],
)
def test_it_is_read_as_markdown(body: str, html: str) -> None:
    """Blocks in a box, a run of text in an element for such, as kramdown and Markdown Extra do."""
    parsed = read(f"{body}\n\nAfter *it*.")
    assert html in parsed.html
    assert "markdown" not in parsed.html
    assert "<em>it</em>" in parsed.html or "```" not in body


@pytest.mark.parametrize(
    "body",
    [
        '`<div markdown="1">`',
        '```\n<div markdown="1">\n```',
        '    <div markdown="1">\n',
        '`<b markdown="1">`',
    ],
)
def test_in_code_it_is_what_it_is(body: str) -> None:
    """Samples of it are shown."""
    assert 'markdown="1"' in read(f"Text.\n\n{body}").text


def test_an_html_page_is_html() -> None:
    """A file that is called so holds no Markdown."""
    assert "*a*" in read('<div markdown="1">*a*</div>', key="posts/a.html").html


@pytest.mark.parametrize("inside", ["\n\n*a*\n\n", "\n\n- *a*\n"])
def test_details_alone_hold_markdown_behind_an_empty_line(inside: str) -> None:
    """As on GitHub; in a file that is called a page they hold HTML."""
    body = f"<details><summary>S</summary>{inside}</details>"
    assert "<em>a</em>" in read(body).html
    assert "*a*" in read(body, key="posts/a.html").html
    assert "*a*" in read(body.replace("\n\n", "")).html
