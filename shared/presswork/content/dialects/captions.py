"""Captions of MkDocs: `/// caption`, a text and `///` below an image make a figure of it."""

import re

from presswork.content.dialects import markup
from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_CAPTIONED = late(
    r"^(?P<image>!\[[^\[\]\n]{0,300}+\]\([^()\n]{1,2000}+\)(?:\{[^{}\n]{0,300}+\})?+)[ \t]*+\n"
    r"(?:[ \t]*+\n)?+///[ ]?(?:figure-)?caption[^\n]*+\n"
    r"(?P<caption>(?:(?!///)[^\n]*+\n){1,20}+)///[ \t]*+$",
    re.MULTILINE,
)


def put_into_markdown(draft: Draft) -> None:
    """Puts a figure in the place of each image with such a caption; its lines are as many."""

    def of(mark: re.Match[str]) -> str:
        caption = markup.words(mark["caption"])
        end = f"<figcaption>{caption}</figcaption></figure>"
        draft.mended("caption", mark, end)
        return f"<figure>\n\n{mark['image']}\n\n{end}"

    draft.replace(_CAPTIONED, of)
