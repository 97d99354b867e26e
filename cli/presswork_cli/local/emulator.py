"""The process of the local cloud: MiniStack, on loopback only, with IAM enforced."""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import urllib3

from presswork.post import Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.local import cached_ministack, environments, rubbish, saved
from presswork_cli.local.layout import DEFAULT_PORT, Layout
from presswork_cli.local.saved import Save
from presswork_cli.printing.steps import step

REGION = "us-east-1"
LOOPBACK = "127.0.0.1"

_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_SAVE_SECONDS = 60.0
_PAUSE = 0.05

_started: dict[int, subprocess.Popen[bytes]] = {}
"""The clouds that this process started; they outlive it, and are waited for only when stopped."""


class Record(Model):
    """The process that runs, or ran last, and the key of the account's root, made at its start.

    `run` tells it from those before it.
    """

    pid: int
    port: int
    access_key: str
    secret_key: str
    run: str = ""

    @property
    def endpoint(self) -> str:
        """Where every AWS call goes."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def mailbox(self) -> str:
        """The address where every mail that was sent can be read."""
        return f"{self.endpoint}/_ministack/ses/messages"


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Holds off other commands that would start, change or stop the same cloud."""
    layout.state.mkdir(parents=True, exist_ok=True)
    layout.ignored.write_text("*\n")
    with layout.busy.open("a") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("waiting for another command"):
                fcntl.flock(busy, fcntl.LOCK_EX)
        yield


def was_begun(layout: Layout) -> bool:
    """Whether a command ever started a cloud here, or tried to."""
    return layout.busy.exists() or layout.alive.exists()


def remembered(layout: Layout) -> Record | None:
    """The record of the cloud that runs, or ran last."""
    if not layout.record.exists():
        return None
    return Record.model_validate_json(layout.record.read_bytes())


def running(layout: Layout) -> Record | None:
    """The record of the cloud, provided that its process lives.

    The process inherits a lock and holds it until it ends, however it ends: unlike a process id, a
    lock is never passed on to a stranger.
    """
    return remembered(layout) if _is_locked(layout.alive) else None


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def start(layout: Layout, port: int | None, save: Save | None = None) -> Record:
    """Starts the cloud with what it saved, on `port` or a free one, and waits until it answers."""
    last = remembered(layout)
    record = Record(
        pid=0,
        port=_choose_port(port, last.port if last else DEFAULT_PORT),
        access_key="presswork",
        secret_key=secrets.token_urlsafe(30),
        run=secrets.token_hex(8),
    )
    rubbish.discard(layout, layout.scratch)
    for folder in (layout.scratch, layout.data, layout.log("cloud").parent):
        folder.mkdir(parents=True, exist_ok=True)
    with layout.alive.open("a") as alive, layout.log("cloud").open("wb") as log:
        fcntl.flock(alive, fcntl.LOCK_EX)
        process = subprocess.Popen(  # noqa: S603 - runs this repository's own tools
            [layout.cloud_python, "-P", cached_ministack.__file__],
            cwd=layout.scratch,
            env=environment(layout, record, save),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[alive.fileno(), *environments.in_use()],
        )
        _started[process.pid] = process
        record = record.model_copy(update={"pid": process.pid})
        _remember(layout, record)
    _await_health(layout, record, process)
    return record


def environment(layout: Layout, record: Record, save: Save | None = None) -> dict[str, str]:
    """All that MiniStack is told; it hands nearly all of it on to every function."""
    return {
        "PATH": os.pathsep.join(
            [str(layout.cloud_python.parent), str(layout.node.parent), os.defpath]
        ),
        "LANG": "C.UTF-8",
        "TMPDIR": str(layout.scratch),
        "GATEWAY_PORT": str(record.port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": record.access_key,
        "AWS_SECRET_ACCESS_KEY": record.secret_key,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(save.folder if save else layout.saves / ".none"),
        "PRESSWORK_SAVES": str(layout.saves),
        "PRESSWORK_RUN": record.run,
        "PRESSWORK_RECORD": str(layout.record),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(layout.data / "s3"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def stop(layout: Layout, record: Record) -> None:
    """Asks the cloud to save its state and end; what is left of its process group is ended."""
    os.kill(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _is_locked(layout.alive) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    ended = not _is_locked(layout.alive)
    with suppress(ProcessLookupError, PermissionError):  # macOS: no permission on a dead group
        os.killpg(record.pid, signal.SIGKILL)
    if record.pid in _started:
        _started.pop(record.pid).wait()
    if not ended:
        raise Failure(
            f"the local cloud did not end within {_STOP_SECONDS:.0f} s and was killed: the next "
            f"`presswork local up` looks at every file again. Its log is {layout.log('cloud')}",
            Exit.NO_CLOUD,
        )


def save_now(layout: Layout, record: Record) -> None:
    """Has the cloud save what it holds, and waits until that is done; a failure is said."""
    before, deadline = saved.newest(layout.saves), time.monotonic() + _SAVE_SECONDS
    os.kill(record.pid, signal.SIGUSR1)
    while saved.newest(layout.saves) == before:
        if time.monotonic() > deadline or not _is_locked(layout.alive):
            raise Failure(
                f"the local cloud did not save what it holds: its log is {layout.log('cloud')}",
                Exit.NO_CLOUD,
            )
        time.sleep(_PAUSE)


def was_cut_off(layout: Layout, save: Save | None) -> bool:
    """Whether the last cloud ended otherwise than by its own hand, which is what saved it last."""
    last = remembered(layout)
    return last is not None and not (save and save.is_end_of(last.run))


def _remember(layout: Layout, record: Record) -> None:
    new = layout.record.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(record.model_dump_json(indent=2) + "\n")
    new.replace(layout.record)


def refuse_taken(layout: Layout, port: int | None) -> None:
    """Raises Failure for a port that is asked for and taken, before anything is made on disk."""
    if port is not None and running(layout) is None:
        _choose_port(port, port)


def _choose_port(asked: int | None, preferred: int) -> int:
    if asked is not None:
        if not _is_free(asked):
            raise Failure(
                f"port {asked} is taken: name another with --port, or leave --port away to get a "
                "free one",
                Exit.USAGE,
            )
        return asked
    for port in (preferred, DEFAULT_PORT):
        if _is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _await_health(layout: Layout, record: Record, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with urllib3.PoolManager(retries=False, timeout=2) as http:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                http.request("GET", f"{record.endpoint}/_ministack/health")
            except urllib3.exceptions.HTTPError:
                time.sleep(_PAUSE)
            else:
                return
    if process.poll() is None:
        process.kill()
        process.wait()
    raise Failure(
        f"the local cloud did not start: {_last_line(layout.log('cloud'))}\n"
        f"Its log is {layout.log('cloud')}",
        Exit.NO_CLOUD,
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
