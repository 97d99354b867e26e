"""A post's source: which objects are posts, what they are called, and where front matter ends."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from presswork.content.strict_yaml import Entry, load
from presswork.errors import Rejected

MAX_BYTES = 5 * 1024 * 1024
MAX_FRONT_MATTER_BYTES = 64 * 1024
SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".txt"})

_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_OPENING = re.compile(r"(?:[ \t]*\n)*---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_FENCED = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*---[ \t]*\r?\n(?:.*\n)?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)",
    re.DOTALL,
)
_SNIFFED = 8192
"""How far into an object a NUL byte is looked for: git's measure of binary, too."""


@dataclass(frozen=True)
class Source:
    """A decoded source: its front matter, its body, and the line on which the body begins."""

    entries: dict[str, Entry]
    body: str
    body_line: int


def may_be_post(key: str) -> bool:
    """Whether an object of this name can be a post: a file below `posts/`, not hidden."""
    hidden = any(part.startswith(".") for part in key.split("/"))
    return key.startswith("posts/") and not key.endswith("/") and not hidden


def is_post(key: str, data: bytes) -> bool:
    """Whether an object is a post: of a name that may be one, and of a text kind.

    Text of any other suffix is one when it starts with front matter.
    """
    if not may_be_post(key) or _is_binary(data):
        return False
    return PurePosixPath(key).suffix.lower() in SUFFIXES or _FENCED.match(data) is not None


def derived_id(key: str) -> str:
    """The id of a post that does not name its own."""
    return base64.b32encode(sha256(key.encode()).digest()).decode()[:26].lower()


def stem(key: str) -> str:
    """The last part of a key without its suffix."""
    name = key.rsplit("/", 1)[-1]
    path = PurePosixPath(name)
    return path.stem if path.suffix.lower() in SUFFIXES else name


def read(data: bytes) -> Source:
    """The source in `data`, split behind its front matter; a source without any is all body."""
    text = decoded(data)
    opening = _OPENING.match(text)
    if opening is None:
        return Source({}, text, 1)
    first_line = opening[0].count("\n") + 1
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise Rejected(
            "frontmatter.unterminated",
            opening[0].rstrip().count("\n") + 1,
            1,
            "The front matter that opens here is never closed.",
            "Close it with a line of three hyphens, or write *** for a rule across the page.",
        )
    matter = text[opening.end() : closing.start()]
    if len(matter.encode()) > MAX_FRONT_MATTER_BYTES:
        raise Rejected(
            "frontmatter.size",
            first_line,
            1,
            f"The front matter is longer than {MAX_FRONT_MATTER_BYTES // 1024} KiB.",
            "Move the text below the closing line of three hyphens.",
        )
    entries = load(matter, area="frontmatter", first_line=first_line)
    body_line = first_line + matter.count("\n") + 1
    return Source(entries, text[closing.end() :], body_line)


def decoded(data: bytes) -> str:
    """The text of `data`, without a byte order mark, lines ended by a newline alone."""
    if len(data) > MAX_BYTES:
        raise Rejected(
            "post.size",
            None,
            None,
            f"The file has {len(data):,} bytes; {MAX_BYTES:,} are allowed.",
            "Split the post, and link to large files instead of embedding them.",
        )
    text = data.removeprefix(_BOM)
    try:
        return text.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        offset = error.start + len(data) - len(text)
        before = text[: error.start]
        line_start = before.rfind(b"\n") + 1
        raise Rejected(
            "encoding.utf-8",
            before.count(b"\n") + 1,
            len(before[line_start:].decode(errors="replace")) + 1,
            f"Byte {offset} (0x{data[offset]:02x}) is not UTF-8.",
            "Save the file as UTF-8.",
        ) from error


def _is_binary(data: bytes) -> bool:
    return b"\0" in data[:_SNIFFED] and not data.startswith(_UTF_16_BOMS)
