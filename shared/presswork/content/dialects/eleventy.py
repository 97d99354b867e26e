"""Shortcodes that sites of Eleventy write in Liquid or Nunjucks."""

import re

from presswork.content.dialects import markup
from presswork.content.dialects.arguments import arguments_of
from presswork.content.dialects.liquid import nothing, rooted
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Alone, Table
from presswork.patterns import late

_STRING = r"""\s*+(?:"[^"]*+"|'[^']*+')\s*+,?"""
_FIRST = late(_STRING)
_FIRST_AND_CLASS = late(_STRING * 2)
_QUOTED = late(r"""\s*+(["'])(.*)\1\s*+""", re.DOTALL)


def _image(mark: TemplateMark) -> str | None:
    return _described(mark, _FIRST)


def _image_with_class(mark: TemplateMark) -> str | None:
    return _described(mark, _FIRST_AND_CLASS)


def _described(mark: TemplateMark, front: re.Pattern[str]) -> str | None:
    """An image and its description, the last of what is given; quotes may stand in the words."""
    src = mark.arguments.word(0)
    behind = front.match(mark.given)
    if not behind or not _is_literal(mark, src):
        return None
    rest = mark.given[behind.end() :]
    whole = _QUOTED.fullmatch(rest)
    is_broken = bool(mark.arguments.bare) and whole is not None
    if whole and is_broken:
        return markup.image(_of_project(src), whole[2])
    words = arguments_of(rest).words or ("",)
    # A class may stand in front of the description, and sizes behind it.
    alt = next((word for word in words if " " in word and not word.startswith("(")), words[0])
    return markup.image(_of_project(src), alt)


def _figure(mark: TemplateMark) -> str | None:
    src, alt, caption = (mark.arguments.word(number) for number in range(3))
    if not _is_literal(mark, src):
        return None
    return markup.figure(_of_project(src), alt, markup.words(caption))


def _is_literal(mark: TemplateMark, src: str) -> bool:
    return bool(src) and src not in mark.arguments.bare


def _of_project(src: str) -> str:
    """A path with folders begins at the project, unless it begins with a point."""
    return src if src.startswith(".") or "/" not in src else rooted(src)


TAGS: Table = {
    "image": Alone("template-image", _image),
    "img": Alone("template-image", _image),
    "image_with_class": Alone("template-image", _image_with_class),
    "figure": Alone("template-figure", _figure),
}
COMMENT = Alone("template-comment", nothing)
"""What Nunjucks writes as `{# … #}`."""
