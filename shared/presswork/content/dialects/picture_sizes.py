"""Sizes that other tools write beside a picture, for which CommonMark has no place.

They are dropped: without them, what HackMD writes is no image at all.
"""

import re

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_SIZE = r"\d{1,5}(?:x\d{1,5})?"
# HackMD, markdown-it-imsize: `![a](b.png "T" =200x100)`.
_BEHIND_ADDRESS = late(
    r"(?P<image>!\[[^\[\]\n]{0,300}+\]\([^\s()<>]{1,2000}+"
    r"(?:[ \t]++(?:\"[^\"\n]{0,300}+\"|'[^'\n]{0,300}+'))?+)"
    r"[ \t]++=(?=[\dx])(?:\d{1,5}+%?+)?+x?+(?:\d{1,5}+%?+)?+[ \t]*+\)"
)
# Logseq: `![a](b.png){:height 300, :width 400}`.
_IN_BRACES = late(
    r"(?<=\))\{:(?:height|width) [\d.]{1,8}+%?(?:, :(?:height|width) [\d.]{1,8}+%?)?\}"
)
# Obsidian: `![a|100x145](https://a.example/b.png)`, and the size alone.
_IN_WORDS = late(rf"!\[(?:(?P<words>[^\[\]|\n\\]{{0,300}}+)\\?\|)?{_SIZE}\](?=\()")


def drop(draft: Draft, *, obsidian: bool) -> None:
    """Leaves the pictures without their sizes; numbers for words are sizes to Obsidian alone."""

    def without(mark: re.Match[str], rest: str) -> str:
        draft.mended("picture-size", mark, rest or None)
        return rest

    if "=" in draft.text:
        draft.replace(_BEHIND_ADDRESS, lambda mark: without(mark, f"{mark['image']})"))
    if "){:" in draft.text:
        draft.replace(_IN_BRACES, lambda mark: without(mark, ""))
    if obsidian:
        draft.replace(_IN_WORDS, lambda mark: without(mark, f"![{mark['words'] or ''}]"))
