"""Markdown inside HTML that asks for it: `<div markdown="1">` (kramdown, Markdown Extra)."""

import re
from collections.abc import Callable, Iterator

from presswork.patterns import late

_ATTRIBUTE = late(r"""(?<=\s)markdown\s*+=\s*+(["']?)(1|block|span)\1(?=[\s/>])""")
_TAG = late(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>")
_FENCE = late(r"[ \t>]*+(`{3,}|~{3,})")
_BOXES = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "li",
        "main",
        "nav",
        "section",
    ]
)
"""Elements of blocks; every other one holds a run of text."""
_INLINE = frozenset("a abbr b cite del em i ins mark q s small span strong sub sup u".split())  # noqa: SIM905
"""Elements in whose text CommonMark reads Markdown anyway."""
_CODE_INDENT = 4
_INDENT = late(r"[ \t]*+")


def asks_for_markdown(text: str) -> bool:
    """Whether an element of a text says that Markdown is inside."""
    return "markdown" in text and _ATTRIBUTE.search(text) is not None


def opened(text: str, inline: Callable[[str], str]) -> str:
    """The text with empty lines around the content of such elements, as CommonMark wants them.

    What is inside an element for a run of text is made HTML by `inline`.
    """
    if not asks_for_markdown(text):
        return text
    opener = _Opener(inline)
    return "".join(part if is_code else opener.opened(part) for part, is_code in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches of lines, and whether each is a fenced block of code."""
    fence = ""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if not fence and found:
            yield "".join(lines), False
            lines, fence = [line], found[1]
        elif fence and found and found[1].startswith(fence) and not line[found.end() :].strip():
            yield "".join([*lines, line]), True
            lines, fence = [], ""
        else:
            lines.append(line)
    yield "".join(lines), bool(fence)


class _Opener:
    """Opens elements from first to last; those that are still open last over blocks of code."""

    def __init__(self, inline: Callable[[str], str]) -> None:
        self._inline = inline
        self._open: list[tuple[str, bool]] = []

    def opened(self, text: str) -> str:
        """A stretch of text, opened."""
        parts: list[str] = []
        at = 0
        line = _Line(text)
        without_end: set[str] = set()
        for tag in _TAG.finditer(text):
            line.reach(tag.start())
            if tag.start() < at:
                continue
            made, end = self._ended(tag, line) if tag[1] else self._begun(tag, line, without_end)
            if made is not None:
                parts += [text[at : tag.start()], made]
                at = end
        return "".join([*parts, text[at:]])

    def _ended(self, tag: re.Match[str], line: "_Line") -> tuple[str | None, int]:
        name = tag[2].lower()
        if not self._open or self._open[-1][0] != name:
            # Behind a summary, blocks begin on the same line.
            is_summary = name == "summary" and self._open
            return (f"{tag[0]}\n\n" if is_summary else None), tag.end()
        _, asked = self._open.pop()
        return (f"\n\n{line.indent}{tag[0]}\n\n" if asked else None), tag.end()

    def _begun(
        self, tag: re.Match[str], line: "_Line", without_end: set[str]
    ) -> tuple[str | None, int]:
        name, found = tag[2].lower(), _ATTRIBUTE.search(tag[0])
        if found is None or not self._is_tag(name, line):
            if self._open and self._open[-1][0] == name:
                self._open.append((name, False))
            return None, 0
        plain = tag[0][: found.start()] + tag[0][found.end() :]
        if name in _INLINE:
            return plain, tag.end()
        if name in _BOXES and found[2].lower() != "span":
            self._open.append((name, True))
            return f"{plain}\n\n", tag.end()
        end = -1 if name in without_end else tag.string.find(f"</{tag[2]}", tag.end())
        if end < 0:
            without_end.add(name)
            return plain, tag.end()
        return plain + self._inline(tag.string[tag.end() : end]), end

    def _is_tag(self, name: str, line: "_Line") -> bool:
        """Whether a tag stands in a line of tags, and so in no code."""
        if not line.begins_with_tag:
            return name in _INLINE and not line.has_code
        return bool(self._open) or len(line.indent.expandtabs(_CODE_INDENT)) < _CODE_INDENT


class _Line:
    """What stands in front of a place on its line; places are reached from first to last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._begin(0)

    def _begin(self, start: int) -> None:
        found = _INDENT.match(self._text, start)
        self.indent = found[0] if found else ""
        self.begins_with_tag = self._text.startswith("<", start + len(self.indent))
        self.has_code = False

    def reach(self, place: int) -> None:
        """Goes on to a place."""
        passed = self._text[self._at : place]
        start = passed.rfind("\n") + 1
        if start:
            self._begin(self._at + start)
        self.has_code = self.has_code or "`" in passed[start:]
        self._at = place
