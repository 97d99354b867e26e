"""The files of a blog's folder, and what its posts say of themselves."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize

from presswork import content
from presswork.clock import utc_now
from presswork.content import source
from presswork.errors import Rejected
from presswork.post import UP, Post
from presswork.settings import Site
from presswork.site_keys import NOT_FOUND_PATH, Owner, is_file, key_of, owner
from presswork_cli.failure import Exit, Failure
from presswork_cli.moving.blog import Kind, Note, OldAddress, data_of
from presswork_cli.moving.file_names import unfit
from presswork_cli.moving.standing import read_with
from presswork_cli.offline.check import unfit_name
from presswork_cli.offline.folder import displayed

_OF_LINK = "Put the file or the folder itself in its place, and import again."
_OF_GITHUB = (
    "It tells GitHub Pages the domain of the blog.",
    "Nothing: it is GitHub's. docs/deploy.md has the way to a domain of your own.",
)
_MARKDOWN = (".mdown", ".mkd", ".mkdn", ".mkdown")
_NO_SUFFIX = (
    "A file without a suffix is reached below /.well-known/ alone.",
    "Give it a suffix.",
)
_WELL_KNOWN = ".well-known"
_NEVER = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Published:
    """A post or page of the blog that readers see: its key here, and all that its author said."""

    key: str
    post: Post
    front: Mapping[str, Any]

    @property
    def kind(self) -> Kind:
        """What its address showed."""
        return "page" if self.post.page else "post"

    def said(self, *names: str) -> Any:
        """The first of some keys of its front matter that is there, spelled as its tool has it."""
        return next((self.front[name] for name in names if self.front.get(name) is not None), None)


def check_folder(path: Path, *configurations: str) -> Path:
    """The first of some files that a blog's folder has; raises Failure where there is none."""
    found = next((path / name for name in configurations if (path / name).is_file()), None)
    if found is None:
        names = " or ".join(configurations)
        raise Failure(f"{path} has no {names}: name the folder that it lies in", Exit.USAGE)
    return found


def files_below(root: Path, folder: str = "") -> Iterator[str]:
    """The files below a folder of a blog, by their paths from its root, in order of their names.

    Hidden ones are left out, and links that lead out of the blog. Raises Failure for a folder that
    lies elsewhere: settings may name any.
    """
    try:
        is_inside = (root / folder).resolve().is_relative_to(root.resolve())
    except ValueError:  # no path has such a sign
        is_inside = False
    if not is_inside:
        raise Failure(
            f"{displayed(folder)} of the settings lies outside of {root}: put it there, and "
            "import again",
            Exit.USAGE,
        )
    return _walked(root, folder)


def _walked(root: Path, folder: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / folder), key=lambda each: each.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Failure(f"{root / folder}: {error.strerror or error}", Exit.USAGE) from error
    for entry in entries:
        inside = f"{folder}/{entry.name}" if folder else entry.name
        if (entry.name.startswith(".") and entry.name != _WELL_KNOWN) or entry.name in _NEVER:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(root, inside)
        elif _is_followed(root, Path(entry.path)) if entry.is_symlink() else entry.is_file():
            yield inside


def links_below(root: Path) -> Iterator[str]:
    """The links below a folder of a blog that are not followed: out of it, to folders, nowhere."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _NEVER]
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.is_symlink() and not _is_followed(root, path):
                yield path.relative_to(root).as_posix()


def _is_followed(root: Path, path: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # it leads to itself
        return False


class Gathered:
    """The files that are to be written, by key; of two of one key the second is noted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, bytes | Path] = {}
        self.notes: list[Note] = []
        self.taken: set[str] = set()
        self.addresses: list[OldAddress] = []
        """Those of what is not written, since the site makes it itself, or leads elsewhere."""

    def put(self, key: str, file: str, data: bytes | None = None) -> None:
        """Takes a file along, as it is or with other bytes."""
        key = normalize("NFC", key)
        self.taken.add(file)
        if (why := unfit_name(key) or unfit(key)) is not None:
            self.leave(file, why.message, why.fix)
        elif key in self.files:
            self.leave(file, f"Another file is {key} already.", "Rename one of the two.")
        else:
            self.files[key] = self.root / file if data is None else data

    def put_static(self, path: str, file: str) -> None:
        """Takes a file along that stands at a path as it is, if it can stand there."""
        key = normalize("NFC", f"static{path}")
        why = _unfit(key, self.root / file)
        if why is None:
            self.put(key, file)
            self.addresses.append(OldAddress(path, "file", key))
        else:
            self.leave(file, *why)
            if owner(key_of(path)) is not Owner.CLAIM:
                self.addresses.append(OldAddress(path, "file", path))

    def leave(self, file: str, message: str, fix: str, line: int | None = None) -> None:
        """Notes a file, or a part of one, that does not come along."""
        self.taken.add(file)
        self.notes.append(Note(displayed(file), "moving.left", message, fix, line))

    def leave_rest(self, why: Mapping[str, tuple[str, str]], otherwise: tuple[str, str]) -> None:
        """Notes all other files of the blog, those of a folder at its top together."""
        counts: dict[str, int] = {}
        for file in files_below(self.root):
            if file not in self.taken:
                top = file.partition("/")[0] + "/" * ("/" in file)
                counts[top] = counts.get(top, 0) + 1
        for top, count in counts.items():
            message, fix = why.get(top.rstrip("/"), otherwise)
            files = f" ({count} files)" if top.endswith("/") else ""
            self.notes.append(Note(displayed(f"{top}{files}"), "moving.left", message, fix))
        for link in links_below(self.root):
            self.leave(link, "Links out of the blog, and to folders, are not followed.", _OF_LINK)

    def is_of_the_site(self, path: str, file: str) -> bool:
        """Whether the new site makes a page itself; its text is noted as left behind."""
        if owner(key_of(path)) is Owner.CLAIM or path == NOT_FOUND_PATH:
            return False
        self.leave(
            file,
            f"The site makes {path} itself, so the text of this page is not shown there.",
            "Nothing, if it is a mere list; else give it another address, as in pages/words.md.",
        )
        self.addresses.append(OldAddress(path, "list", path))
        return True


def _unfit(key: str, path: Path) -> tuple[str, str] | None:
    """Why a file cannot stand as it is at its key, and the cure."""
    if (why := unfit_name(key) or unfit(key)) is not None:
        return why.message, why.fix
    try:
        content.static_place(key)
    except Rejected as rejected:
        return rejected.message, rejected.fix
    if path.stat().st_size > content.MAX_STATIC_BYTES:
        most = content.MAX_STATIC_BYTES // 1024**2
        return f"It has more than {most} MiB.", "Keep it elsewhere, and link to it."
    if not content.is_static(key):
        return "It is hidden.", "Rename it."
    if not is_file(key) and not key.startswith("static/.well-known/"):
        return _OF_GITHUB if key == "static/CNAME" else _NO_SUFFIX
    return None


def published(files: Mapping[str, bytes | Path], settings: Site) -> list[Published]:
    """The posts and pages that readers see, with what their front matter says."""
    found, now = [], utc_now()
    for key, file in files.items():
        if not source.may_be_post(key):
            continue
        data = data_of(file)
        outcome = read_with(settings, key, data, now)
        if outcome.parsed is None or outcome.status not in UP:
            continue
        found.append(Published(key, outcome.parsed.post, front_of(data)))
    return found


def front_of(data: bytes) -> dict[str, Any]:
    """What the front matter of a source says; nothing where it cannot be read."""
    try:
        return {key: entry.value for key, entry in source.read(data).entries.items()}
    except Rejected:
        return {}


def is_text(file: str) -> bool:
    """Whether a file is by its name what posts are written in."""
    return Path(as_source(file)).suffix.lower() in source.SUFFIXES


def as_source(key: str) -> str:
    """The key of a source: Markdown has other suffixes in other tools, and `.md` here."""
    path = PurePosixPath(key)
    return str(path.with_suffix(".md")) if path.suffix.lower() in _MARKDOWN else key


def is_fragment(path: Path) -> bool:
    """Whether a file is text for a page, and no whole page of HTML that is shown as it is."""
    if path.suffix.lower() not in (".html", ".htm"):
        return True
    with path.open("rb") as file:
        beginning = file.read(1000).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not beginning.startswith((b"<!doctype", b"<html"))


def has_words(data: bytes) -> bool:
    """Whether a source says anything below its front matter."""
    try:
        return bool(source.read(data).body.strip())
    except Rejected:
        return True
