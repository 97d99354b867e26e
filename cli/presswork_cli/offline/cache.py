"""What `build` remembers between two runs: what sources say, and what of OUT was made of what.

A cache is two files. `bodies-<n>` is only ever appended to; `index` is replaced whole, when all
that it tells of is there. Whatever ends a build leaves the index of the one before, which is still
true. Each carries digests: a cache that is damaged is made anew, and never believed.

The index is read at every build, whatever has changed, so it holds nothing that only some builds
need: that stands among the bodies, each with its own digest.
"""

import fcntl
import gc
import marshal
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, Self

Row = list[Any]
Place = tuple[int, int]
"""Where a body stands: its first byte, and how many there are."""

_INDEX, _LOCK = "index", "lock"
_FORM = f"presswork-build 2, {sys.implementation.cache_tag}, {marshal.version}"
"""How the index is written: what another software or Python wrote is not read."""

_DIGEST = 16
_WASTE = 1_000_000
"""Bytes of bodies that nothing needs: beyond these, and half of all, they are copied without."""


class DamagedError(Exception):
    """What stands in the cache is not what was put there."""


class UnusableError(Exception):
    """There can be no cache here, or another build has it."""


class Remembered:
    """The index: rows by the key of a source, a piece of the site, an image, a file, a card.

    `whole` tells of the whole build; without it nothing but such rows is known of the site.
    `templates` are those of the default theme, compiled. All are plain values; who puts them there
    knows what they hold.
    """

    def __init__(self, **rows: Any) -> None:
        self.sources: dict[str, Row] = rows.get("sources", {})
        self.pieces: dict[str, Row] = rows.get("pieces", {})
        self.images: dict[str, Row] = rows.get("images", {})
        self.files: dict[str, Row] = rows.get("files", {})
        self.cards: dict[str, Row] = rows.get("cards", {})
        self.whole: Row = rows.get("whole", [])
        self.templates: dict[str, bytes] = rows.get("templates", {})

    def copy(self) -> "Remembered":
        """Another with the same rows, to put others in their place."""
        return Remembered(**{name: each.copy() for name, each in vars(self).items()})


class Bodies:
    """The texts of posts, appended to one file. Forks of this process may read what it has put."""

    def __init__(self, file: int, size: int) -> None:
        self._file = file
        self.size = size

    def put(self, body: bytes) -> Place:
        """Keeps a body, and returns where."""
        kept = blake2b(body, digest_size=_DIGEST).digest() + body
        place = self.size, len(kept)
        while kept:
            written = os.pwrite(self._file, kept, self.size)
            self.size += written
            kept = kept[written:]
        return place

    def get(self, place: Place) -> bytes:
        """A body; raises DamagedError when it is not the one that was put there."""
        at, size = place
        kept = os.pread(self._file, size, at)
        digest, body = kept[:_DIGEST], kept[_DIGEST:]
        if len(kept) != size or blake2b(body, digest_size=_DIGEST).digest() != digest:
            raise DamagedError(f"a text at {at} is another than was put there")
        return body

    def close(self) -> None:
        """Lets the file go."""
        os.close(self._file)


class Cache:
    """The cache in a folder, for one build; use it as a context.

    `context` tells all that everything depends on: software, settings, theme. What was remembered
    under another is forgotten; without a context all is taken as it is. `before` is what the last
    build remembered; what this one is to remember is saved at its end. Raises UnusableError, and
    DamagedError for what is not believed.
    """

    def __init__(self, folder: Path, context: str | None) -> None:
        self.folder, self._context = folder, context
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnusableError(f"{folder}: {error.strerror or error}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise UnusableError(f"{folder} is in use by another build") from error
        self.before = Remembered()
        self._number = 0
        try:
            self.bodies = self._open()
        except BaseException:
            os.close(self._lock)
            raise

    @classmethod
    def forget(cls, folder: Path) -> None:
        """Takes the cache of a folder away."""
        for path in _files(folder):
            path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """The cache itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Lets its files go."""
        self.bodies.close()
        os.close(self._lock)

    def is_wasteful(self, live: int) -> bool:
        """Whether most bodies are needed no more, when so many bytes of them are."""
        return self.bodies.size > 2 * live + _WASTE

    def save(self, remembered: Remembered, places: Sequence[tuple[Any, Any]] | None = None) -> None:
        """Replaces the index; `places` are all containers of a body's place, with where in them.

        Without them no body that is needed no more is dropped.
        """
        if places is not None and self.is_wasteful(sum(row[at][1] for row, at in places)):
            self._copy(places)
        index = {"context": self._context, "bodies": [self._number, self.bodies.size]}
        data = marshal.dumps(index | vars(remembered))
        part = self.folder / f"{_INDEX}.part"
        part.write_bytes(f"{_FORM}\n{sha256(data).hexdigest()}\n".encode() + data)
        part.replace(self.folder / _INDEX)
        for path in _files(self.folder):
            if path not in {self._bodies_file, self.folder / _INDEX}:
                path.unlink()

    @property
    def _bodies_file(self) -> Path:
        return self.folder / f"bodies-{self._number}"

    def _open(self) -> Bodies:
        index = self._read()
        if index is None or index["context"] != (self._context or index["context"]):
            self._number = 1 + (index["bodies"][0] if index else self._last_number())
            return self._bodies(0)
        self._context = index.pop("context")
        self._number, size = index.pop("bodies")
        self.before = Remembered(**index)
        with suppress(OSError):
            if self._bodies_file.stat().st_size >= size:
                return self._bodies(size)
        raise DamagedError(f"{self._bodies_file} is cut")

    def _read(self) -> dict[str, Any] | None:
        try:
            data = (self.folder / _INDEX).read_bytes()
        except FileNotFoundError:
            return None
        form, digest = f"{_FORM}\n".encode(), sha256().digest_size * 2
        if not data.startswith(form):
            raise DamagedError(f"{self.folder / _INDEX} is of another version")
        begin = len(form) + digest + 1
        values, digest_of_values = memoryview(data)[begin:], data[len(form) : begin - 1]
        if sha256(values).hexdigest().encode() != digest_of_values:
            raise DamagedError(f"{self.folder / _INDEX} is another than was put there")
        is_on = gc.isenabled()
        gc.disable()  # it would look again and again through what is being read
        try:
            return dict(marshal.loads(values))  # noqa: S302 - of this user, and as it was put there
        finally:
            gc.freeze()
            if is_on:
                gc.enable()

    def _last_number(self) -> int:
        numbers = (path.name.partition("-")[2] for path in _files(self.folder))
        return max((int(each) for each in numbers if each.isdecimal()), default=0)

    def _bodies(self, size: int) -> Bodies:
        """The file of bodies from here on; what an interrupted build has put there is dropped."""
        file = os.open(self._bodies_file, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(file).st_size != size:
            os.ftruncate(file, size)
        return Bodies(file, size)

    def _copy(self, places: Sequence[tuple[Any, Any]]) -> None:
        former = self.bodies
        self._number += 1
        self.bodies = self._bodies(0)
        for row, at in places:
            row[at] = self.bodies.put(former.get(tuple(row[at])))
        former.close()


class NoCache:
    """What stands in the place of a cache where there is none: it remembers nothing."""

    def __init__(self) -> None:
        import tempfile  # noqa: PLC0415 - one that remembers waits for it in vain

        self.before = Remembered()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this
        self.bodies = Bodies(self._file.fileno(), 0)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """The file goes as it is closed."""
        self._file.close()

    def save(self, remembered: Remembered, places: Sequence[tuple[Any, Any]] | None = None) -> None:
        """Nothing: it is forgotten."""


def default_folder(source: Path, out: Path) -> Path:
    """Where the cache of a content folder and its OUT lies: with those of the user's programs.

    Not in the content folder: that may come from strangers, and a cache is believed.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = "\0".join((os.fsdecode(source.resolve()), os.fsdecode(out.resolve())))
    digest = sha256(name.encode(errors="surrogateescape")).hexdigest()[:16]
    return Path(home) / "presswork" / "build" / digest


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*"):
        if path.name.startswith(("bodies-", _INDEX)):
            yield path
