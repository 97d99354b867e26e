"""Words that pasted HTML makes bold or italic by a style alone, as Google Docs and Word do."""

from presswork.content.html import tree
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog

_LONGEST = 2_000
_BOLD = frozenset(("bold", "bolder", "600", "700", "800", "900"))
_UPRIGHT = frozenset(("normal", "lighter", "400"))
_SLANTED = ("italic", "oblique")


def emphasize(body: Element, log: RepairLog) -> None:
    """Says by a tag what a span says by its style, before styles are dropped.

    A `b` of normal weight, which Google Docs puts around all that it hands over, says nothing.
    """
    for element in list(body.iter("span", "b", "i")):
        style = element.get("style", "")
        if not style or len(style) > _LONGEST:
            continue
        said = _declared(style)
        if element.tag == "span":
            _emphasize(element, said, log)
        elif element.tag == "b" and said.get("font-weight") in _UPRIGHT:
            tree.unwrap(element)


def _declared(style: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in style.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _emphasize(span: Element, said: dict[str, str], log: RepairLog) -> None:
    names = [
        *(["strong"] if said.get("font-weight") in _BOLD else []),
        *(["em"] if said.get("font-style") in _SLANTED else []),
        *(["s"] if "line-through" in said.get("text-decoration", "") else []),
    ]
    if not names or not tree.has_text(span):
        return
    log.add("style-emphasis", before=span.get("style"), after=f"<{names[0]}>", sign="<span")
    nodes = tree.taken(span)
    for name in reversed(names[1:]):
        inner = tree.new(name)
        tree.fill(inner, nodes)
        nodes = [inner]
    span.tag = names[0]
    tree.fill(span, nodes)
