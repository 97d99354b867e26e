"""A body of Markdown on its way to be rendered: what is replaced in it, and who is told."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote

from presswork.content.dialects.code import Code
from presswork.content.repair_log import RepairLog
from presswork.patterns import late

START, END = "\ufdd0", "\ufdd1"
"""Around the number of a stand-in: no characters, so that no author can have written them."""

_STAND_IN = late(rf"{START}(\d{{1,9}}){END}")
_PARAGRAPH = late(rf"<p>{START}(\d{{1,9}}){END}</p>\n?")
_TAG = late(r"<[A-Za-z][^<>]*+>")
_VALUE = late(r'(?<==")[^"]*+(?=")')
_IN_ADDRESS = late(rf"{quote(START)}(\d{{1,9}}){quote(END)}", re.IGNORECASE)
_LEFT = late(rf"{START}[^{START}{END}<>]*+{END}|[{START}{END}]")
"""What Markdown did not take for what it was to stand for."""
_LONGEST_LINE = 500
_BEFORE = " \t\n>"
"""What may stand on a line in front of the code that begins on it."""

Make = Callable[[re.Match[str]], str | None]


class Draft:
    """A text and its log.

    A stand-in takes the place of what Markdown must not read; `rendered` puts it into the HTML.
    """

    def __init__(self, text: str, log: RepairLog, first_line: int) -> None:
        self._written = f"\n{text}\n"
        self._text = text
        self._log = log
        self._first_line = first_line
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
            blanks = len(match[0]) - len(match[0].lstrip(_BEFORE))
            end = self.code.end(match.start() + blanks)
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

    def mended(
        self, rule: str, at: re.Match[str], after: str | None = None, *, before: str = ""
    ) -> None:
        """Tells that what matched, or what stood `before`, was put into Markdown."""
        line = None if rule in self._told else self._line(at)
        self._told.add(rule)
        self._log.add(rule, before=before or at[0].strip(), after=after, line=line)

    def left(self, rule: str, at: re.Match[str], message: str, fix: str) -> None:
        """Tells that what matched stays as it is; a rule says what it said first."""
        line = None if rule in self._messages else self._line(at)
        message, fix = self._messages.setdefault(rule, (message, fix))
        self._log.add_warning(rule, message, fix, line=line)

    def rendered(self, html: str) -> str:
        """The HTML with what stand-ins stand for."""
        if START not in html:
            return html
        html = _TAG.sub(lambda tag: self._in_values(tag[0]) if START in tag[0] else tag[0], html)
        html = _IN_ADDRESS.sub(lambda found: quote(self._of(found)[1]), html)
        html = _PARAGRAPH.sub(self._block, html)
        html = _STAND_IN.sub(lambda found: self._of(found)[0], html)
        return _LEFT.sub("", html)

    def _block(self, paragraph: re.Match[str]) -> str:
        html, _, block = self._of(paragraph)
        return html if block else paragraph[0]

    def _in_values(self, tag: str) -> str:
        return _VALUE.sub(lambda found: escape(self._words(unescape(found[0]))), tag)

    def _words(self, value: str) -> str:
        return _STAND_IN.sub(lambda found: self._of(found)[1], value)

    def _of(self, found: re.Match[str]) -> tuple[str, str, bool]:
        number = int(found[1])
        return self._made[number] if number < len(self._made) else ("", "", False)

    def _line(self, at: re.Match[str]) -> int | None:
        """The line of a match, by that line or else by what it holds, as its author wrote it."""
        text = at.string
        start = text.rfind("\n", max(0, at.start() - _LONGEST_LINE), at.start()) + 1
        end = text.find("\n", at.end(), at.end() + _LONGEST_LINE)
        line = text[start : end if end >= 0 else at.end() + _LONGEST_LINE].strip("\n")
        for sign in (f"\n{line}\n", f"\n{line}", at[0].strip(), *filter(None, at.groups())):
            found = self._written.find(sign) if sign.strip() else -1
            if found >= 0:
                behind = found + len(sign) - len(sign.lstrip("\n"))
                return self._first_line + self._written.count("\n", 0, behind) - 1
        return None
