"""The structure of a text, made sound for the page that it stands on.

The input is HTML as nh3 serialises it: each element that is opened is closed.
"""

import re
from html import escape

from presswork.patterns import late
from presswork.site.bodies import VOID, Tags
from presswork.site.phrases import Phrases

_NAME = "[a-zA-Z][a-zA-Z0-9-]*+"
_HEADINGS = Tags("h[1-6]")
_CHANGED = Tags("h[1-6]|pre|table|t[dh]")
_ALL = Tags(_NAME, passed=rf"(?!(?:h[1-6]|pre|table|t[dh]|figcaption)(?![a-zA-Z0-9-])){_NAME}")
_LEVELS = frozenset(f"h{level}" for level in range(1, 7))
_DEEPEST = 6
_ALIGN = late(r' align="(?:(center|right)|[^"]*)"')


def with_outline(html: str, phrases: Phrases) -> str:
    """The text as browsers and screen readers want it.

    Headings follow that of the page, none skips a level. Tables and code scroll by themselves, by
    keyboard too. Cells are aligned by class. A caption without a figure is plain text.
    """
    # What is around a caption decides what becomes of it: only then each tag is walked over.
    walked = _ALL if "figcaption" in html else _CHANGED
    return walked.of(html).sub(_Pass(phrases).replace, html)


def with_levels(html: str, phrases: Phrases) -> str:
    """The text with its headings as `with_outline` has them, and all else as it was."""
    return _HEADINGS.of(html).sub(_Pass(phrases).replace, html)


class _Pass:
    """One walk over the tags of a text."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._open: list[str] = []
        self._levels: list[int] = []
        self._tables = 0

    def replace(self, tag: re.Match[str]) -> str:
        """What stands in a tag's place, with the text before it."""
        before, text = tag["before"], tag[0][tag.end("before") - tag.start() :]
        return before + (self._replaced(tag, text) if tag["name"] else text)

    def _replaced(self, tag: re.Match[str], text: str) -> str:
        name = tag["name"]
        parent = self._step(tag)
        if name in _LEVELS:
            return self._heading(tag)
        if name == "table":
            return self._table(tag, text)
        if name == "pre" and not tag["end"]:
            return f'<pre tabindex="0"{tag["attributes"]}>'
        if name in ("td", "th") and not tag["end"]:
            return f"<{name}{_ALIGN.sub(_aligned, tag['attributes'])}>"
        if name == "figcaption" and parent != "figure":
            return "</div>" if tag["end"] else '<div class="caption">'
        return text

    def _step(self, tag: re.Match[str]) -> str:
        """Follows a tag into or out of its element, and returns the element around that."""
        if tag["name"] not in VOID:
            if tag["end"] and self._open:
                self._open.pop()
            elif not tag["end"]:
                self._open.append(tag["name"])
                return self._open[-2] if len(self._open) > 1 else ""
        return self._open[-1] if self._open else ""

    def _heading(self, tag: re.Match[str]) -> str:
        if not tag["end"]:
            level = int(tag["name"][1])
            while self._levels and self._levels[-1] >= level:
                self._levels.pop()
            self._levels.append(level)
        # The first level is the title of the page.
        shown = min(1 + max(1, len(self._levels)), _DEEPEST)
        return f"<{tag['end']}h{shown}{tag['attributes']}>"

    def _table(self, tag: re.Match[str], text: str) -> str:
        if "table" in (self._open if tag["end"] else self._open[:-1]):
            return text
        if tag["end"]:
            return f"{text}</section>"
        self._tables += 1
        label = escape(f"{self._phrases.table} {self._tables}")
        return f'<section class="wide" aria-label="{label}" tabindex="0">{text}'


def _aligned(align: re.Match[str]) -> str:
    return f' class="align-{align[1]}"' if align[1] else ""
