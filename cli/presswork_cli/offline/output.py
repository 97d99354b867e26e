"""The folder that a site is built into."""

import os
from collections.abc import Iterable
from pathlib import Path

from presswork_cli.failure import Exit, Failure


class Output:
    """A folder of the site's objects by key; a file that is as it should be is not written again.

    `keys` are those put, `written` counts the files that were new or changed.
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
        path = self.folder / key
        try:
            if path.is_file() and path.read_bytes() == body:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(".presswork-part")
            part.write_bytes(body)
            part.replace(path)
        except OSError as error:
            raise Failure(
                f"{path} cannot be written: {error.strerror or error}", Exit.USAGE
            ) from error
        self.written += 1

    def stale(self) -> tuple[str, ...]:
        """The files of the folder that were not put: an earlier build's, or somebody else's."""
        return tuple(sorted(self._present() - self.keys))

    def remove(self, keys: Iterable[str]) -> None:
        """Takes files away, and the folders that they leave empty."""
        for key in keys:
            path = self.folder / key
            path.unlink()
            for parent in path.parents:
                if parent == self.folder or any(parent.iterdir()):
                    break
                parent.rmdir()

    def _present(self) -> set[str]:
        return {
            (Path(parent) / name).relative_to(self.folder).as_posix()
            for parent, _, names in os.walk(self.folder)
            for name in names
            if not _is_hidden(Path(parent).relative_to(self.folder) / name)
        }


def _is_hidden(path: Path) -> bool:
    """Whether a file is none of a site's: `.git`, `.nojekyll` and the like stay."""
    return any(part.startswith(".") for part in path.parts)
