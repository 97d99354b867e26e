"""Drawings that stand in a post as inline SVG: pages have none, and so their words are kept."""

from presswork.content.html import tree
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog
from presswork.patterns import late

_WORDS = ("title", "desc", "text", "foreignobject")
_PICTURES = ("image", "{*}image")
_SMALL = late(r"\s*(?:[0-9]|[123][0-9]|4[0-8])(?:\.[0-9]{0,9})?(?:px)?\s*")


def leave_words(body: Element, log: RepairLog) -> None:
    """Puts the labels of each drawing in its place, and warns of the drawing.

    One that shows pictures is left for `image_repairs`; a small one without words is an icon.
    """
    for drawing in list(body.iter("svg")):
        if drawing.getparent() is None or next(drawing.iter(*_PICTURES), None) is not None:
            continue
        words = list(filter(None, map(tree.text_of, _labels(drawing))))
        if not words and _is_icon(drawing):
            log.add("icon", before=tree.outer(drawing), sign="<svg")
        else:
            log.add_warning(
                "drawing-left-out",
                "A drawing in SVG is left out; what is written in it stands as text."
                if words
                else "A drawing in SVG is left out.",
                "Save it as a file beside the post, and show it as an image: "
                "![what it shows](drawing.svg)",
                sign="<svg",
            )
        tree.replace(drawing, [" ".join(["", *words, ""])] if words else [])


def _labels(drawing: Element) -> list[Element]:
    labels = drawing.iter(*_WORDS)
    return [each for each in labels if next(each.iterancestors(*_WORDS), None) is None]


def _is_icon(drawing: Element) -> bool:
    sizes = [drawing.get("width"), drawing.get("height")]
    small = any(size is not None and _SMALL.fullmatch(size) for size in sizes)
    return small or drawing.get("aria-hidden") == "true"
