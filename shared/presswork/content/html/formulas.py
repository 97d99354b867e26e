"""Formulas in MathML: what shows them is kept, what could be anything else is not (MathML Core)."""

from presswork.content.html import tree
from presswork.content.html.allowed import FORMULA_ELEMENTS
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog

_SHOWS_FIRST = ("semantics", "maction")
"""Of these only the first child is seen; the others are notes, in LaTeX for example."""


def tidy(body: Element, log: RepairLog) -> None:
    """Leaves of each formula the elements that show it; of others in it, the words."""
    for formula in list(body.iter("math")):
        for element in list(formula.iter(*_SHOWS_FIRST)):
            for other in list(element)[1:]:
                tree.remove(other)
            tree.unwrap(element)
        for element in list(formula.iter()):
            if element.tag not in FORMULA_ELEMENTS:
                log.add("formula-tag", before=tree.outer(element), sign=f"<{element.tag}")
                tree.unwrap(element)
