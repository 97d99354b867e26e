"""What tells that files are those that were seen before, without reading them.

Little is imported here and by what uses it: a build after which nothing has changed does no more.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple, Self

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file system tells a change of a file by its times, however coarse."""


_APART = ("static", "theme")
"""Folders at the top of a content folder that hold no posts."""


class Signature(NamedTuple):
    """What tells, without reading it, that a file is the one that was seen before.

    No program can set the time of its change, so that one which sets back that of its content, as
    `cp -p` does, is noticed all the same.
    """

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Self:
        """The signature of a file; its times are in nanoseconds."""
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def is_settled(signature: Signature) -> bool:
    """Whether a file's last change is so long ago that another one would be seen by its times."""
    return time.time_ns() - max(signature.changed, signature.modified) > _SETTLED


def is_same(stat: os.stat_result, signature: Sequence[object]) -> bool:
    """Whether a file has a signature; told without making one, for very many."""
    size, modified, changed, inode = signature
    return (
        stat.st_ctime_ns == changed
        and stat.st_mtime_ns == modified
        and stat.st_size == size
        and stat.st_ino == inode
    )


def signature_of(path: str) -> Signature | None:
    """The signature of what is there, if anything is."""
    try:
        return Signature.of(os.stat(path))  # noqa: PTH116 - one of very many
    except OSError:
        return None


def walk(
    folder: str,
    left_out: Collection[str],
    refuse: Callable[[OSError], None],
    *,
    is_content: Callable[[str], bool],
) -> Iterator["os.DirEntry[str]"]:
    """What lies below a folder and is no folder, by names, what lies in folders of it last.

    `left_out` are real paths of folders, `refuse` is told which folder cannot be read. Links to
    folders are not followed.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted((each for each in found if is_content(each.name)), key=_name)
    except OSError as error:
        refuse(error)
        return
    folders = {each.name: each for each in entries if _is_folder(each)}
    yield from (each for each in entries if each.name not in folders)
    for each in folders.values():
        if not each.is_symlink() and os.path.realpath(each.path) not in left_out:
            yield from walk(each.path, left_out, refuse, is_content=is_content)


def sources_apart(folder: str, without: Iterable[str]) -> set[str]:
    """The real paths of folders below a content folder that hold no sources."""
    apart = {os.path.join(os.path.realpath(folder), name) for name in _APART}  # noqa: PTH118 - real
    return apart | {os.path.realpath(each) for each in without}


def is_visible(name: str) -> bool:
    """Whether a name is none of a hidden file."""
    return not name.startswith(".")


class Seen(NamedTuple):
    """How files looked at once, and when one of them was last changed, in nanoseconds."""

    digest: bytes
    newest: int

    def is_settled(self, since: int) -> bool:
        """Whether none was changed since a moment, or so shortly before that times do not tell."""
        return self.newest < since - _SETTLED


def seen(paths: Collection[str]) -> Seen:
    """Files and whole folders as they look, with their names; also those that are not there."""
    signatures: dict[str, Signature | None] = {}
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - as above
            for entry in walk(path, (), _let_pass, is_content=_is_no_bytecode):
                signatures[entry.path] = signature_of(entry.path)
        else:
            signatures[path] = signature_of(path)
    told = repr([(path, each and tuple(each)) for path, each in signatures.items()])
    newest = max((max(each[1:3]) for each in signatures.values() if each), default=0)
    return Seen(blake2b(told.encode(errors="surrogateescape"), digest_size=16).digest(), newest)


def _let_pass(_: OSError) -> None:
    """What cannot be read looks as what is not there."""


def _is_no_bytecode(name: str) -> bool:
    return name != "__pycache__"


def _name(entry: "os.DirEntry[str]") -> str:
    return entry.name


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
