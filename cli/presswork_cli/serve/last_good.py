"""What stands in the place of a file that is broken: the same file as it was when it last was not.

As in the cloud: a post that is rejected leaves its last good revision on the site, and an empty
file over a post changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from presswork import content
from presswork.post import Error, Status
from presswork.settings import Site
from presswork_cli.failure import Failure
from presswork_cli.offline.check import unfit_name
from presswork_cli.offline.claims import read
from presswork_cli.offline.folder import File
from presswork_cli.offline.signature import Signature


@dataclass(frozen=True)
class KeptFile(File):
    """A source as it was, whatever lies there now."""

    kept: bytes
    seen: Signature

    @property
    def data(self) -> bytes:
        """The bytes as they were."""
        return self.kept

    @property
    def signature(self) -> Signature:
        """What told it from what it was before."""
        return self.seen


class LastGood:
    """The posts of a folder as they last were good; `errors` tell by key why one is not now."""

    def __init__(self) -> None:
        self.errors: dict[str, Error] = {}
        self._good: dict[str, KeptFile] = {}
        self._broken: set[str] = set()

    @property
    def instead(self) -> tuple[File, ...]:
        """What stands in the place of files that are broken."""
        return tuple(self._good[key] for key in sorted(self._broken & self._good.keys()))

    def keep(self, file: File, signature: Signature) -> None:
        """Takes a file as good, if it still is the one that was seen to be."""
        try:
            data = file.data
            if file.signature == signature:
                self._good[file.key] = KeptFile(file.path, file.key, data, signature)
        except Failure:
            return  # it went meanwhile, which the next look finds

    def judge(self, files: Iterable[File], site: Site, theme: str, now: datetime) -> None:
        """Reads files that have changed, and says of each whether it is good."""
        for file in files:
            try:
                signature, data = file.signature, file.data
            except Failure:
                continue  # the build tells
            self._broken.discard(file.key)
            self.errors.pop(file.key, None)
            error = _error(file.key, data, site, theme, uploaded=file.uploaded, now=now)
            if error is not None:
                self.errors[file.key] = error
            if error is not None or (not data and file.key in self._good):
                self._broken.add(file.key)
            else:
                self._good[file.key] = KeptFile(file.path, file.key, data, signature)

    def forget_all_but(self, files: Mapping[str, File]) -> None:
        """Drops what is kept of files that are gone."""
        for key in [*self._good.keys() - files.keys()]:
            del self._good[key]
        for key in [*self.errors.keys() - files.keys()]:
            del self.errors[key]
        self._broken &= files.keys()


def _error(
    key: str, data: bytes, site: Site, theme: str, *, uploaded: datetime, now: datetime
) -> Error | None:
    """Why a file cannot be shown as it is."""
    if not content.may_be_post(key):
        return None
    if unfit := unfit_name(key):
        return unfit
    outcome = read(key, data, site, theme, uploaded=uploaded, now=now)
    return outcome.error if outcome.status is Status.REJECTED else None
