"""What the local cloud is made of, as digests: what is equal is not built or deployed again."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_CACHES = {"__pycache__", ".DS_Store"}
_LENGTH = 16


def digest(paths: Iterable[Path], *words: str) -> str:
    """A digest of some words, and of the names and bytes of all files at or below some paths.

    What Python and file managers leave between them has no part in it, nor has a file's date.
    """
    made_of = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        for file in files(path):
            data = file.read_bytes()
            name = file.relative_to(path.parent).as_posix()
            made_of.update(f"\0{name}\0{len(data)}\0".encode())
            made_of.update(data)
    return made_of.hexdigest()[:_LENGTH]


def files(path: Path) -> Iterator[Path]:
    """A file, or all files below a folder in the order of their names; nothing where none is."""
    if path.is_file():
        yield path
        return
    for each in sorted(path.rglob("*")):
        if each.is_file() and not _CACHES.intersection(each.parts):
            yield each
