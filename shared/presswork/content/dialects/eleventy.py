"""Shortcodes that sites of Eleventy write in Liquid or Nunjucks."""

from presswork.content.dialects import markup
from presswork.content.dialects.liquid import nothing, rooted
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Alone, Table


def _image(mark: TemplateMark) -> str | None:
    src, alt = mark.arguments.word(0), mark.arguments.word(1)
    return markup.image(_of_project(src), alt) if _is_literal(mark, src) else None


def _image_with_class(mark: TemplateMark) -> str | None:
    src, alt = mark.arguments.word(0), mark.arguments.word(2)
    return markup.image(_of_project(src), alt) if _is_literal(mark, src) else None


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
