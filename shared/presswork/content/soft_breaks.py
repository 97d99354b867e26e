"""Line breaks of a source that no reader sees between letters written without blanks.

Browsers show a line break as a blank, also between Han letters, which have none between them. CSS
Text (section "Segment Break Transformation Rules") leaves its removal open, and few browsers do.
"""

from itertools import pairwise

from presswork.content.characters import uncommon
from presswork.patterns import late

_WIDE = (
    (0x2E80, 0x303F),  # radicals, ideographic punctuation
    (0x3040, 0x312F),  # kana, Bopomofo
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFF9F),  # full-width forms and half-width kana, without Hangul
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)
"""Ranges of characters that are set without blanks: Han, kana and their punctuation, no Hangul."""
_ANY_WIDE = late("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _WIDE) + "]")
_OF_EITHER = frozenset("“”‘’…—·")
"""Punctuation of Latin texts, and of Chinese ones as well."""
_INLINE_TAGS = (
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var"
)
_INLINE = frozenset(_INLINE_TAGS.split())


def joined(html: str) -> str:
    """Sanitised HTML without line breaks between Han letters, but for those of listings."""
    if "\n" not in html or html.isascii() or not _ANY_WIDE.search(uncommon(html)):
        return html
    lines = html.split("\n")
    parts, is_listing = [lines[0]], False
    for before, after in pairwise(lines):
        if "pre" in before:
            is_listing = before.rfind("<pre") > before.rfind("</pre>") or (
                is_listing and "</pre>" not in before
            )
        if is_listing or not _are_joined(before, after):
            parts.append("\n")
            parts.append(after)
        else:
            parts[-1] = parts[-1].rstrip(" \t")
            parts.append(after.lstrip(" \t"))
    return "".join(parts)


def _are_joined(before: str, after: str) -> bool:
    last = _last_letter(before)
    if not last or last.isascii():
        return False
    first = _first_letter(after)
    wide = _is_wide(last), _is_wide(first)
    return all(wide) or (any(wide) and (last in _OF_EITHER or first in _OF_EITHER))


def _last_letter(line: str) -> str:
    """The last letter of a line in front of blanks and ends of inline elements."""
    end = len(line.rstrip(" \t"))
    while end and line[end - 1] == ">":
        start = line.rfind("<", 0, end)
        if line[start + 1] != "/" or line[start + 2 : end - 1] not in _INLINE:
            return ""
        end = start
    return line[end - 1 : end]


def _first_letter(line: str) -> str:
    """The first letter of a line behind blanks and starts of inline elements."""
    start = len(line) - len(line.lstrip(" \t"))
    while line.startswith("<", start):
        end = line.find(">", start)
        if end < 0 or line[start + 1 : end].partition(" ")[0] not in _INLINE:
            return ""
        start = end + 1
    return line[start : start + 1]


def _is_wide(letter: str) -> bool:
    return _ANY_WIDE.match(letter) is not None
