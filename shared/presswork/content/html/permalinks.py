"""Signs behind a heading that link to it: of Sphinx, MkDocs, Jupyter and their like."""

from presswork.content.html import tree
from presswork.content.html.headings import HEADINGS
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog


def drop(body: Element, log: RepairLog) -> None:
    """Drops the links in headings that lead to a place of the page and have no word in them."""
    for heading in body.iter(*HEADINGS):
        for link in list(heading.iter("a")):
            if _is_sign(link):
                log.add("heading-link", before=tree.outer(link), sign="<h")
                tree.remove(link)


def _is_sign(link: Element) -> bool:
    """Whether a link shows a sign such as `\u00b6` alone; one that is a place itself stays."""
    text = tree.text_of(link)
    leads_here = link.get("href", "").startswith("#")
    is_place = bool(link.get("id") or link.get("name"))
    has_words = any(map(str.isalnum, text)) or any(True for _ in link.iter("img", "svg"))
    return leads_here and bool(text) and not is_place and not has_words
