"""A post's source: which objects are posts, what they are called, and where front matter ends."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from presswork.content.decoding import MAX_BYTES, beginning, decode, is_binary
from presswork.content.front_matter import front_matter
from presswork.content.front_matter.dates import without_date
from presswork.content.front_matter.entries import Entry
from presswork.post import PostWarning, Repair

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "SourceText",
    "derived_id",
    "is_page",
    "is_post",
    "may_be_post",
    "read",
    "stem",
    "why_skipped",
]

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".txt"})

_OTHER_MARKUP = {
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".ipynb": "a notebook's JSON",
    ".org": "Org",
    ".rst": "reStructuredText",
    ".textile": "Textile",
}
"""What other generators read: front matter does not make Markdown of it."""

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""RFC 4648 section 6, in small letters."""
_ID_BYTES, _ID_LENGTH = 20, 26
_ID_SHIFTS = range(8 * _ID_BYTES - 5, 8 * _ID_BYTES - 5 * _ID_LENGTH - 1, -5)

_PAGES = "pages/"
_FOLDERS = ("posts/", _PAGES)
_STAND_FOR_FOLDER = frozenset({"index", "_index"})


@dataclass(frozen=True)
class SourceText:
    """A decoded source: its front matter, its body, and the line on which the body begins."""

    entries: dict[str, Entry]
    body: str
    body_line: int
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[PostWarning, ...] = ()


def may_be_post(key: str) -> bool:
    """Whether an object of this name can be a post: below `posts/` or `pages/`, not hidden."""
    hidden = any(part.startswith(".") for part in key.split("/"))
    return key.startswith(_FOLDERS) and not key.endswith("/") and not hidden


def is_page(key: str) -> bool:
    """Whether what stands under a key is a page: like a post, but in no list."""
    return key.startswith(_PAGES)


def page_parts(key: str) -> list[str]:
    """The parts of a page's path as its key spells them: a file named `index` is its folder."""
    folders, name = key.removeprefix(_PAGES).split("/")[:-1], stem(key)
    return folders if name in _STAND_FOR_FOLDER else [*folders, name]


def folders_of(key: str) -> tuple[str, ...]:
    """The folders that a post lies in below `posts/` or `pages/`; a bundle is no folder."""
    folders = key.split("/")[1:-1]
    return tuple(folders[:-1] if stem(key) in _STAND_FOR_FOLDER else folders)


def dated_name(key: str) -> str:
    """The name that a file gives its post; one called `index` has its folder's."""
    name = stem(key)
    return (key.split("/")[1:-1] or [""])[-1] if name in _STAND_FOR_FOLDER else name


def own_name(key: str) -> str:
    """The name that a file gives its post, without the date that it begins with."""
    return without_date(dated_name(key))


def is_post(key: str, data: bytes) -> bool:
    """Whether an object is a post: of a name that may be one, and of a text kind.

    Text of any other suffix is one when it starts with front matter.
    """
    if not may_be_post(key) or is_binary(data) or why_skipped(key, data) is not None:
        return False
    if PurePosixPath(key).suffix.lower() in SUFFIXES:
        return True
    return front_matter.starts_with_front_matter(beginning(data, 3 * front_matter.MAX_BYTES))


def why_skipped(key: str, data: bytes) -> str | None:
    """Why an object is no post that its author may take for one, in a sentence; None for others."""
    name = key.rsplit("/", 1)[-1]
    suffix = PurePosixPath(name).suffix.lower()
    if not may_be_post(key):
        return None
    if suffix in _OTHER_MARKUP:
        return f"It is written in {_OTHER_MARKUP[suffix]}: save it as Markdown or HTML."
    if suffix in SUFFIXES and not is_page(key) and name.split(".")[0] == "_index":
        return "It describes a folder, as Hugo and Zola have it, and is no post."
    if suffix in SUFFIXES and not data:
        return "It is empty: what it is to hold may be on its way."
    return None


def derived_id(key: str) -> str:
    """The id of a post that does not name its own."""
    number = int.from_bytes(sha256(key.encode()).digest()[:_ID_BYTES])
    # The first letters of its Base32, which base64.b32encode takes many times as long to write.
    return "".join([_BASE32[number >> shift & 31] for shift in _ID_SHIFTS])


def stem(key: str) -> str:
    """The last part of a key without its suffix."""
    name = key.rsplit("/", 1)[-1]
    bare, _, suffix = name.rpartition(".")
    return bare if bare and f".{suffix.lower()}" in SUFFIXES else name


def read(data: bytes) -> SourceText:
    """The source in `data`, split behind its front matter; a source without any is all body."""
    text, assumed = decode(data)
    matter = front_matter.split(text)
    repairs = matter.repairs
    if assumed:
        repairs = (Repair(rule="encoding", after=assumed), *repairs)
    return SourceText(matter.entries, matter.body, matter.body_line, repairs, matter.warnings)
