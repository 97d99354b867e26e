"""Where code stands in a body: what is inside is shown as it is, and no dialect is read there."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain

from presswork.content.markdown import code_in
from presswork.patterns import late

_TOKEN = late(r"<!--|-->|<(/?(?:pre|code|script|style|textarea))(?=[\s/>])", re.IGNORECASE)
_NEWLINE = late(r"\n")
_NEWLINE_BYTE = late(rb"\n")
_INNER_BYTES = bytes(range(0x80, 0xC0))
"""Of UTF-8: those that begin no character."""

Range = tuple[int, int]
"""Of characters: the first, and the one behind the last."""


class Code:
    """The ranges of a text that are code or comments, in order and apart.

    In Markdown, code is what the Markdown library takes for code. In any text it is what stands in
    `<pre>`, `<code>` and the like, too.
    """

    def __init__(self, text: str, *, markdown: bool, formulas: bool = True) -> None:
        self._formulas = formulas
        self._newlines = [newline.start() for newline in _NEWLINE.finditer(text)]
        self._hold(self._of_markdown(text) if markdown else [])
        self._hold([*self.ranges, *self._of_html(text)])

    def end(self, at: int) -> int | None:
        """Where the code ends that an index stands in; None where it stands in none."""
        around = self.around(at)
        return around and around[1]

    def around(self, at: int) -> Range | None:
        """The range that an index stands in; None where it stands in none."""
        number = bisect_right(self._starts, at) - 1
        return self.ranges[number] if number >= 0 and at < self.ranges[number][1] else None

    def line(self, at: int) -> int:
        """The number of the line that an index stands on; the first is 0."""
        return bisect_left(self._newlines, at)

    def line_start(self, at: int) -> int:
        """The index at which that line begins."""
        number = self.line(at)
        return self._newlines[number - 1] + 1 if number else 0

    def _hold(self, ranges: list[Range]) -> None:
        joined: list[Range] = []
        for start, end in sorted(ranges):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        self.ranges = tuple(joined)
        self._starts = [start for start, _ in joined]

    def _of_markdown(self, text: str) -> list[Range]:
        """By character, what the library tells by lines and bytes that begin with 1."""
        data = text.encode()
        lines = [0, *(newline.end() for newline in _NEWLINE_BYTE.finditer(data)), len(data) + 1]
        ranges = [
            (lines[first - 1] + start - 1, min(lines[last - 1] + end, lines[last] - 1))
            for first, start, last, end in code_in(text, formulas=self._formulas)
        ]
        if len(data) == len(text):
            return ranges
        character, at, characters = 0, 0, {}
        for byte in sorted(chain.from_iterable(ranges)):
            # Bytes are not decoded: behind a tab, the library may be off and amid a character.
            character += len(data[at:byte].translate(None, _INNER_BYTES))
            characters[byte], at = character, byte
        return [(characters[start], characters[end]) for start, end in ranges]

    def _of_html(self, text: str) -> Iterator[Range]:
        """Elements and comments, but for what is only spoken of in code."""
        tokens = [each for each in _TOKEN.finditer(text) if self.end(each.start()) is None]
        # What never ends holds nothing, and must not hide what stands behind it.
        last = {_name(each): each.start() for each in tokens}
        start, ending = 0, ""
        for token in tokens:
            name = _name(token)
            if ending:
                if name == ending:
                    yield start, token.end() + (name != "-->")
                    ending = ""
            elif name == "<!--" or name[0] not in "-/":
                awaited = "-->" if name == "<!--" else f"/{name}"
                if last.get(awaited, -1) > token.start():
                    start, ending = token.start(), awaited


def _name(token: re.Match[str]) -> str:
    return (token[1] or token[0]).lower()
