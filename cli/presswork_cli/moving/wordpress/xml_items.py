"""A feed in XML, cut into its items as it is read, and mended where it is not well-formed.

Each item is parsed by itself: so memory holds one of them, and a broken one costs itself alone.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from html import entities
from pathlib import Path
from typing import Literal, NamedTuple, TextIO

from presswork_cli.failure import Exit, Failure
from presswork_cli.moving.mentions import Mentions

MAX_ITEM = 64 * 1024 * 1024
"""The longest item in characters; a post has at most 5 MiB, comments may be many."""

_LONGEST_READ = 1024 * 1024
_LONGEST_SEAM = 64
_State = Literal["text", "cdata", "comment"]
_Seam = Literal["", "open", "close"]
_ENDS: dict[_State, str] = {"cdata": "]]>", "comment": "-->"}

_SEAM = re.compile(r"<!--|<!\[CDATA\[|<![A-Za-z]|<item(?=[\s>])|</item\s{0,9}>")
_MAYBE_SEAM = re.compile(r"(?:<[^<>]{0,62}|&[^&;]{0,31}|\]{1,2}|-{1,2})\Z")
_DECLARATION = re.compile(r"<\?xml\b[^<>]{0,200}\?>")
_ENCODING = re.compile(rb"""<\?xml\b[^<>]{0,150}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_OF_BLOGS = re.compile(
    r"iso-8859-(?:[1-9]|1[0134-6])|windows-125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|big5"
    r"|euc-jp|euc-kr|shift_jis"
)
"""What a blog may be written in that is not UTF-8."""
_REFERENCE = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,8});|#[xX](?P<hexadecimal>[0-9a-fA-F]{1,7});"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_ANGLE = re.compile(r"<(?![A-Za-z_/?!])")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_FIT = ((9, 10), (13, 13), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNDECODED = re.compile("[\ud800-\udfff]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Item(NamedTuple):
    """The XML of an item, or what stands before the first; `is_whole` where it has its end."""

    line: int
    xml: str
    is_whole: bool
    is_head: bool = False


class _Line(NamedTuple):
    number: int
    text: str


class _Piece(NamedTuple):
    """A part of the feed; `seam` where an item begins or ends with it."""

    line: int
    text: str
    seam: _Seam = ""


def items(path: Path, mentions: Mentions) -> Generator[Item, None, None]:
    """What stands before the first item, and each item; `mentions` tell what was mended.

    Raises Failure for a document type: entities of its own are no part of an export.
    """
    encoding = _encoding(path)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open(encoding=encoding, errors=errors, newline="\n") as stream:
        yield from _items(_Mender(path.name, mentions).pieces(_lines(stream)))


def _items(pieces: Iterable[_Piece]) -> Iterator[Item]:
    head, parts, size, inside = True, list[str](), 0, False
    begun = 1
    for piece in pieces:
        if piece.seam == "open":
            if parts and (head or inside):
                yield Item(begun, "".join(parts), is_whole=head, is_head=head)
            head, inside, parts, size, begun = False, True, [], 0, piece.line
        size += len(piece.text)
        if (head or inside) and size <= MAX_ITEM:
            parts.append(piece.text)
        if piece.seam == "close" and inside:
            yield Item(begun, "".join(parts), is_whole=size <= MAX_ITEM)
            inside, parts, size = False, [], 0
    if parts and (head or inside):
        yield Item(begun, "".join(parts), is_whole=head, is_head=head)


def _lines(text: TextIO) -> Iterator[_Line]:
    """The lines of a file; a very long one comes in parts, none of which ends amid a mark."""
    number, carried = 1, ""
    while part := text.readline(_LONGEST_READ):
        part = carried + part
        ended = part.endswith("\n")
        cut = None if ended else _MAYBE_SEAM.search(part, max(0, len(part) - _LONGEST_SEAM))
        carried = cut[0] if cut else ""
        yield _Line(number, part[: cut.start()] if cut else part)
        number += ended
    if carried:
        yield _Line(number, carried)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    declared = _ENCODING.search(start)
    name = declared[1].decode().lower() if declared else ""
    return name if _OF_BLOGS.fullmatch(name) else "utf-8"


class _Mender:
    """Where in the feed a reader is: amid text, a section of characters, or a comment."""

    def __init__(self, name: str, mentions: Mentions) -> None:
        self._name = name
        self._mentions = mentions
        self._state: _State = "text"

    def pieces(self, lines: Iterable[_Line]) -> Iterator[_Piece]:
        """The parts of well-formed lines, but for tags that are missing or too many."""
        for line in lines:
            text = self._fit(line)
            if line.number == 1:
                text = _DECLARATION.sub("", text, count=1)
            at = 0
            while at < len(text):
                piece, at = self._next(line.number, text, at)
                yield piece

    def _next(self, line: int, text: str, at: int) -> tuple[_Piece, int]:
        if self._state != "text":
            end_mark = _ENDS[self._state]
            end = text.find(end_mark, at)
            if end < 0:
                return _Piece(line, text[at:]), len(text)
            self._state = "text"
            return _Piece(line, text[at : end + len(end_mark)]), end + len(end_mark)
        seam = _SEAM.search(text, at)
        if seam is None:
            return _Piece(line, self._referenced(text[at:], line)), len(text)
        if seam.start() > at:
            return _Piece(line, self._referenced(text[at : seam.start()], line)), seam.start()
        return self._at_seam(line, seam)

    def _at_seam(self, line: int, seam: re.Match[str]) -> tuple[_Piece, int]:
        mark = seam[0]
        if mark == "<!--":
            self._state = "comment"
        elif mark == "<![CDATA[":
            self._state = "cdata"
        elif mark.startswith("<!"):
            raise Failure(
                f"{self._name}:{line}: It has a document type of its own, which no export of "
                "WordPress has: export the blog again, under Tools, Export",
                Exit.USAGE,
            )
        else:
            return _Piece(line, mark, "close" if mark[1] == "/" else "open"), seam.end()
        return _Piece(line, mark), seam.end()

    def _fit(self, line: _Line) -> str:
        """A line without signs that XML cannot hold; bytes that are not UTF-8 are windows-1252."""
        text = line.text
        if _UNDECODED.search(text):
            self._mentions.add("encoding", line.number)
            text = _UNDECODED.sub(_of_windows, text)
        if _UNFIT.search(text):
            self._mentions.add("control-character", line.number)
            text = _UNFIT.sub("", text)
        return text

    def _referenced(self, text: str, line: int) -> str:
        def spelled(found: re.Match[str]) -> str:
            if found["name"] in _OF_XML:
                return found[0]
            if found["name"] and f"{found['name']};" in entities.html5:
                self._mentions.add("entity", line)
                return "".join(f"&#{ord(sign)};" for sign in entities.html5[f"{found['name']};"])
            number = found["decimal"] or found["hexadecimal"]
            if number is None:
                self._mentions.add("ampersand", line)
                return f"&amp;{found[0][1:]}"
            code = int(number, 10 if found["decimal"] else 16)
            if _is_fit(code):
                return found[0]
            self._mentions.add("control-character", line)
            return ""

        text = _REFERENCE.sub(spelled, text) if "&" in text else text
        if _ANGLE.search(text):
            self._mentions.add("angle", line)
            text = _ANGLE.sub("&lt;", text)
        return text


def _is_fit(code: int) -> bool:
    """Whether XML has a character of this number (XML 1.0, production 2)."""
    return any(first <= code <= last for first, last in _FIT)


def _of_windows(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("windows-1252", errors="replace")
