"""Lines of MyST that no reader sees: comments, breaks between blocks, and names of places."""

import re

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_COMMENT = late(r"^[ ]{0,3}%[^\n]*+$", re.MULTILINE)
_BREAK = late(r"^\+{3,}+[^\n]*+$", re.MULTILINE)
_TARGET = late(
    r"^[ ]{0,3}\((?P<name>[\w:.-]{1,100}+)\)=[ \t]*+$"
    r"(?P<heading>\n(?:[ \t]*+\n)?+#{1,6}[ \t]++[^\n{]++$)?+",
    re.MULTILINE,
)


def drop(draft: Draft) -> None:
    """Drops such lines; a heading has the name that stands in front of it for its id."""

    def without(mark: re.Match[str]) -> str:
        draft.mended("hidden-comment", mark)
        return ""

    def named(mark: re.Match[str]) -> str:
        heading = f"{mark['heading'].rstrip()} {{#{mark['name']}}}" if mark["heading"] else ""
        draft.mended("target", mark, heading.strip() or None)
        return heading

    draft.replace(_COMMENT, without)
    draft.replace(_BREAK, without)
    draft.replace(_TARGET, named)
