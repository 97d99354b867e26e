"""The tools of an installed package, each in an environment made from its lock in the wheel.

They pin other versions than Presswork does, and than each other. As in a clone, pip brings uv by
its lock, and uv makes the others:

    tools/<digest>/         of the locks, of the Python, of the machine
        uv/                 uv, and the pip that `sam build` calls
        cloud/              MiniStack, and the Node.js of CloudFront's functions
        sam/                the AWS SAM command line
        <name>.made         the environment of that name is whole
    tools/<digest>.lock     held by all who run what is in it
    tools/busy.lock         held by who makes an environment, or removes one

An environment holds the path of its own folder, so it cannot be made aside and then renamed: it is
made where it stays, and counts from when its `.made` is there.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from presswork_cli.failure import Exit, Failure
from presswork_cli.local.layout import IS_INSTALLED, Layout, lock
from presswork_cli.local.log_files import last_words
from presswork_cli.printing import terminal
from presswork_cli.printing.steps import step

NEWEST = (3, 13)
"""The newest Python that the template has functions run on."""

_WORDS = {"uv": "uv", "cloud": "MiniStack and Node.js", "sam": "the SAM CLI"}
_LAST_LINES = 8

_in_use: dict[Path, IO[str]] = {}
"""The locks of the tools that this process runs, which it holds to its end."""


def ready(layout: Layout, *names: str) -> None:
    """Makes the environments of these names unless they are whole; in a clone `make tools` does."""
    if not IS_INSTALLED:
        return
    with _alone(layout):
        _use(layout)
        missing = [name for name in ("uv", *names) if not _is_whole(layout, name)]
        if missing:
            _refuse_unknown_python()
            terminal.say(f"installing tools into {layout.tools}, this once")
            for name in missing:
                _make(layout, name)
        _remove_others(layout)


def in_use() -> list[int]:
    """The locks of the tools in use, for a process that goes on to use them after this one."""
    return [file.fileno() for file in _in_use.values()]


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    folder = layout.tools.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        busy = (folder / "busy.lock").open("a")
    except OSError as error:
        raise Failure(
            f"the tools cannot be installed into {folder} ({error.strerror}): make it writable, "
            "or name a folder for such data by XDG_DATA_HOME",
            Exit.NO_CLOUD,
        ) from error
    with busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("waiting for another command, which installs the tools"):
                fcntl.flock(busy, fcntl.LOCK_EX)
        yield


def _use(layout: Layout) -> None:
    """Holds the lock of the tools, beside others who hold it, until this process ends."""
    path = _lock_of(layout.tools)
    if path not in _in_use:
        _in_use[path] = path.open("a")
        fcntl.flock(_in_use[path], fcntl.LOCK_SH)


def _is_whole(layout: Layout, name: str) -> bool:
    """Whether it was made to its end, and the Python that it was made with is still there."""
    return _stamp(layout, name).exists() and _python(layout, name).exists()


def _make(layout: Layout, name: str) -> None:
    _stamp(layout, name).unlink(missing_ok=True)
    log = layout.log("tools")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    with step(f"installing {_WORDS[name]}", lambda: last_words(log)):
        for command in _commands(layout, name):
            _run(command, log)
    _stamp(layout, name).touch()


def _commands(layout: Layout, name: str) -> Iterator[list[str]]:
    """What makes an environment: of its lock all, and nothing else."""
    folder, python = str(layout.tools / name), str(_python(layout, name))
    venv = [sys.executable, "-I", "-m", "venv", "--clear"]
    locked = ["--require-hashes", str(lock(layout.repository, name))]
    if name == "uv":
        yield [*venv, folder]
        yield [python, "-I", "-m", "pip", "install", "--requirement", *locked[::-1]]
    else:
        run_uv = str(layout.repository / "requirements" / "run_uv.py")
        yield [*venv, "--without-pip", folder]
        yield [str(_python(layout, "uv")), run_uv, "pip", "sync", "--python", python, *locked]


def _run(command: Sequence[str], log: Path) -> None:
    with log.open("a") as output:
        done = subprocess.run(  # noqa: S603 - with the Python that runs this, and what it made
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == 0:
        return
    said = log.read_text(errors="replace")
    cure = (
        "install what it names (on Debian and Ubuntu python3-venv), and try again"
        if "ensurepip" in said
        else "see whether this machine reaches the package index that pip is set to, and try again"
    )
    last = "\n".join(said.splitlines()[-_LAST_LINES:])
    raise Failure(
        f"the tools were not installed:\n{last}\nThe whole log is {log}: {cure}", Exit.NO_CLOUD
    )


def _environment() -> dict[str, str]:
    """The caller's environment, for the settings of pip and uv, without its Python's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PYTHON_DOWNLOADS": "never"}


def _refuse_unknown_python() -> None:
    if sys.version_info[:2] > NEWEST:
        here, newest = (".".join(map(str, each)) for each in (sys.version_info[:2], NEWEST))
        raise Failure(
            f"functions run on Python {newest} at most, and this is {here}: install Presswork with "
            f"an older one, for example `uvx --python {newest} presswork` or "
            f"`pipx install --python python{newest} presswork`",
            Exit.NO_CLOUD,
        )


def _remove_others(layout: Layout) -> None:
    """Removes tools of other locks that nobody runs, and what is left of an earlier removal."""
    for folder in layout.tools.parent.iterdir():
        if not folder.is_dir() or folder == layout.tools:
            continue
        with _lock_of(folder).open("a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            for stamp in folder.glob("*.made"):  # first: what is half removed is not whole
                stamp.unlink()
            with step(f"removing older tools, {folder}"):
                shutil.rmtree(folder)
            _lock_of(folder).unlink()


def _lock_of(tools: Path) -> Path:
    return tools.with_suffix(".lock")


def _stamp(layout: Layout, name: str) -> Path:
    return layout.tools / f"{name}.made"


def _python(layout: Layout, name: str) -> Path:
    return layout.tools / name / "bin" / "python"
