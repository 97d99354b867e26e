"""The text of a post as such: plain, measured, and summed up."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from presswork.content.characters import spelling, uncommon
from presswork.patterns import late

# HTML as nh3 writes it: values in double quotes, and in them `>` as a reference like any `<` that
# is no tag.
_FOOTNOTE_MARK = late(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref".*?</a>', re.DOTALL
)
_CLEAN_TAG = late(r"<(/?[a-z][a-z0-9]*)[^>]*>")
_BLOCKS = (
    "blockquote br caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section summary table tr ul"
)
_GAPS = {"/td": " ", "/th": " "} | {
    f"{slash}{name}": "\n" for name in _BLOCKS.split() for slash in ("", "/")
}
"""What stands for a tag in plain text, where that is anything."""
_LISTED = ("dl", "figure", "ol", "pre", "table", "ul")
_BREAKS = frozenset(tag for tag, gap in _GAPS.items() if gap == "\n")
_ASIDE = frozenset((*(f"h{level}" for level in range(1, 7)), *_LISTED))
"""What holds no running text: headings, lists, tables, listings, figures."""
# The same in HTML that anybody wrote.
_TAG = late(r'</?[a-z](?:[^"<>]++|"[^"]*+")*+>')
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_CHARACTER = late(f"[{_HAN}{_KANA}]")
_IN_WORDS = "'.,"
# Each byte of UTF-8 as a letter or digit, as a mark that may stand in a word, or as a space.
_OUTLINE = bytes(
    ord("a" if each.isalnum() or not each.isascii() else "." if each in _IN_WORDS else " ")
    for each in map(chr, range(256))
)
# A run of marks that ends no sentence is passed over as a whole, however long it is.
_SENTENCE = late(
    r"""(?:[^.!?。！？…]++|[.!?]++["'”’)\]]*+(?!\s|$))*+
        (?:[。！？…]++[”’」』）)"]*+|[.!?]++["'”’)\]]*+|$)""",
    re.VERBOSE,
)

CHARACTERS_A_MINUTE = 400
WORDS_A_MINUTE = 220
SUMMARY_LENGTH = 120
_BYLINE_LENGTH = 20
_SENTENCE_ENDS = ".!?。！？…"


def plain_text(html: str) -> str:
    """The text of sanitised HTML, one line for each block, without footnote marks."""
    text = _FOOTNOTE_MARK.sub("", html) if "footnote" in html else html
    for blank in "\t\n\r\f":  # many times as fast as a pattern that finds every space
        text = text.replace(blank, " ")
    parts = _CLEAN_TAG.split(text)
    parts[1::2] = [_GAPS.get(tag, "") for tag in parts[1::2]]
    lines = map(str.strip, unescape("".join(parts)).split("\n"))
    text = "\n".join(filter(None, lines))
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def without_tags(text: str) -> str:
    """A one-line text that may have been written with tags, without them."""
    return " ".join(unescape(_TAG.sub("", text)).split())


def count(text: str) -> tuple[int, int]:
    """How many Han and kana characters a text has, and how many words of other scripts."""
    spelled, characters = spelling(text), 0
    rare = uncommon(spelled)
    if _CHARACTER.search(rare):
        text, characters = _CHARACTER.subn(" ", text)
        spelled = spelling(text)
    for mark in set(rare):
        if not mark.isalnum():
            spelled = spelled.replace(spelling(mark), b"'" if mark == "’" else b" ")
    outline = spelled.translate(_OUTLINE) + b"  "
    if b".." not in outline:  # then a mark decides nothing
        return characters, outline.translate(None, b".").count(b"a ")
    # A word ends before a space, or before a point that no letter stands behind.
    return characters, outline.count(b"a ") + outline.count(b"a. ") + outline.count(b"a..")


def reading_minutes(characters: int, words: int) -> int:
    """How long a text takes to read, at least a minute unless it is empty."""
    minutes = characters / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE
    return max(round(minutes), 1) if characters + words else 0


def summarise(html: str) -> str:
    """The first sentences of sanitised HTML, of about 120 characters.

    Headings, lists, tables and listings are passed over where there is running text beside them,
    and so is a byline in front.
    """
    paragraphs = _running_text(html)
    first = next(paragraphs, None)
    if first is None:
        paragraphs = iter(plain_text(html).split("\n"))
        first = next(paragraphs)
    return shortened(next(paragraphs, first) if _is_byline(first) else first)


def _running_text(html: str) -> Iterator[str]:
    """The text of each block that is no heading, and no part of a list, a table or a listing."""
    depth = start = 0
    for tag in _CLEAN_TAG.finditer(html):
        name = tag[1].lstrip("/")
        if name not in _ASIDE and (depth or tag[1] not in _BREAKS):
            continue
        if not depth and (text := plain_text(html[start : tag.start()])):
            yield text
        if name in _ASIDE:
            depth += -1 if tag[1].startswith("/") else 1
        start = tag.end()
    if text := plain_text(html[start:]):
        yield text


def shortened(text: str) -> str:
    """Whole sentences up to 120 characters, or else a part of the first with an ellipsis."""
    if len(text) <= SUMMARY_LENGTH:
        return text
    end = 0
    for sentence in _SENTENCE.finditer(text):
        if sentence.end() > SUMMARY_LENGTH:
            break
        end = sentence.end()
    return text[:end].strip() or _cut(text)


def _is_byline(paragraph: str) -> bool:
    return len(paragraph) <= _BYLINE_LENGTH and paragraph[-1:] not in _SENTENCE_ENDS


def _cut(text: str) -> str:
    """The start of a text, ended at a pause, a blank, or at least between two graphemes."""
    room = text[: SUMMARY_LENGTH - 1]
    end = max(room.rfind(mark) for mark in "，、；：,;: ")
    if end < SUMMARY_LENGTH // 2:
        end = len(room)
        while end and not _is_border(text, end):
            end -= 1
    return text[:end].rstrip("，、；：,;: ") + "…"


def _is_border(text: str, at: int) -> bool:
    """Whether a grapheme may begin at an index (Unicode Standard Annex 29, the common cases)."""
    before, after = text[at - 1], text[at]
    if after == "\u200d" or before == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if unicodedata.category(after).startswith("M"):
        return False
    if not _is_flag(after):
        return True
    start = at
    while start and _is_flag(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 0


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
