"""Formulas of TeX as MathML, which browsers draw without a script."""

import re
from contextlib import suppress
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

import nh3

from presswork.math_work import read_twice
from presswork.patterns import late

if TYPE_CHECKING:
    from math_core import LatexToMathML

MAX_LENGTH = 5000
"""How long the TeX of one formula may be."""
MAX_DEPTH = 100
MAX_COMMANDS = 800
"""The library's parser calls itself for each group, and for each command inside another's argument.

What is nested deeper than its stack ends the whole process: a stack of 1 MB holds twice as much.
"""
MOST_READ_TWICE = 10
"""How much the library may read twice: a bracket without an end, and all that stands behind it.

Its work doubles with every one: with forty it would read for days.
"""

FORMULA = late(
    r'<(?P<tag>span|code) data-math-style="(?P<style>inline|display)">(?P<tex>[^<]*+)</(?P=tag)>'
)
"""A formula in sanitised HTML, as TeX."""

# A definition could make the text longer than it is, and nest it in itself.
_DEFINITION = late(r"\\(?:[egx]?def|let|(?:re)?newcommand|providecommand|global)(?![A-Za-z])")
# Links to other formulas lead nowhere, since each is read alone.
_REFERENCE = late(r"\\(?:eq)?ref(?![A-Za-z])")
_NESTING = late(r"\\(?:left|right|begin|end)(?![A-Za-z])|\\.|[{}]", re.DOTALL)
_STEP = {"{": 1, "\\left": 1, "\\begin": 1, "}": -1, "\\right": -1, "\\end": -1}
_COMMAND = late(r"\\[A-Za-z]")
_NUMBERED = late(r"(\\(?:begin|end)\{)(equation|align|gather|multline)(?=\})")
_NUMBER = late(r"\\tag(?![A-Za-z])")
_ENVIRONMENT = late(r"\s*\\begin\{")
_OTHER_NAMES = {"split": "aligned", "eqnarray": "align*", "eqnarray*": "align*"}
_RENAMED = late(r"(\\(?:begin|end)\{)(split|eqnarray\*?)(?=\})")
_MOST_ARGUMENTS = 4
_WITHOUT_ARGUMENTS = frozenset({"cr", "hline", "limits", "nolimits"})
"""Commands that cannot stand alone, and yet take nothing."""
_MACROS = {"mbox": r"\text{#1}", "hbox": r"\text{#1}", "pmb": r"\boldsymbol{#1}"}

_TAGS = frozenset(
    "b code i math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot "  # noqa: SIM905
    "mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover span".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder class depth display displaystyle fence form height largeop linethickness "  # noqa: SIM905
    "lspace mathcolor mathvariant maxsize minsize movablelimits notation rspace scriptlevel "
    "stretchy symmetric voffset width".split()
)
# The site's policy lets no style stand in an element.
_STYLE = late(r' (?:style="(?P<style>[^"]*)"|class="[^"]*")')
_COLOUR = late(r"color:(#[0-9A-Fa-f]{6})")
_CLASSES = {
    "text-align: right": "math-right",
    "text-align: left": "math-left",
    "width: 50%": "math-fill",
    "border-top": "math-top",
    "border-left": "math-left-rule",
    "border-right": "math-right-rule",
}


def with_mathml(html: str) -> str:
    """Sanitised HTML with each formula drawn; one that cannot be read stays as its TeX."""
    return FORMULA.sub(_drawn, html) if " data-math-style=" in html else html


def _drawn(formula: re.Match[str]) -> str:
    made = mathml(unescape(formula["tex"]), display=formula["style"] == "display")
    return made or f'<code class="math">{formula["tex"]}</code>'


@lru_cache(maxsize=1000)
def mathml(tex: str, *, display: bool) -> str | None:
    """The MathML of one formula; None where it cannot be read."""
    if len(tex) > MAX_LENGTH or not _is_bounded(tex) or _DEFINITION.search(tex):
        return None
    from math_core import LatexError  # noqa: PLC0415  most posts hold no formula

    try:
        made = _converter().convert_with_local_state(_spelled(tex), displaystyle=display)
    except LatexError:
        return None
    return _cleaner().clean(_STYLE.sub(_without_style, made))


def _is_bounded(tex: str) -> bool:
    depth = 0
    for token in _NESTING.finditer(tex):
        depth += _STEP.get(token[0], 0)
        if depth > MAX_DEPTH:
            return False
    if read_twice(tex, _arguments) > MOST_READ_TWICE or _REFERENCE.search(tex):
        return False
    return len(_COMMAND.findall(tex)) <= MAX_COMMANDS


@lru_cache(maxsize=1000)
def _arguments(command: str) -> int | None:
    """How many arguments a command takes: as many as the library needs to read it."""
    from math_core import LatexError  # noqa: PLC0415  as below

    if command in _WITHOUT_ARGUMENTS:
        return 0
    for count in range(_MOST_ARGUMENTS + 1):
        with suppress(LatexError):
            _converter().convert_with_local_state(f"\\{command} {'x ' * count}", displaystyle=True)
            return count
    return None


def _spelled(tex: str) -> str:
    """The formula as the library knows it, numbered only where its author gives the number."""
    tex = _RENAMED.sub(lambda found: found[1] + _OTHER_NAMES[found[2]], tex)
    if not _NUMBER.search(tex):
        return _NUMBERED.sub(r"\1\2*", tex)
    return tex if _ENVIRONMENT.match(tex) else rf"\begin{{equation}}{tex}\end{{equation}}"


def _without_style(attribute: re.Match[str]) -> str:
    style = attribute["style"] or ""
    colour = _COLOUR.match(style)
    if colour:
        return f' mathcolor="{colour[1]}"'
    classes = " ".join(name for rule, name in _CLASSES.items() if rule in style)
    return f' class="{escape(classes)}"' if classes else ""


@cache
def _converter() -> "LatexToMathML":
    from math_core import LatexToMathML  # noqa: PLC0415  as above

    return LatexToMathML(macros=_MACROS, fancy_error=False, max_expansions=100)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(_TAGS), attributes={"*": set(_ATTRIBUTES)}, link_rel=None)
