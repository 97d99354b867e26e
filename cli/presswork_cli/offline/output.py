"""The folder that a site is built into."""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import get_ident

from presswork_cli.failure import Exit, Failure
from presswork_cli.offline.signature import Signature, is_visible

_PART = ".presswork-part"


class Output:
    """A folder of the site's objects by key; a file that is as it should be is not written again.

    `keys` are those put or kept, `written` counts the files that were new or changed.
    """

    def __init__(self, folder: Path, *, apart_from: Path) -> None:
        self.folder = folder
        self.keys: set[str] = set()
        self.written = 0
        if apart_from.resolve().is_relative_to(folder.resolve()):
            raise Failure(
                f"{folder} holds what the site is built from: give --out another folder",
                Exit.USAGE,
            )

    def put(self, key: str, body: bytes) -> None:
        """Writes an object whole, or not at all; raises Failure when that cannot be done."""
        self.keys.add(key)
        self.written += self.write(key, body)

    def write(self, key: str, body: bytes) -> bool:
        """As `put`, for a process that does not count: whether the file is new or changed."""
        path = self._path(key)
        try:
            if _read(path) == body:
                return False
            part = f"{os.path.dirname(path)}/{_PART}-{os.getpid()}-{get_ident()}"  # noqa: PTH120 - one of very many
            try:
                _write(part, body)
            except FileNotFoundError:
                Path(part).parent.mkdir(parents=True, exist_ok=True)
                _write(part, body)
            os.replace(part, path)  # noqa: PTH105 - one of very many
        except OSError as error:
            raise Failure(
                f"{path} cannot be written: {error.strerror or error}", Exit.USAGE
            ) from error
        return True

    def signature(self, key: str) -> Signature | None:
        """What tells whether a file is the one that was written; None where there is none."""
        try:
            return Signature.of(os.stat(self._path(key)))  # noqa: PTH116 - one of very many
        except OSError:
            return None

    def present(self) -> dict[str, Signature]:
        """The files of the folder, without hidden ones; what a killed build left is removed."""
        found: dict[str, Signature] = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = list(os.scandir(self.folder / folder))
            except OSError:  # there is none, or nobody may look: writing to it will tell
                continue
            for entry in entries:
                if entry.name.startswith("."):
                    if entry.name.startswith(_PART):
                        os.unlink(entry.path)  # noqa: PTH108 - as above
                elif entry.is_dir():
                    folders += [] if entry.is_symlink() else [f"{folder}{entry.name}/"]
                else:
                    found[f"{folder}{entry.name}"] = _signature(entry)
        return found

    def folders(self) -> dict[str, tuple[Signature, tuple[str, ...]]]:
        """The folders that are not hidden, each with its signature and the names in it."""
        found: dict[str, tuple[Signature, tuple[str, ...]]] = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            signature = Signature.of(os.stat(self._path(folder)))  # noqa: PTH116 - one of very many
            with os.scandir(self._path(folder)) as entries:
                names = [each for each in entries if is_visible(each.name)]
            found[folder] = signature, tuple(sorted(each.name for each in names))
            folders += [
                f"{folder}{each.name}/" for each in names if each.is_dir(follow_symlinks=False)
            ]
        return found

    def remove(self, keys: Iterable[str]) -> None:
        """Takes files away, and the folders that they leave empty."""
        for key in keys:
            path = self.folder / key
            path.unlink()
            for parent in path.parents:
                if parent == self.folder or any(parent.iterdir()):
                    break
                parent.rmdir()

    def _path(self, key: str) -> str:
        return f"{self.folder}/{key}"


def _signature(entry: "os.DirEntry[str]") -> Signature:
    try:
        return Signature.of(entry.stat())
    except OSError:  # a link that leads nowhere
        return Signature.of(entry.stat(follow_symlinks=False))


def _read(path: str) -> bytes | None:
    """What a file holds, for one that is there."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - one of very many
            return file.read()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _write(path: str, body: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - one of very many
        file.write(body)
