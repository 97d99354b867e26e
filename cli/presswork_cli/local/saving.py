"""Has MiniStack save while it runs what it would save at its end alone: docs/local-cloud.md.

It runs in the process of `cached_ministack.py`, with the cloud's own Python. What is saved is read
by `saved.py`.
"""

import asyncio
import contextlib
import copy
import hashlib
import json
import os
import shutil
import signal
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presswork_cli.local.orphan import Orphan

QUIET = 1.0
"""Seconds without a change, after which a save begins."""

EVERY = 10.0
"""Seconds from the beginning of a save to that of the next, at least."""

AT_LATEST = 60.0
"""Seconds after which what was changed is saved though it never becomes quiet."""

KEPT = 2
"""How many saves are kept: should the newest be damaged, there is the one before."""

ABOUT = "about.json"
"""The file of a save that is written last: the digests of the others, and the run they are of."""

_LONGEST_SAVE = 120.0
_LOOK = 0.25
_READS = ("Get", "BatchGet", "List", "Describe", "Query", "Scan", "Receive", "Filter")

States = Callable[[Path], Iterable[tuple[str, bytes]]]
"""The files of a save, by name; what belongs to them beside is put into the folder given."""


class Saver:
    """Saves in a process of its own, which holds all as it was at one moment between two requests.

    So no request waits for a save. What is written is complete once it has its name.
    """

    def __init__(
        self, write: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._child: int | None = None
        self._began = -EVERY
        self._changed: float | None = None
        self._first_change = 0.0
        self._is_asked = False

    def changed(self) -> None:
        """Something is not saved yet."""
        now = self._clock()
        if self._changed is None:
            self._first_change = now
        self._changed = now

    def ask(self) -> None:
        """Somebody waits for a save."""
        self._is_asked = True

    def is_due(self) -> bool:
        """Whether a save is to begin now."""
        if self._child is not None:
            return False
        if self._is_asked:
            return True
        now = self._clock()
        if self._changed is None or now - self._began < EVERY:
            return False
        return now - self._changed >= QUIET or now - self._first_change >= AT_LATEST

    def look(self) -> None:
        """Begins a save that is due, and takes note of one that has ended."""
        self._reap()
        if not self.is_due():
            return
        self._began, self._changed, self._is_asked = self._clock(), None, False
        self._child = os.fork()
        if self._child == 0:
            self._save_and_exit()

    def finish(self) -> None:
        """Ends a save that is under way, since a newer one takes its place."""
        if self._child is not None:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = None

    def _save_and_exit(self) -> None:
        code = 1
        try:
            # Neither the port nor the lock of the cloud is to outlive it here.
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            copy.deepcopy = _itself  # type: ignore[assignment]  # narrower than what it stands for
            self._write()
            code = 0
        except BaseException:  # noqa: BLE001 - the end of the process: nothing else would say it
            traceback.print_exc()
        finally:
            os._exit(code)

    def _reap(self) -> None:
        if self._child is None:
            return
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if pid:
            self._child = None
            if status:
                self.changed()
        elif self._clock() - self._began > _LONGEST_SAVE:
            self.finish()
            self.changed()


def _itself(value: Any, _memo: Any = None) -> Any:
    """Nobody but this process sees what it hands out, so no copy is needed."""
    return value


def write(states: States, folder: Path, run: str, *, ended: bool) -> None:
    """Writes what all services hold into a folder of its own, which is there whole or not at all.

    `folder` holds the saves, each named by its time.
    """
    name = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}"
    new = folder / f".{name}"
    new.mkdir(parents=True)
    digests = {}
    for file, data in states(new):
        _write_through(new / file, data)
        digests[file] = hashlib.sha256(data).hexdigest()
    about = {"run": run, "ended": ended, "files": digests}
    _write_through(new / ABOUT, json.dumps(about, indent=2).encode())
    new.replace(folder / name)
    remove_others(folder)


def remove_others(folder: Path) -> None:
    """Removes what is no save, and all saves but the newest."""
    saves = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    for each in [*folder.glob(".2*"), *saves[:-KEPT]]:
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)


def _write_through(path: Path, data: bytes) -> None:
    """Writes a file that is on the disk, and not on its way there, when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def states_of(services: dict[str, Callable[[], Any]]) -> States:
    """What MiniStack's services hold, in the form that MiniStack reads at its start."""
    # Of the cloud's own environment; ours knows the file, and not what it runs.
    from ministack.core import persistence  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.services import lambda_svc  # type: ignore[import-not-found]  # noqa: PLC0415

    def states(folder: Path) -> Iterator[tuple[str, bytes]]:
        lambda_svc.CODE_BLOB_DIR = str(folder / "lambda-blobs")
        for service, get_state in services.items():
            state = get_state()
            if state is None:
                continue
            version = persistence._state_format_version(service)  # noqa: SLF001 - its writer's
            wrapped = {"__ministack_format__": version, "payload": state}
            encoded = json.dumps(wrapped, default=persistence._json_default)  # noqa: SLF001
            yield f"{service}.json", encoded.encode()

    return states


def install(app: Any, folder: Path, run: str, orphan: Orphan) -> None:
    """Has MiniStack's application save while it runs, when SIGUSR1 asks for it, and at its end."""

    def save() -> None:
        services = app._build_persistence_save_dict()  # noqa: SLF001 - what it saves itself
        write(states_of(services), folder, run, ended=False)

    def save_at_end(services: dict[str, Callable[[], Any]]) -> None:
        saver.finish()
        write(states_of(services), folder, run, ended=True)

    saver = Saver(save)
    app.save_all = save_at_end
    signal.signal(signal.SIGUSR1, lambda *_: saver.ask())
    app.app = watched(app.app, saver, orphan)


def watched(
    application: Callable[..., Awaitable[None]], saver: Saver, orphan: Orphan
) -> Callable[..., Awaitable[None]]:
    """An ASGI application that tells a saver of each request that may change something.

    As long as it is served, both look again and again whether there is something for them to do.
    """

    async def run(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            looks = asyncio.create_task(_look_on(orphan, saver))
            try:
                await application(scope, receive, send)
            finally:
                looks.cancel()
            return
        try:
            await application(scope, receive, send)
        finally:
            if may_change(scope):
                saver.changed()

    return run


async def _look_on(*watchers: Orphan | Saver) -> None:
    """Looks again and again, in the thread that serves requests: never amid one of them."""
    while True:
        await asyncio.sleep(_LOOK)
        for each in watchers:
            with contextlib.suppress(OSError):  # no process or memory is left: tried again
                each.look()


def may_change(scope: dict[str, Any]) -> bool:
    """Whether a request does more than read, as far as its method and its target tell."""
    if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return False
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
    return not target.rpartition(".")[2].startswith(_READS)
