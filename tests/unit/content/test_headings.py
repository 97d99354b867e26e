"""Anchors and the table of contents."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.content.html.headings import anchored
from presswork.content.html.sanitizing import sanitize
from presswork.post import Heading
from unit.content.reading import read


@pytest.mark.parametrize(
    ("body", "headings"),
    [
        ("## A *b* `c`", [(2, "a-b-c", "A b c")]),
        (
            "## 你好，世界\n\n### Ünï & co",
            [(2, "你好-世界", "你好，世界"), (3, "ünï-co", "Ünï & co")],
        ),
        ("## a\n\n## a\n\n## a-1\n\n## a", [(2, "a", "a"), (2, "a-1", "a"), (2, "a-1-1", "a-1")]),
        ("## !!!\n\n## ???", [(2, "section", "!!!"), (2, "section-1", "???")]),
        ("##\n\n## a", [(2, "a", "a")]),
        ('<h2 id="toc-1">a</h2>\n<h2 id="toc-1">b</h2>', [(2, "toc-1", "a"), (2, "b", "b")]),
        ("no heading", []),
    ],
)
def test_each_heading_has_an_anchor(body: str, headings: list[tuple[int, str, str]]) -> None:
    """An id is the slug of the text, numbered where it is taken."""
    parsed = read(body, title="T")
    found = [(each.level, each.id, each.text) for each in parsed.post.toc]
    assert found[: len(headings)] == headings
    for level, id, _ in found:
        assert parsed.html.count(f'<h{level} id="{id}">') == 1
    assert sanitize(parsed.html) == parsed.html


def test_a_heading_that_became_the_title_is_not_in_the_contents() -> None:
    """The contents name what stands on the page."""
    parsed = read("# One\n\n## Two")
    assert parsed.post.title == "One"
    assert parsed.post.toc == (Heading(level=2, id="two", text="Two"),)


def test_an_id_is_kept_once() -> None:
    """Of two headings with one id, which trusted HTML can have, the first keeps it."""
    html, _ = anchored('<h2 id="x">a</h2><h2 id="x">b</h2>')
    assert html == '<h2 id="x">a</h2><h2 id="b">b</h2>'


def test_links_to_a_heading_lead_there() -> None:
    """What an author links to by the usual name of an anchor is found."""
    html = read("[up](#the-end)\n\n## The end", title="T").html
    assert 'href="#the-end"' in html
    assert 'id="the-end"' in html


@given(st.lists(st.sampled_from(["a", "a 1", "a-1", "b", "!", " ", "你", "A"]), max_size=12))
def test_anchors_are_unique(texts: list[str]) -> None:
    """No two elements have one id, whatever the headings are called."""
    html, headings = anchored("".join(f"<h2>{text}</h2>" for text in texts))
    ids = [heading.id for heading in headings]
    assert len(set(ids)) == len(ids)
    assert all(html.count(f' id="{id}"') == 1 for id in ids)
    assert anchored(html) == (html, headings)


def test_many_equal_headings_are_numbered_at_once() -> None:
    """Their number does not make each one slower."""
    started = time.process_time()
    html, _ = anchored("<h2>a</h2>" * 20_000)
    assert '<h2 id="a-19999">' in html
    assert time.process_time() - started < 5
