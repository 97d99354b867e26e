"""Abbreviations: `*[HTML]: Hyper Text Markup Language`, as in kramdown and PHP Markdown Extra."""

import re
from html import escape

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

MOST = 200
"""How many a body may define."""

_DEFINITION = late(
    r"^[ ]{0,3}\*\[(?P<short>[^\]\n]{1,100})\]:[ \t]*(?P<long>[^\n]*)$\n?", re.MULTILINE
)
# A value may hold what ends a tag; what is no tag to browsers may be one to Markdown.
_TAG = late(r"""(</?[A-Za-z!](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>|<[^<>]*+>)""")
_NAME = late(r"<(/?)(pre|code|abbr|script|style)\b", re.IGNORECASE)
# Not behind what begins a stand-in, or the reference of a character.
_WORD = late(r"(?<![\w\ufdd0&#])\w++")


class Abbreviations:
    """What a body says that its abbreviations mean."""

    def __init__(self) -> None:
        self._by_word: dict[str, dict[str, str]] = {}
        self._count = 0

    def take_out(self, draft: Draft) -> None:
        """Takes the definitions out of a draft."""

        def of(mark: re.Match[str]) -> str | None:
            short = mark["short"].strip()
            word = _WORD.match(short)
            if word is None or self._count >= MOST:
                draft.left(
                    "abbreviation",
                    mark,
                    f"{mark[0].strip()[:60]} is not understood: an abbreviation begins with a "
                    f"letter or a digit, and a post has {MOST} of them at most.",
                    "Delete it, or write out what it means.",
                )
                return None
            self._count += 1
            known = self._by_word.setdefault(word[0], {})
            known[escape(short, quote=False).replace('"', "&quot;")] = mark["long"].strip()
            draft.mended("abbreviation", mark, f"<abbr>{short}</abbr>")
            return ""

        draft.replace(_DEFINITION, of)

    def shown(self, html: str) -> str:
        """The HTML that Markdown made, with what each abbreviation means."""
        if not self._count:
            return html
        parts, inside = _TAG.split(html), ""
        for number, part in enumerate(parts):
            tag = _NAME.match(part) if number % 2 else None
            name = tag[2].lower() if tag is not None else ""
            if tag is not None and inside in ("", name):
                inside = "" if tag[1] else name
            elif not number % 2 and not inside:
                parts[number] = self._in_text(part)
        return "".join(parts)

    def _in_text(self, text: str) -> str:
        parts, at = [], 0
        for word in _WORD.finditer(text):
            known = self._by_word.get(word[0])
            if known is None or word.start() < at:
                continue
            fitting = [each for each in known if text.startswith(each, word.start())]
            fitting = [each for each in fitting if not _goes_on(text, word.start() + len(each))]
            if fitting:
                short = max(fitting, key=len)
                shown = f'<abbr title="{escape(known[short])}">{short}</abbr>'
                parts += [text[at : word.start()], shown]
                at = word.start() + len(short)
        return "".join([*parts, text[at:]])


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at an index."""
    return text[at - 1 : at].isalnum() and (text[at : at + 1].isalnum() or text[at : at + 1] == "_")
