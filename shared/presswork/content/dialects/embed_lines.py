"""Lines such as `@[youtube](id)`, by which Zenn and markdown-it show a film or a card."""

import re

from presswork.content.dialects import markup
from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_LINE = late(
    r"^@\[(?P<name>[A-Za-z]{1,20}+)\]\((?P<given>[^()\s]{1,1000}+)\)[ \t]*+$", re.MULTILINE
)
_FILMS = {"youtube": markup.youtube, "vimeo": markup.vimeo}


def put_into_markdown(draft: Draft) -> None:
    """Puts a player, or a link, in the place of each such line whose address is known."""

    def of(mark: re.Match[str]) -> str | None:
        make, given = _FILMS.get(mark["name"].lower()), mark["given"]
        if make is None and not given.startswith(("http://", "https://")):
            return None
        made = make(given) if make else markup.embed(given)
        draft.mended("embed-line", mark, made)
        return f"\n{made}\n"

    draft.replace(_LINE, of)
