"""Files of a content folder as they lie on disk: the same objects that the bucket would hold."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presswork import content
from presswork.settings import Site
from presswork.theme_files import PREFIX
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS, key_of
from presswork_cli.offline.signature import Signature, is_visible, sources_apart, walk

_OF_PROGRAMS = frozenset({".git", ".hg", ".svn", ".presswork"})
"""Folders of version control, and of the local cloud, which holds a copy of each post."""


@dataclass(frozen=True)
class File:
    """A file, and the key that it goes to; what it holds is read when it is asked for."""

    path: Path
    key: str

    @property
    def data(self) -> bytes:
        """The file's bytes; raises Failure when it cannot be read.

        One more byte than a post may have is the most, so that a caller sees that it has too many.
        """
        try:
            with self.path.open("rb") as file:
                return file.read(content.MAX_BYTES + 1)
        except OSError as error:
            raise unreadable(self.path, error) from error

    @property
    def signature(self) -> Signature:
        """What tells whether it is still the same."""
        try:
            return Signature.of(self.path.stat())
        except OSError as error:
            raise unreadable(self.path, error) from error

    @property
    def uploaded(self) -> datetime:
        """When the file was last changed."""
        return uploaded(self.signature)


def uploaded(signature: Signature) -> datetime:
    """When a file's content was last changed: what dates a post that names no date."""
    return datetime.fromtimestamp(signature.modified // 1_000_000_000, UTC)


def files_of(folder: Path, *, without: Iterable[Path] = ()) -> list[File]:
    """All files below a folder in the order of their keys, without hidden ones and `site.yaml`.

    What lies below `without`, and in `static/` and `theme/` at the top, is left out. Raises Failure
    when the folder cannot be read, and when two files belong under one key.
    """
    files: dict[str, File] = {}
    left_out = sources_apart(str(folder), map(str, without))
    for entry in walk(str(folder), left_out, _fail, is_content=is_visible):
        path = Path(entry.path)
        key = key_of(str(path), within=str(folder))
        if key == SETTINGS:
            continue
        other = files.setdefault(key, File(path, key))
        if other.path != path:
            raise Failure(
                f"{other.path} and {path} both belong under the key {key}: rename one of them",
                Exit.USAGE,
            )
    return [file for _, file in sorted(files.items())]


def all_of(folder: Path, refuse: Callable[[OSError], None]) -> Iterator[File]:
    """Every file below a folder, hidden ones too, in the order of their paths.

    Left out are `site.yaml`, what version control and the local cloud keep, what is no regular
    file, and in a content folder `static/` and `theme/`. Links to folders are not followed.
    `refuse` is told which folder cannot be read.
    """
    left_out = sources_apart(str(folder), ()) if is_content_folder(folder) else ()
    for entry in walk(str(folder), left_out, refuse, is_content=_is_of_author):
        path = Path(entry.path)
        key = _key_below(folder, path)
        # Those of Path raise where a link cannot be followed.
        if key != SETTINGS and (os.path.isfile(path) or not os.path.exists(path)):  # noqa: PTH110, PTH113 - above
            yield File(path, key)


def is_content_folder(folder: Path) -> bool:
    """Whether a folder is what a bucket holds, and no mere folder of posts."""
    return settings_file(folder) is not None or (folder / "posts").is_dir()


def root_of_theme(path: Path) -> Path | None:
    """The content folder in whose `theme/` a file lies, if it lies in one."""
    if f"/{PREFIX}" not in absolute(path):
        return None
    themes = (each for each in path.absolute().parents if each.name == PREFIX.rstrip("/"))
    return next((each.parent for each in themes if is_content_folder(each.parent)), None)


def file_of(path: Path) -> File:
    """One file that was named by itself."""
    return File(path, key_of(str(path)))


def settings_of(path: Path | None) -> Site:
    """The settings in a `site.yaml`, or the defaults where there is none; raises `Rejected`."""
    return content.settings(File(path, SETTINGS).data) if path is not None else Site()


def settings_file(folder: Path) -> Path | None:
    """The `site.yaml` of a content folder, if it has one."""
    path = folder / SETTINGS
    return path if path.is_file() else None


def absolute(path: Path) -> str:
    """A file's place, by which it is the same however it was named; links stay links."""
    return os.path.normpath(path.absolute())


def from_here(path: Path) -> Path:
    """A file's path as one would type it: relative where it lies below the working folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def displayed(path: Path | str) -> str:
    """A name as text, whatever bytes it is made of on disk."""
    return os.fsencode(path).decode(errors="replace")


def unreadable(path: Path | str, error: OSError) -> Failure:
    """A file or folder that cannot be read ends the command before anything is written."""
    return Failure(f"{path}: {error.strerror or error}", Exit.USAGE)


def _fail(error: OSError) -> None:
    raise unreadable(str(error.filename), error) from error


def _is_of_author(name: str) -> bool:
    return name not in _OF_PROGRAMS


def _key_below(folder: Path, path: Path) -> str:
    """A file's key; one in a hidden folder has none that a post has, whatever lies in there."""
    parts = path.relative_to(folder).parts
    is_hidden = not all(map(is_visible, parts))
    return "/".join(parts) if is_hidden else key_of(str(path), within=str(folder))
