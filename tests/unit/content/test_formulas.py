"""MathML in bodies."""

import pytest

from presswork.content.html.sanitizing import sanitize
from unit.content.reading import read
from unit.content.test_properties import judge_formulas


@pytest.mark.parametrize(
    ("formula", "kept"),
    [
        ("<mi mathvariant='bold'>x</mi>", '<mi mathvariant="bold">x</mi>'),
        ("<mi>x</mi><mspace width='-1em'/>", '<mi>x</mi><mspace width="-1em"></mspace>'),
        ("<mi class=a style='color:red' href='x'>x</mi>", "<mi>x</mi>"),
        ("<mo lspace='url(x)'>+</mo>", "<mo>+</mo>"),
        ("<semantics><mi>x</mi><annotation>y</annotation></semantics>", "<mi>x</mi>"),
        ("<maction><mi>x</mi><mi>y</mi></maction>", "<mi>x</mi>"),
        ("<mtext>a <b>b</b></mtext>", "<mtext>a b</mtext>"),
        ("<menclose><mi>x</mi></menclose>", "<mi>x</mi>"),
    ],
)
def test_what_shows_a_formula_is_kept(formula: str, kept: str) -> None:
    """Its elements and few attributes; of other elements the words."""
    assert read(f"<p><math>{formula}</math></p>").html == f"<p><math>{kept}</math></p>"
    assert "<math><" in read(f"Text <math>{formula}</math> text.").html


@pytest.mark.parametrize(
    "html", ["<math><mtext><b>a</b></mtext></math>", "<math><mi><img src=x></mi><p>a</p></math>"]
)
def test_the_sanitiser_alone_leaves_no_html_in_a_formula(html: str) -> None:
    """Where browsers switch between two languages, most ways around a sanitiser lead through."""
    kept = sanitize(html)
    assert "a" in kept
    judge_formulas(kept)
    with pytest.raises(AssertionError):
        judge_formulas("<math><mtext><b>a</b></mtext></math>")
