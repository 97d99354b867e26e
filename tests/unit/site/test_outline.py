"""The structure of a text on its page."""

import pytest

from presswork.site.outline import with_levels, with_outline
from presswork.site.phrases import phrases_for

ENGLISH = phrases_for("en")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([1, 2, 3, 2], [2, 3, 4, 3]),
        ([2, 3, 3, 2], [2, 3, 3, 2]),
        ([3, 3, 2, 3], [2, 2, 2, 3]),
        ([2, 4, 3, 5, 6], [2, 3, 3, 4, 5]),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 6]),
    ],
)
def test_headings_follow_that_of_the_page(given: list[int], shown: list[int]) -> None:
    """No heading is of the page's own level, and none skips one, whatever their author wrote."""
    html = "".join(f'<h{level} id="x">T</h{level}>' for level in given)
    assert with_outline(html, ENGLISH) == "".join(f'<h{n} id="x">T</h{n}>' for n in shown)


def test_tables_have_names_of_their_own() -> None:
    """Each outermost table is a region that the keyboard reaches, told apart by its number."""
    html = "<table><tr><td><table></table></td></tr></table><p>x<br>y</p><table></table>"
    assert with_outline(html, ENGLISH) == (
        '<section class="wide" aria-label="Table 1" tabindex="0">'
        "<table><tr><td><table></table></td></tr></table></section><p>x<br>y</p>"
        '<section class="wide" aria-label="Table 2" tabindex="0"><table></table></section>'
    )


def test_cells_are_aligned_by_class() -> None:
    """The attribute that HTML gave up becomes a class; the start of the line needs none."""
    cells = '<th align="right">a</th><td align="left">b</td><td align="x">c</td>'
    html = f"<table><tr>{cells}</tr></table>"
    made = with_outline(html, ENGLISH)
    assert '<th class="align-right">a</th><td>b</td><td>c</td>' in made


def test_code_is_reached_by_the_keyboard() -> None:
    """Code that is wider than the screen can be scrolled without a mouse."""
    assert with_outline("<pre><code>x</code></pre>", ENGLISH).startswith('<pre tabindex="0"><code>')


def test_a_caption_stands_in_its_figure_alone() -> None:
    """HTML allows a caption as child of a figure only; elsewhere it is plain text."""
    good = '<figure><img src="a" alt=""><figcaption>x</figcaption></figure>'
    assert with_outline(good, ENGLISH) == good
    stray = "<figure><div><figcaption>x</figcaption></div></figure><figcaption>y</figcaption>"
    assert with_outline(stray, ENGLISH) == (
        '<figure><div><div class="caption">x</div></div></figure><div class="caption">y</div>'
    )


@pytest.mark.parametrize(
    "given",
    [
        "<p><em>a</em>[b]</p>",
        "<em>[b]</em>",
        "<figure><br><em>a</em><figcaption>b</figcaption></figure>",
        '<figure><a href="x<figure>">a</a><figcaption>b</figcaption></figure>',
        "<figure><em>a<b>c</b></em><figcaption>b</figcaption></figure>",
        "<figcaption-x>a</figcaption-x><h2>b</h2><figure><figcaption>c</figcaption></figure>",
        "<ul><li>a</li></ul>[b]",
    ],
)
def test_elements_beside_a_caption_change_nothing_of_it(given: str) -> None:
    """Those without tags in them are passed over, and are no more around it than others."""
    html = given.replace("[b]", "<figcaption>b</figcaption>")
    assert with_outline(html, ENGLISH) == given.replace("[b]", '<div class="caption">b</div>')


def test_levels_alone_are_those_of_the_page() -> None:
    """The table of contents has the headings as the page has them, without the rest being done."""
    html = "<pre>x</pre><h1>a</h1><table></table><h4>b</h4><figcaption>c</figcaption>"
    assert with_levels(html, ENGLISH) == (
        "<pre>x</pre><h2>a</h2><table></table><h3>b</h3><figcaption>c</figcaption>"
    )


@pytest.mark.parametrize("value", ["<h1>", "a<table>", "<pre"])
def test_a_tag_in_the_value_of_an_attribute_is_none(value: str) -> None:
    """What stands in a title or an address is no heading, no table and no code."""
    html = f'<p title="{value}" id="x">a</p><h2>b</h2><p id="{value}">c</p>'
    assert with_outline(html, ENGLISH) == html
