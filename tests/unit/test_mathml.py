"""Formulas as pages draw them."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswork.content.html.sanitizing import sanitize
from presswork.math_work import read_twice
from presswork.mathml import MAX_COMMANDS, MAX_DEPTH, MAX_LENGTH, _arguments, mathml, with_mathml

ALIGNED = r"\begin{aligned} a &= b \\ c &= d \end{aligned}"


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        ("x^2", ["<msup><mi>x</mi><mn>2</mn></msup>"]),
        (r"\frac{a}{b}", ["<mfrac><mi>a</mi><mi>b</mi></mfrac>"]),
        ("a<b", ["<mo>&lt;</mo>"]),
        (ALIGNED, ['<mtd class="math-right"><mi>a</mi></mtd>', '<mtd class="math-left">']),
        (r"\begin{split}a\end{split}", ["<mtable"]),
        (r"\textcolor{red}{x}", ['mathcolor="#FF0000"']),
        (r"\mbox{if } x", ["<mtext>if&nbsp;</mtext>"]),
        (r"\begin{array}{c|c}a&b\\\hline c&d\end{array}", ["math-right-rule", "math-top"]),
        ("x = 1 \\tag{7}", ["<mtext>(7)</mtext>"]),
        ("\nx\n", ["<mi>x</mi>"]),
    ],
)
def test_a_formula_is_drawn(tex: str, parts: list[str]) -> None:
    """It is MathML, whose looks are classes and attributes, since no style may stand in it."""
    made = mathml(tex, display=True)
    assert made is not None
    assert made.startswith('<math display="block">')
    assert all(part in made for part in parts)
    assert " style=" not in made


def test_formulas_are_numbered_by_their_authors_alone() -> None:
    """Each formula is read by itself: a number of its own would be (1) for all of them."""
    assert "(1)" not in (mathml(r"\begin{align}a&=b\end{align}", display=True) or "(1)")
    assert "(1)" not in (mathml(r"\begin{equation}a\end{equation}", display=True) or "(1)")


@pytest.mark.parametrize(
    "tex",
    [
        r"\nosuch{x}",
        r"\frac{1",
        r"\href{javascript:alert(1)}{x}",
        r"\eqref{one}",
        r"\newcommand{\a}{b}\a",
        r"\def\a{\a\a}\a",
        "x" * (MAX_LENGTH + 1),
        r"\hat " * (MAX_COMMANDS + 1) + "a",
        "{" * (MAX_DEPTH + 1) + "a" + "}" * (MAX_DEPTH + 1),
    ],
)
def test_what_cannot_be_drawn_is_told(tex: str) -> None:
    """Unknown commands, definitions, and what is too long or too deep are no MathML."""
    assert mathml(tex, display=False) is None


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 2400 + "a" + "}" * 2400,
        r"\sqrt{" * 700 + "a" + "}" * 700,
        r"\left(" * 380 + r"\right)" * 380,
        r"\bar" * 1200 + " a",
        r"\frac a" * 700 + "b",
        r"\overset a" * 490 + "b",
        "x^" * 2400,
        r"\begin{matrix}" * 180 + r"\end{matrix}" * 180,
    ],
)
def test_no_formula_overflows_the_stack(tex: str) -> None:
    """The library calls itself as deep as a formula nests; a stack of 1 MB is enough for all."""
    code = f"from presswork.mathml import mathml; mathml({tex!r}, display=True)"
    stack = "import threading; threading.stack_size(2**20); "
    started = f"{stack}each = threading.Thread(target=lambda: exec({code!r})); each.start()"
    done = subprocess.run([sys.executable, "-c", f"{started}; each.join()"], check=False)
    assert done.returncode == 0


HOSTILE = r"""
from presswork.mathml import mathml
opening = r"( [ \{ \lbrace \lbrack \langle \lvert \lVert \lfloor \lceil \lgroup \lmoustache".split()
opening += r"\llbracket \ulcorner \llcorner \lBrace \lparen \lang \llangle \lAngle".split()
opening += r"\llparenthesis \bigl( \Biggl| \not( \pmod\sqrt \pmod_ \mathchoice \ket_ \bra^".split()
opening += "⌈⌊⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼"
behind = r"x _( {)} \text{)} \big) ^) \right) \not) ] & \\ \hat) \sqrt] \sqrt[x]) \nosuch)".split()
behind += [r"\frac ) x", r"\frac x )", r"\frac{x} )", r"x_\mathrm )", r"x_\bigr )"]
behind += ["% )\n", r"\ket ( )"]
for one in opening:
    for other in ("", *behind):
        for display in (True, False):
            mathml(f"{one}{other}" * 60, display=display)
            mathml(f"a {one}" * 60 + other * 60, display=display)
            mathml(r"\begin{matrix}" + f"a {one}{other}" * 60 + r"\end{matrix}", display=display)
"""


def test_no_formula_takes_for_ever() -> None:
    """What the library reads twice is bounded: brackets without an end, arguments of arguments."""
    subprocess.run([sys.executable, "-c", HOSTILE], timeout=240, check=True)


@pytest.mark.parametrize(
    ("tex", "twice"),
    [
        ("[0,1) \\cup (2, f(3)]", 0),
        ("(((", 3),
        ("({)}", 1),
        (r"\left( ( \right)", 1),
        (r"\left( x \right) \left\{ y \right.", 0),
        (r"\langle a \rangle \lfloor b \rfloor \llbracket c \rrbracket", 0),
        (r"\ulcorner d \urcorner \lBrace e \rBrace \lvert f \rvert", 0),
        (r"\bigl( x \bigr) \big( y \big)", 0),
        (r"( \big)", 1),
        ("( ^)", 1),
        (r"\{ a \} \leq \left. b \right| \lambda", 0),
        (r"\begin{matrix} ( \end{matrix} )", 1),
        (r"a \pmod{p} \pmod 3 \pmod{p^{2}}", 0),
        (r"\pmod{\pmod{3}}", 1),
        (r"\pmod\sqrt x", 1),
        (r"\\( a \\)", 0),
        ("⟨a⟩ ⌈b⌉ ⦍c⦎", 0),
        ("}}}(", 1),
        (r"( \hat )", 1),
        (r"( \frac ) x", 1),
        (r"( \frac x ) )", 0),
        (r"( \sqrt[3]{x} )", 0),
        (r"( x_\mathrm )", 1),
        (r"( x_\alpha )", 0),
        ("( % )", 1),
        (r"( \nosuch{x} )", 1),
        (r"\hat ( )", 1),
        (r"\ket\psi \bra{\phi} \ket{\hat{x}}", 0),
        (r"\ket{\ket{x}}", 1),
        (r"\begin{cases} [0,1[ & x \\ [1,2[ & y \\[1em] [2,3[ & z \end{cases}", 2),
        (r"\begin{cases} ( & ( } \end{cases}", 2),
        (r"\begin{cases} ( & (", 2),
        ("( & ( \\\\ (", 3),
    ],
)
def test_what_may_be_read_twice_is_counted(tex: str, twice: int) -> None:
    """A bracket counts that nothing closes in its group, and an argument with an argument in it."""
    assert read_twice(tex, _arguments) == twice


def test_a_few_brackets_may_have_no_end() -> None:
    """A formula is drawn with ten of them, and not with eleven."""
    assert mathml("a(" * 10, display=True) is not None
    assert mathml("a(" * 11, display=True) is None


PIECES = [*"ab12{}^_&<>\"' \\$%#", "\\text{", "\\frac", "\\left(", "&#60;", "<img onerror=x>"]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_drawn_formulas_hold_nothing_else(tex: str) -> None:
    """Whatever a formula holds, its MathML has no tags, handlers or addresses of its author."""
    made = mathml(tex, display=False) or ""
    assert "<script" not in made.lower()
    assert "href" not in made
    assert not re.search(r"<[^>]*\son\w+=", made)


def test_a_page_draws_what_it_can() -> None:
    """A formula that is read is MathML; another is its TeX, as code."""
    html = (
        '<p><span data-math-style="inline">a &lt; b</span> and '
        '<code data-math-style="display">\\nosuch</code></p>'
    )
    drawn = with_mathml(sanitize(html))
    assert "<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>" in drawn
    assert '<code class="math">\\nosuch</code>' in drawn
    assert with_mathml("<p>no formula</p>") == "<p>no formula</p>"


def test_a_word_that_is_an_environment_elsewhere_is_a_word() -> None:
    """`split` is written otherwise where a formula begins and ends one, and nowhere else."""
    assert "aligned" not in (mathml(r"N_{\text{split}}", display=False) or "")
    assert "aligned" not in (mathml(r"\begin{split}a&=b\end{split}", display=True) or "")
