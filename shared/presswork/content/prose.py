"""The text of a post as such: plain, measured, and summed up."""

import re
import unicodedata
from html import unescape

from presswork.content.characters import uncommon

# HTML as nh3 writes it: attribute values in double quotes, every other `<` the start of a tag.
_FOOTNOTE_MARK = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref".*?</a>', re.DOTALL
)
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|tr|table|caption|blockquote|pre|figure|figcaption|section|hr|br"
    r'|details|summary)(?=[\s>/])[^">]*(?:"[^"]*"[^">]*)*>'
)
_TAG = re.compile(r'</?[a-z][^">]*(?:"[^"]*"[^">]*)*>')
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_CHARACTER = re.compile(f"[{_HAN}{_KANA}]")
_IN_WORDS = "'.,"
# Each byte of UTF-8 as a letter or digit, as a mark that may stand in a word, or as a space.
_OUTLINE = bytes(
    ord("a" if each.isalnum() or not each.isascii() else "." if each in _IN_WORDS else " ")
    for each in map(chr, range(256))
)
_SENTENCE = re.compile(r".*?(?:[。！？…]+[”’」』）)\"]*|[.!?]+[\"'”’)\]]*(?=\s|$)|$)", re.DOTALL)

CHARACTERS_A_MINUTE = 400
WORDS_A_MINUTE = 220
SUMMARY_LENGTH = 120
_BYLINE_LENGTH = 20
_SENTENCE_ENDS = ".!?。！？…"


def plain_text(html: str) -> str:
    """The text of sanitised HTML, one line for each block, without footnote marks."""
    text = _FOOTNOTE_MARK.sub("", html)
    for blank in "\t\n\r\f":  # many times as fast as a pattern that finds every space
        text = text.replace(blank, " ")
    text = _BLOCK_TAG.sub("\n", text).replace("</td>", " ").replace("</th>", " ")
    text = unescape(_TAG.sub("", text))
    while "  " in text:
        text = text.replace("  ", " ")
    return "\n".join(stripped for line in text.split("\n") if (stripped := line.strip()))


def without_tags(text: str) -> str:
    """A one-line text that may have been written with tags, without them."""
    return " ".join(unescape(_TAG.sub("", text)).split())


def count(text: str) -> tuple[int, int]:
    """How many Han and kana characters a text has, and how many words of other scripts."""
    characters, others = 0, uncommon(text)
    if _CHARACTER.search(others):
        text, characters = _CHARACTER.subn(" ", text)
    for mark in set(others):
        if not mark.isalnum():
            text = text.replace(mark, "'" if mark == "’" else " ")
    outline = b"  " + text.encode("utf-8", "surrogatepass").translate(_OUTLINE)
    # A word begins behind a space, or behind a point that no letter stands before.
    return characters, outline.count(b" a") + outline.count(b" .a") + outline.count(b"..a")


def reading_minutes(characters: int, words: int) -> int:
    """How long a text takes to read, at least a minute unless it is empty."""
    minutes = characters / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE
    return max(round(minutes), 1) if characters + words else 0


def summarise(text: str) -> str:
    """The first sentences of a text, of about 120 characters; a byline in front is passed over."""
    paragraphs = text.split("\n")
    if len(paragraphs) > 1 and _is_byline(paragraphs[0]):
        paragraphs = paragraphs[1:]
    return shortened(paragraphs[0])


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
