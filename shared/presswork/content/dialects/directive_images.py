"""The directives by which MyST shows an image: it, or a figure with its caption, in their place."""

import re

from presswork.content.dialects import markup
from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_DIRECTIVE = late(
    r"^[ ]{0,3}(?P<fence>`{3,}+|~{3,}+|:{3,}+)[ ]*+\{(?:image|figure)\}"
    r"[ \t]*+(?P<src>[^\s`]{1,2000}+)[ \t]*+\n"
    r"(?P<inner>(?:(?![ ]{0,3}(?:```|~~~|:::))[^\n]*+\n){0,100}+)"
    r"[ ]{0,3}(?P=fence)[ \t]*+$",
    re.MULTILINE,
)
_OPTION = late(r":(?P<name>[\w-]++):[ \t]*+(?P<value>[^\n]*+)\n")


def put_into_markdown(draft: Draft) -> None:
    """Puts HTML in the place of each such directive that is no listing of one."""
    if "{image}" not in draft.text and "{figure}" not in draft.text:
        return
    text, code = draft.text, draft.code
    starts = dict(code.ranges)
    parts, end = [], 0
    for mark in _DIRECTIVE.finditer(text):
        start = mark.start("fence")
        is_listing = code.end(start) is not None
        if is_listing and (mark["fence"][0] == ":" or start not in starts):
            continue
        made = _image(mark["src"], mark["inner"])
        draft.mended("directive-image", mark, made)
        parts += [text[end : mark.start()], made, "\n" * mark[0].count("\n")]
        end = mark.end()
    draft.text = "".join([*parts, text[end:]])


def _image(src: str, inner: str) -> str:
    given, at = {}, 0
    while option := _OPTION.match(inner, at):
        given[option["name"]], at = option["value"].strip(), option.end()
    return markup.figure(src, given.get("alt", ""), markup.words(inner[at:]))
