"""The headings of a text: anchors to link to, and a table of contents."""

import re

from presswork.content import prose
from presswork.patterns import late
from presswork.post import Heading
from presswork.slugs import slugify

# HTML as nh3 writes it: attribute values in double quotes, every other `<` the start of a tag.
_HEADING = late(r'<h([1-6])((?: [a-z-]+="[^"]*")*)>(.*?)</h\1>', re.DOTALL)
_ID = late(r' id="([^"]*)"')
_CHOSEN = late(r"[^\W_][\w:.-]{0,99}")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""The elements that are headings."""
_NAMELESS = "section"


def anchored(html: str) -> tuple[str, tuple[Heading, ...]]:
    """Sanitised HTML in which each heading has an id of its own, and its headings in order.

    An id is the slug of the heading's text, numbered from 1 where it is taken: what GitHub and Hugo
    make of it, so that links to a part of a page go on working. A heading that has an id keeps it,
    unless one before it has the same. A heading without text is passed over.
    """
    taken = set(_ID.findall(html)) if " id=" in html else set()
    given: set[str] = set()
    numbers: dict[str, int] = {}
    headings = []

    def anchor(found: re.Match[str]) -> str:
        level, attributes, inner = found.groups()
        text = prose.without_tags(inner)
        if not text:
            return found[0]
        own = _ID.search(attributes)
        id = (
            own[1]
            if own and own[1] not in given
            else _free(slugify(text) or _NAMELESS, taken, numbers)
        )
        taken.add(id)
        given.add(id)
        headings.append(Heading(level=int(level), id=id, text=text))
        return f'<h{level}{_ID.sub("", attributes)} id="{id}">{inner}</h{level}>'

    return _HEADING.sub(anchor, html), tuple(headings)


def is_anchor(id: str) -> bool:
    """Whether an id has the form of a heading's: a slug, or what an author can choose."""
    return bool(id) and (_CHOSEN.fullmatch(id) is not None or slugify(id) == id)


def _free(slug: str, taken: set[str], numbers: dict[str, int]) -> str:
    """A slug that is not taken; `numbers` are the last ones that were given."""
    if slug not in taken:
        return slug
    number = numbers.get(slug, 0) + 1
    while f"{slug}-{number}" in taken:
        number += 1
    numbers[slug] = number
    return f"{slug}-{number}"
