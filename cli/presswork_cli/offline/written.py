"""What was written of a site, and whether it still stands there as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from presswork_cli.offline.cache import Row
from presswork_cli.offline.output import Output

Signatures = list[list[object]]
"""The files of a piece: for each its key and its signature."""


class Written:
    """The files of OUT as they were before the build, and those that are written during it.

    `signatures` are those of files that are as they are to be.
    """

    def __init__(self, output: Output, present: Mapping[str, tuple[Any, ...]]) -> None:
        self._output = output
        self._present = present
        self.signatures: dict[str, tuple[object, ...]] = {}

    @classmethod
    def trusting(
        cls, output: Output, files: dict[str, tuple[Any, ...]], stale: Iterable[str]
    ) -> "Written":
        """That of a folder which is as it was left, with these files and some that are stale."""
        written = cls(output, files | dict.fromkeys(stale, ()))
        written.signatures.update(files)
        return written

    @property
    def stale(self) -> tuple[str, ...]:
        """The files of the folder that are not of this build: an earlier one's, or somebody's."""
        gone = self._present.keys() - self._output.keys
        return tuple(sorted(key for key in gone if not _is_hidden(key)))

    def is_as(self, row: Row | None, digest: str) -> bool:
        """Whether what a row tells of was made of the same, and stands where it was written."""
        return (
            row is not None
            and row[0] == digest
            and all(self._signature(key) == tuple(signature) for key, *signature in row[1])
        )

    def keep(self, files: Iterable[list[object]]) -> None:
        """Takes files, as they stand, into the site."""
        for key, *signature in files:
            self._output.keys.add(str(key))
            self.signatures[str(key)] = tuple(signature)

    def count(self, files: Iterable[list[object]], new: int) -> None:
        """Takes files into the site that another process wrote, `new` of them otherwise."""
        self.keep(files)
        self._output.written += new

    def _signature(self, key: object) -> tuple[Any, ...] | None:
        name = str(key)
        if name in self._present or not _is_hidden(name):
            return self._present.get(name)
        return self._output.signature(name)


def write(output: Output, bodies: Mapping[str, bytes]) -> tuple[Signatures, int]:
    """Writes files, and returns their signatures, and how many were new or changed."""
    new = sum(output.write(key, body) for key, body in bodies.items())
    return [[key, *(output.signature(key) or ())] for key in bodies], new


def _is_hidden(key: str) -> bool:
    return key.startswith(".") or "/." in key
