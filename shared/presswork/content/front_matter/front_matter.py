"""Front matter of any dialect, told from the body below it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from presswork.content.front_matter import (
    headers,
    strict_json,
    strict_toml,
    strict_yaml,
    title_lines,
    warnings,
)
from presswork.content.front_matter.dates import looks_like_date
from presswork.content.front_matter.entries import Entry
from presswork.content.front_matter.vocabulary import KNOWN, canonical
from presswork.errors import Rejected
from presswork.patterns import late
from presswork.post import PostWarning, Repair

MAX_BYTES = 64 * 1024

_BLANK_LINES = late(r"(?:[ \t]*\n)*")
_BLANK_LINE = late(r"[ \t]*\n")
_FENCE = late(
    r"(-{3,}|\+{3}|;{3,})(?:[ \t]*(yaml|yml|toml|json5?|jsonc|js|javascript|coffee|cson))?"
    r"[ \t]*(?:\n|\Z)"
)
_BRACED = late(r'\{[ \t\n]*"(?:[^"\\\n]|\\.)*"[ \t\n]*:')
_QUOTED_KEY = late(r'"(?:[^"\\\n]|\\.)*"[ \t]*:')
# What Hexo also takes for front matter: lines of keys, lists and comments, then the closing fence.
_UNOPENED = late(
    r"((?:(?:\w[\w-]*[ \t]*:(?:[ \t][^\n]*)?|[ \t]+[^\s][^\n]*|-[ \t][^\n]*|\#[^\n]*)\n)+)"
    r"-{3,}[ \t]*(?:\n|\Z)"
)
_KEY = late(r"""^["']?(\w[\w -]{0,40}?)["']?[ \t]*[:=](?=\s|\Z)""", re.MULTILINE)
_NEARLY_CLOSED = late(r"^[ \t]*(?:[-–—]{1,6}|\+{1,6}|;{1,6})[ \t]*$", re.MULTILINE)
_LANGUAGES = {"-": "yaml", "+": "toml", ";": "json"}
_WORDS = {"-": "hyphens", "+": "plus signs", ";": "semicolons"}
_NO_WORD = late(r"[^\w\n`~]*+\n")
"""A line that may have been meant as a fence of front matter, and opens no listing."""
_INDENT = late(r"^[ \t]+", re.MULTILINE)
_ENOUGH_KEYS = 2


@dataclass(frozen=True)
class FrontMatter:
    """Front matter, understood, and the text below it, which begins on `body_line`."""

    entries: dict[str, Entry]
    body: str
    body_line: int
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[PostWarning, ...] = ()


def split(text: str) -> FrontMatter:
    """A text, its lines ended by a newline alone, taken apart; without front matter it is body."""
    found = _split(text)
    told = tuple(warnings.of_entries(found.entries) if found.entries else _of_text(text))
    return replace(found, warnings=told) if told else found


def _split(text: str) -> FrontMatter:
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    fence = _FENCE.match(text, start)
    if fence and _opens(text, fence):
        return _fenced(text, fence)
    if _BRACED.match(text, start):
        return _braced(text, start)
    if _QUOTED_KEY.match(text, start):
        closing = re.compile(r"^;{3,}[ \t]*(?:\n|\Z)", re.MULTILINE).search(text, start)
        return _between(text, start, closing, "json") if closing else FrontMatter({}, text, 1)
    unopened = _UNOPENED.match(text, start)
    if unopened and _has_keys_of_a_post(unopened[1]):
        closing = re.compile(r"-{3,}[ \t]*(?:\n|\Z)").match(text, unopened.end(1))
        return _between(text, start, closing, "yaml") if closing else FrontMatter({}, text, 1)
    marked = _with_marked_lines(text, start)
    return marked or _with_headers(text, start) or FrontMatter({}, text, 1)


def starts_with_front_matter(text: str) -> bool:
    """Whether a text is a post whatever its file is called: fences with entries between them."""
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    fence = _FENCE.match(text, start)
    if fence:
        return _opens(text, fence) and _closing(text, fence) is not None
    braced = _BRACED.match(text, start) and re.compile(r"^\}[ \t]*\n\s*[^\s{]", re.MULTILINE)
    return bool(braced and braced.search(text, start, start + MAX_BYTES))


def _closing(text: str, fence: re.Match[str]) -> re.Match[str] | None:
    return _closing_of(fence[1]).search(text, fence.end())


@lru_cache(maxsize=100)
def _closing_of(fence: str) -> re.Pattern[str]:
    dots = r"|\.\.\." if fence == "---" else ""
    return re.compile(rf"^(?:{re.escape(fence)}{dots})[ \t]*(?:\n|\Z)", re.MULTILINE)


def _opens(text: str, fence: re.Match[str]) -> bool:
    """Whether a fence opens front matter; hyphens may as well be a rule across the page."""
    mark, language = fence[1], fence[2]
    if not mark.startswith("-") or language:
        return True
    if mark == "---" and not (_BLANK_LINE.match(text, fence.end()) and text[fence.end() :].strip()):
        return True
    closing = _closing(text, fence)
    if mark == "---":
        if closing and not text[fence.end() : closing.start()].strip():
            return True
    elif closing is None:
        return False
    block = text[fence.end() : closing.start()] if closing else _first_paragraph(text, fence.end())
    return any(canonical(key[1]) in KNOWN for key in _KEY.finditer(block))


def _first_paragraph(text: str, start: int) -> str:
    lines = text[start : start + MAX_BYTES].lstrip("\n").split("\n")
    return "\n".join(takewhile(str.strip, lines))


def _with_headers(text: str, start: int) -> FrontMatter | None:
    """What Pelican and MultiMarkdown begin a text with, up to an empty line."""
    block = _first_paragraph(text, start)
    line = text.count("\n", 0, start) + 1
    end = start + len(block)
    is_whole = text[end : end + 1] in ("", "\n")
    entries = headers.read(block, line) if block and is_whole else None
    if entries is None:
        return None
    _refuse_long(block, line)
    return FrontMatter(entries, text[end:], line + block.count("\n"))


def _with_marked_lines(text: str, start: int) -> FrontMatter | None:
    """What Nikola or Pandoc begins a text with."""
    line = text.count("\n", 0, start) + 1
    comment = title_lines.COMMENT.match(text, start)
    block = title_lines.BLOCK.match(text, start)
    found = comment or block
    if found is None:
        return None
    _refuse_long(found[0], line)
    if comment:
        entries = headers.read(title_lines.headers_of_comment(comment), line + 1)
    else:
        entries = headers.read(title_lines.headers_of_block(found), line)
        if entries is None or not looks_like_date(entries["date"].value):
            return None
    if entries is None:
        return None
    return FrontMatter(entries, text[found.end() :], line + found[0].count("\n"))


def _of_text(text: str) -> Iterator[PostWarning]:
    """What is told of a text without front matter: its first lines may have been meant as such."""
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    block = _first_paragraph(text, start)
    fence = _NO_WORD.match(block)
    header = block[fence.end() :] if fence else block
    first = _KEY.match(header)
    if first and canonical(first[1]) in KNOWN and _has_keys_of_a_post(header):
        yield warnings.of_header(text.count("\n", 0, start) + 1)


def _has_keys_of_a_post(block: str) -> bool:
    """Whether a block without an opening fence is meant: no heading has two such lines."""
    keys = {canonical(key[1]) for key in _KEY.finditer(block)} & KNOWN
    return len(keys) >= _ENOUGH_KEYS and bool(keys & {"title", "date"})


def _fenced(text: str, fence: re.Match[str]) -> FrontMatter:
    language = fence[2] or _LANGUAGES[fence[1][0]]
    line = text.count("\n", 0, fence.start()) + 1
    if language not in ("yaml", "yml", "toml", "json"):
        raise Rejected(
            "frontmatter.language",
            line,
            fence.start(2) - fence.start() + 1,
            f"Front matter in {language} is not read.",
            "Write it in YAML, TOML or JSON.",
        )
    closing = _closing(text, fence)
    if closing is None:
        raise _unterminated(text, fence, line)
    return _between(text, fence.end(), closing, language)


def _unterminated(text: str, fence: re.Match[str], line: int) -> Rejected:
    words = _WORDS[fence[1][0]]
    nearly = _NEARLY_CLOSED.search(text, fence.end())
    hint = ""
    if nearly:
        at = text.count("\n", 0, nearly.start()) + 1
        hint = f" Line {at} has {nearly[0]!r}, which does not close it."
    return Rejected(
        "frontmatter.unterminated",
        line,
        1,
        f"The front matter that opens here is never closed.{hint}",
        f"Close it with a line of three {words}, or write *** for a rule across the page."
        if words == "hyphens"
        else f"Close it with a line of three {words}.",
    )


def _between(text: str, start: int, closing: re.Match[str], language: str) -> FrontMatter:
    """What stands from `start` to the closing fence, read, and the body behind that."""
    first_line = text.count("\n", 0, start) + 1
    matter = text[start : closing.start()]
    _refuse_long(matter, first_line)
    entries, repairs = _READERS[language](matter, first_line)
    body_line = first_line + matter.count("\n") + 1
    return FrontMatter(entries, text[closing.end() :], body_line, repairs)


def _refuse_long(matter: str, line: int) -> None:
    if len(matter.encode()) > MAX_BYTES:
        raise Rejected(
            "frontmatter.size",
            line,
            1,
            f"The front matter is longer than {MAX_BYTES // 1024} KiB.",
            "Move the text below the line that closes the front matter.",
        )


def _braced(text: str, start: int) -> FrontMatter:
    """Hugo's JSON: no fences, the braces are there anyway."""
    line = text.count("\n", 0, start) + 1
    beginning = text[start : start + MAX_BYTES + 1]
    try:
        entries, length = strict_json.leading(beginning, area="frontmatter", first_line=line)
    except Rejected:
        _refuse_long(beginning if "\n}" not in beginning else "", line)
        raise
    end = start + length
    _refuse_long(text[start:end], line)
    rest_of_line = re.compile(r"[ \t]*(?:\n|\Z)").match(text, end)
    if rest_of_line is None:
        raise Rejected(
            "frontmatter.json",
            text.count("\n", 0, end) + 1,
            end - text.rfind("\n", 0, end),
            "There is text behind the brace that closes the front matter.",
            "Begin the text on a line of its own.",
        )
    body = rest_of_line.end()
    return FrontMatter(entries, text[body:], text.count("\n", 0, body) + 1)


Read = tuple[dict[str, Entry], tuple[Repair, ...]]


def _yaml(matter: str, first_line: int) -> Read:
    try:
        return strict_yaml.load(matter, area="frontmatter", first_line=first_line), ()
    except Rejected:
        mended = _with_tabs_as_spaces(matter)
        if mended is None:
            raise
        try:
            entries = strict_yaml.load(mended, area="frontmatter", first_line=first_line)
        except Rejected as rejected:
            rejected.__cause__ = None
            raise
    lines = [number for number, line in enumerate(matter.split("\n")) if line.startswith("\t")]
    shown = matter.split("\n")[lines[0]]
    repair = Repair(
        rule="tab-indentation",
        line=first_line + lines[0],
        count=len(lines),
        before=shown,
        after=mended.split("\n")[lines[0]],
    )
    return entries, (repair,)


def _with_tabs_as_spaces(matter: str) -> str | None:
    """YAML indented with a space for each tab; None where tabs and spaces are mixed."""
    indents = {indent[0] for indent in _INDENT.finditer(matter)}
    if not indents or any(indent.strip("\t") for indent in indents):
        return None
    return _INDENT.sub(lambda indent: " " * len(indent[0]), matter)


def _toml(matter: str, first_line: int) -> Read:
    return strict_toml.load(matter, area="frontmatter", first_line=first_line), ()


def _json(matter: str, first_line: int) -> Read:
    return strict_json.load(matter, area="frontmatter", first_line=first_line), ()


_READERS: dict[str, Callable[[str, int], Read]] = {
    "yaml": _yaml,
    "yml": _yaml,
    "toml": _toml,
    "json": _json,
}
