"""Serving from beginning to end: a port, the first build, then a build for each change."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from pathlib import Path
from threading import Event, Thread

from presswork.post import Status
from presswork_cli.failure import Exit, Failure
from presswork_cli.offline.cache import default_folder
from presswork_cli.printing import terminal
from presswork_cli.serve import showing
from presswork_cli.serve.live_site import LiveSite
from presswork_cli.serve.server import SiteServer
from presswork_cli.serve.watching import FolderWatch

PORT = 8000
_PORTS = 20
"""How many ports are tried, where none was asked for."""


@contextmanager
def own_folder(root: Path) -> Iterator[Path]:
    """The folder for what is served, among the caches of this user; another if it is in use.

    Never in the content folder: that may come from strangers, with a link in that place.
    """
    folder = default_folder(root, root)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Failure(
            f"{folder}: {error.strerror or error}: name a folder for caches that you may write to, "
            "export XDG_CACHE_HOME=DIR",
            Exit.USAGE,
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        with tempfile.TemporaryDirectory(prefix="presswork-") as another:
            yield Path(another)
        return
    try:
        yield folder
    finally:
        os.close(lock)


def listen(live: LiveSite, host: str, port: int | None) -> SiteServer:
    """A server at the port that was asked for, else at the first free one from 8000 on."""
    ports = range(PORT, PORT + _PORTS) if port is None else [port]
    for each in ports:
        try:
            return SiteServer(host, each, live)
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise Failure(
                    f"{host}:{each} cannot be listened at: {error.strerror or error}: choose "
                    "another --port, from 1024 on, or leave --host out",
                    Exit.USAGE,
                ) from error
    asked = f"Port {port} is" if port is not None else f"The ports from {PORT} on are"
    raise Failure(
        f"{asked} in use by another program: end it, name another one by --port, or leave --port "
        "out for one that is free",
        Exit.USAGE,
    )


class Serving:
    """A site that is served until somebody ends it."""

    def __init__(self, live: LiveSite, server: SiteServer) -> None:
        self.live, self._server = live, server
        self._watch = FolderWatch(live.root)
        self._over = Event()

    def begin(self) -> None:
        """Builds the site, and answers from now on."""
        self._seen = self._watch.look()
        self._server.told.tell(self.live.update(self._seen, terminal.reading))
        # A fork beside the threads that answer may wait for a lock that none of them lets go there.
        self.live.processes = 1
        Thread(target=self._server.serve_forever, name="server", daemon=True).start()
        showing.begun(self._server.url, self.live.revision)

    def follow(self) -> None:
        """Builds again after each change, until it is ended."""
        while not self._over.wait(self._watch.pause):
            if self._watch.look() != self._seen:
                self.build_again()

    def build_again(self) -> None:
        """Builds what has changed, and tells whoever looks at it."""
        self._seen = self._watch.settled(self._over.wait)
        before, began = self.live.revision, time.monotonic()
        after = self.live.update(self._seen)
        if after is not before:
            self._server.told.tell(after)
            showing.again(before, after, time.monotonic() - began)

    def end(self) -> None:
        """Answers no more."""
        self._over.set()
        self._server.told.end()
        self._server.shutdown()
        self._server.server_close()


def live_site(root: Path, folder: Path, *, drafts: bool, future: bool) -> LiveSite:
    """The site of a content folder, built into a folder of its own."""
    also = {Status.DRAFT: drafts, Status.SCHEDULED: future}
    return LiveSite(
        root=root,
        out=folder / "site",
        cache=folder / "cache",
        also=frozenset(status for status, is_asked in also.items() if is_asked),
        say=terminal.say,
    )
