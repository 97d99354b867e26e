"""A body of Markdown on its way to be rendered: what is replaced in it, and who is told."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote

from presswork.content.dialects.code import Code
from presswork.content.html.repair_log import RepairLog

START, END = "\ufdd0", "\ufdd1"
"""Around the number of a stand-in: no characters, so that no author can have written them."""

_STAND_IN = re.compile(rf"{START}(\d{{1,9}}){END}")
_PARAGRAPH = re.compile(rf"<p>{START}(\d{{1,9}}){END}</p>\n?")
_IN_TAG = re.compile(rf'(?<=")[^"<>]*{START}[^"<>]*(?=")')
_IN_ADDRESS = re.compile(
    rf"{quote(START)}(\d{{1,9}}){quote(END)}".replace("%", "(?i:%)"), re.IGNORECASE
)
_LONGEST_SIGN = 500

Make = Callable[[re.Match[str]], str | None]


class Draft:
    """A text and its log.

    A stand-in takes the place of what Markdown must not read; `rendered` puts it into the HTML.
    """

    def __init__(self, text: str, log: RepairLog) -> None:
        self._written = text
        self._text = text
        self._log = log
        self._code: Code | None = None
        self._made: list[tuple[str, str, bool]] = []
        self._told: set[str] = set()
        self._messages: dict[str, tuple[str, str]] = {}

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text, self._code = text, None

    @property
    def code(self) -> Code:
        """Where code stands in the text as it is now."""
        if self._code is None:
            self._code = Code(self._text, markdown=True, formulas=False)
        return self._code

    def found(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Each match that does not begin in code."""
        text, at = self._text, 0
        matches = []
        while match := pattern.search(text, at):
            end = self.code.end(match.start())
            if end is None:
                matches.append(match)
            at = max(end or match.end(), match.start() + 1)
        return matches

    def replace(self, pattern: re.Pattern[str], make: Make) -> None:
        """Puts what `make` gives in the place of each match outside code, or leaves it at None."""
        parts, at = [], 0
        for match in self.found(pattern):
            made = make(match)
            if made is not None:
                parts += [self._text[at : match.start()], made]
                at = match.end()
        if at:
            self.text = "".join([*parts, self._text[at:]])

    def stand_in(self, html: str, words: str = "", *, block: bool = False) -> str:
        """What stands for HTML until Markdown is rendered, and in attributes for `words`.

        A block takes the place of the paragraph that holds it alone.
        """
        self._made.append((html, words, block))
        return f"{START}{len(self._made) - 1}{END}"

    def mended(self, rule: str, at: re.Match[str], after: str | None = None) -> None:
        """Tells that what matched was put into Markdown."""
        before = at[0].strip()
        sign = "" if rule in self._told else self._sign(at)
        self._told.add(rule)
        self._log.add(rule, before=before, after=after, sign=sign)

    def left(self, rule: str, at: re.Match[str], message: str, fix: str) -> None:
        """Tells that what matched stays as it is; a rule says what it said first."""
        sign = "" if rule in self._messages else self._sign(at)
        message, fix = self._messages.setdefault(rule, (message, fix))
        self._log.add_warning(rule, message, fix, sign=sign)

    def rendered(self, html: str) -> str:
        """The HTML with what stand-ins stand for."""
        if not self._made:
            return html
        html = _IN_TAG.sub(lambda found: escape(self._words(unescape(found[0]))), html)
        html = _IN_ADDRESS.sub(lambda found: quote(self._of(found)[1]), html)
        html = _PARAGRAPH.sub(self._block, html)
        return _STAND_IN.sub(lambda found: self._of(found)[0], html)

    def _block(self, paragraph: re.Match[str]) -> str:
        html, _, block = self._of(paragraph)
        return html if block else paragraph[0]

    def _words(self, value: str) -> str:
        return _STAND_IN.sub(lambda found: self._of(found)[1], value)

    def _of(self, found: re.Match[str]) -> tuple[str, str, bool]:
        number = int(found[1])
        return self._made[number] if number < len(self._made) else ("", "", False)

    def _sign(self, at: re.Match[str]) -> str:
        """The line of a match as its author wrote it, which other lines are less likely to hold."""
        start = at.string.rfind("\n", max(0, at.start() - _LONGEST_SIGN), at.start()) + 1
        end = at.string.find("\n", at.start(), at.start() + _LONGEST_SIGN)
        line = at.string[start:end] if end > 0 else at.string[start : start + _LONGEST_SIGN]
        return line if line.strip() and line in self._written else at[0].strip()
