"""Bodies: Markdown, HTML, and what is mended in either."""

import pytest

from presswork.content import derived_id
from presswork.content.html.sanitizing import MAX_DEPTH, refuse_excess
from presswork.errors import Rejected
from unit.content.reading import read, refusal


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("~~a~~", "<p><del>a</del></p>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        (
            "https://a.example/?b=1&c=2",
            (
                '<p><a href="https://a.example/?b=1&amp;c=2" rel="noopener noreferrer">'
                "https://a.example/?b=1&amp;c=2</a></p>"
            ),
        ),
        ("|a|b|\n|:-|-|\n|1|2|", None),
        ("```text x\na < b\n```", '<pre><code class="language-text">a &lt; b\n</code></pre>'),
        ("{{ x }} {% y %} &#123;", "<p>{{ x }} {% y %} {</p>"),
        ("a -- \"b\" 'c'...", "<p>a -- \"b\" 'c'...</p>"),
        ("", ""),
    ],
)
def test_markdown(markdown: str, html: str | None) -> None:
    """CommonMark with tables, strikethrough and bare links; quotes and braces stay as they are."""
    parsed = read(markdown)
    assert parsed.repairs == ()
    if html is None:
        assert '<td align="left">1</td>\n<td>2</td>' in parsed.html
    else:
        assert parsed.html == html


@pytest.mark.parametrize("raw", ["", "<b>raw</b>"])
def test_footnotes(raw: str) -> None:
    """A footnote's ids are the post's own, so that posts can share a page."""
    parsed = read(f"a[^n] {raw}\n\n[^n]: the note")
    prefix = f"p-{derived_id('posts/a.md')}"
    assert f'id="{prefix}-fnref-n"' in parsed.html
    assert f'href="#{prefix}-fn-n"' in parsed.html
    assert f'<li id="{prefix}-fn-n">' in parsed.html
    assert f'href="#{prefix}-fnref-n"' in parsed.html
    assert parsed.text == f"a {raw and 'raw'}\nthe note".replace(" \n", "\n")


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<p>*a*</p>", "<p>*a*</p>"),
        ("\n\n  <!-- x -->\n<p>a</p>\n\n    <p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<!DOCTYPE html><html><head><title>T</title></head><body><p>a</body></html>", "<p>a</p>"),
        ("<div><article><p>a</p></article></div>", "<p>a</p>"),
        ("<h2 id=toc-1 class=x>a</h2>", '<h2 id="toc-1">a</h2>'),
        ("<ul id=x><li id=x>a</li></ul>", "<ul><li>a</li></ul>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a</p><img src=", "<p>a</p>"),
        ("<p>{{ x }} &#123;% y %&#125;</p>", "<p>{{ x }} {% y %}</p>"),
        ('<pre><code class="hljs language-c++">x</code></pre>', None),
    ],
)
def test_html(body: str, html: str | None) -> None:
    """What begins with a block is HTML whatever the file is called, and is not read as Markdown."""
    parsed = read(body)
    assert parsed.html == (html or '<pre><code class="language-c++">x</code></pre>')
    assert read(body, key="posts/a.txt").html == parsed.html


def test_markdown_that_begins_with_tags() -> None:
    """Text behind an empty line beside the tags shows a post to be Markdown, if not a page."""
    body = "<figure>\n<img src=x.png alt=x>\n</figure>\n\nText *here*\n"
    assert "<p>Text <em>here</em></p>" in read(body).html
    assert "Text *here*" in read(body, key="posts/a.html").html


@pytest.mark.parametrize(
    ("body", "html", "told"),
    [
        ("<p>a</p><p></p><p>&nbsp;<br></p>", "<p>a</p>", {"empty-paragraph": 2}),
        ("<p>a</p><div><ul></ul></div>", "<p>a</p>", {"empty-block": 2}),
        ("<p>a</p> b <b>c</b> <p>d</p>", "<p>a</p><p>b <b>c</b></p><p>d</p>", {"orphan-text": 1}),
        ("<p>a</p><br><p>d</p>", "<p>a</p><br><p>d</p>", {}),
        (
            "<ul><li><div>a <b>b</b> c</div></li></ul>",
            "<ul><li>a <b>b</b> c</li></ul>",
            {"wrapper": 1},
        ),
        ("<p onclick=x onfoo>a</p>", "<p>a</p>", {"event-handler": 2}),
        ("<p>a<script>b</script></p>", "<p>a</p>", {"script": 1}),
        (
            "<p>a</p><div><img src=x.png></div>b<p>c</p>",
            '<p>a</p><figure><img alt="b" src="x.png"><figcaption>b</figcaption></figure><p>c</p>',
            {"figure": 1, "alt-from-caption": 1},
        ),
        (
            "<p>a</p><figure><img src=x.png alt=own><figcaption>b</figcaption></figure>",
            '<p>a</p><figure><img alt="own" src="x.png"><figcaption>b</figcaption></figure>',
            {},
        ),
        (
            "<p>a</p><iframe src=//v.example/1></iframe>",
            (
                '<p>a</p><p><a href="https://v.example/1" rel="noopener noreferrer">'
                "https://v.example/1</a></p>"
            ),
            {"embed-linked": 1, "orphan-text": 1},
        ),
        (
            "<p>a <video><source src=http://v.example/2.mp4></video></p>",
            (
                '<p>a <a href="http://v.example/2.mp4" rel="noopener noreferrer">'
                "http://v.example/2.mp4</a></p>"
            ),
            {"embed-linked": 1},
        ),
        ("<p>a\x07b</p>", "<p>ab</p>", {"control-character": 1}),
        ("<p>a&#7;b</p>", "<p>ab</p>", {"control-character": 1}),
    ],
)
def test_repairs(body: str, html: str, told: dict[str, int]) -> None:
    """Each mending is done, and told with its count."""
    parsed = read(body)
    assert parsed.html == html
    assert {repair.rule: repair.count for repair in parsed.repairs} == told


def test_long_text_behind_an_image_is_no_caption() -> None:
    """What is longer than a caption stays text."""
    parsed = read(f"<p>a</p><div><img src=x.png></div>{'b ' * 150}")
    assert "<figcaption>" not in parsed.html
    assert parsed.html.endswith(f"<p>{('b ' * 150).strip()}</p>")


def test_the_line_of_a_repair() -> None:
    """A repair names the line of the file on which it was first done."""
    (repair,) = read("<p>a</p>\n<p>b</p>\n<p></p>").repairs
    assert (repair.line, repair.before) == (6, "<p></p>")


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("a\n" + "<div>" * 257, "body.depth", 5),
        ("> " * 300 + "a", "body.depth", None),
        ("<p>a</p>\n" * 50_001, "body.elements", 50_004),
        ("&" * 900_000, "body.references", 4),
    ],
)
def test_costly_forms(body: str, rule: str, line: int | None) -> None:
    """HTML that would take minutes is rejected in time."""
    rejected = refusal(f"---\ndate: 2021-03-04\n---\n{body}")
    assert rejected.rule == rule
    assert line is None or rejected.line == line


def test_unclosed_paragraphs_are_not_nested() -> None:
    """Elements that close themselves may be many."""
    assert read("<p>a" * 1000).html == "<p>a</p>" * 1000


@pytest.mark.parametrize("name", ["b", "blockquote", "div", "em", "ul", "x-y"])
def test_depth_is_seen_whatever_lies_deep(name: str) -> None:
    """The short count of what lies flat takes nothing away from what can lie deep."""
    with pytest.raises(Rejected):
        refuse_excess("<p>a</p>" * 300 + f"<{name}>" * (MAX_DEPTH + 1), 1)
    refuse_excess("<p>a<br>b</p>" * 300 + f"<{name}>" * MAX_DEPTH, 1)


def test_empty_lines_of_a_listing_stay() -> None:
    """Empty lines between tags are dropped, but not those between the tags of a listing."""
    listing = "<pre><b>a</b>\n\n\n<b>b</b></pre>"
    parsed = read(f"<div><p>z</p>\n\n\n{listing}\n\n\n<p>c</p>\n\n<p>d</p></div>")
    assert parsed.html == f"<p>z</p>\n{listing}\n<p>c</p>\n<p>d</p>"
