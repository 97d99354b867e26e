"""The static files of a whole site: copied as they are, and not again while they are the same."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from presswork import content
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork_cli.offline import folder
from presswork_cli.offline.signature import Signature, is_settled
from presswork_cli.offline.site_build import SiteBuild
from presswork_cli.offline.written import write
from presswork_cli.printing.answers import BuiltPost

STATIC = "static"
"""The unit of what is copied."""


class SiteStatic:
    """The static files by their keys on the site, as the cloud has them, and those `refused`.

    `claimed` gives the source that claims a key; it is asked only when there are static files.
    """

    def __init__(self, build: SiteBuild, claimed: Callable[[], Mapping[str, str]]) -> None:
        self._build = build
        self._claims = claimed
        self.refused: list[BuiltPost] = []
        self.files = self._found()

    def write(self) -> None:
        """Copies them; a file that is as it was when it was copied is not read."""
        build = self._build
        for place, path in self.files.items():
            signature = _signature(path)
            digest = f"static {[*signature]}"
            row = build.before.pieces.get(place)
            if row is None or not is_settled(signature) or not build.written.is_as(row, digest):
                files, new = write(build.output, {place: _read(path)})
                row = [digest, files, STATIC]
                build.output.written += new
            build.after.pieces[place] = row
            build.written.keep(row[1])

    @cached_property
    def _claimed(self) -> Mapping[str, str]:
        return self._claims()

    def _found(self) -> dict[str, Path]:
        root, found = self._build.root, dict[str, Path]()
        for path in sorted((root / "static").rglob("*")):
            key = path.relative_to(root).as_posix()
            if not path.is_file() or not content.is_static(key):
                continue
            try:
                found[self._place(key, path)] = path
            except Rejected as rejected:
                is_claimed = rejected.rule == content.STATIC_CLAIMED
                status = Status.WAITING if is_claimed else Status.REJECTED
                why = Error.of(rejected)
                self.refused.append(
                    BuiltPost(file=str(path), key=key, status=status.value, error=why)
                )
        return found

    def _place(self, key: str, path: Path) -> str:
        """Where a static file stands on the site; raises Rejected."""
        place = content.static_place(key)
        if _signature(path).size > content.MAX_STATIC_BYTES:
            content.check_static_size(key, _read(path))
        if place in self._claimed:
            raise content.static_claimed(place, self._claimed[place])
        return place


def _signature(path: Path) -> Signature:
    try:
        return Signature.of(path.stat())
    except OSError as error:
        raise folder.unreadable(path, error) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(content.MAX_STATIC_BYTES + 1)
    except OSError as error:
        raise folder.unreadable(path, error) from error
