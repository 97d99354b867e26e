"""Shortcodes of Zola and Tera: `{{ name(argument="value") }}`, `{% name() %}…{% end %}`."""

import re
from dataclasses import replace

from presswork.content.dialects import hugo, liquid, markup
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Alone, Pair, Table
from presswork.patterns import late

_CALL = late(r"(\w+)\((.*)\)\Z", re.DOTALL)


def _streamable(mark: TemplateMark) -> str | None:
    id = mark.arguments.get("id")
    return markup.link(f"https://streamable.com/{id}") if id else None


def _gist(mark: TemplateMark) -> str | None:
    url = mark.arguments.get("url")
    return markup.link(url) if url else None


def _quote(mark: TemplateMark) -> tuple[str, str]:
    given = mark.arguments
    return markup.quotation(
        given.get("author", "by"), given.get("source", "title"), given.get("url")
    )


CALLS: Table = {
    "youtube": Alone("template-embed", hugo.youtube),
    "vimeo": Alone("template-embed", hugo.vimeo),
    "streamable": Alone("template-embed", _streamable),
    "gist": Alone("template-embed", _gist),
    **dict.fromkeys(
        ("figure", "image", "img", "picture", "responsive_image"),
        Alone("template-figure", liquid.picture),
    ),
}
BLOCKS: Table = {
    "quote": Pair("template-quote", _quote),
    "blockquote": Pair("template-quote", _quote),
    **dict.fromkeys(
        (
            "note",
            "tip",
            "info",
            "important",
            "warning",
            "caution",
            "danger",
            "alert",
            "callout",
            "admonition",
            "admonish",
            "hint",
        ),
        Pair("template-note", hugo.note),
    ),
    "details": Pair("template-details", hugo.details),
}


def call(mark: TemplateMark) -> TemplateMark | None:
    """A value that is a call, as the mark of what it calls."""
    found = _CALL.match(mark.given)
    return replace(mark, name=found[1], given=found[2]) if found else None
