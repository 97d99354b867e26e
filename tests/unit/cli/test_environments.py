"""The tools of an installed package: whole or not there, and removed when nobody runs them."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local import environments
from presswork_cli.local.environments import in_use, ready
from presswork_cli.local.layout import Layout

MAKE = 'mkdir -p "$1/bin" && ln -sf "$2" "$1/bin/python" && echo "$3" >>"$4"'


class Shop:
    """Makes environments by a shell, in place of pip and uv; each is noted."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "made.txt"
        self.command = MAKE

    def commands(self, layout: Layout, name: str) -> Iterator[list[str]]:
        """What makes one."""
        folder = str(layout.tools / name)
        yield ["sh", "-c", self.command, "sh", folder, sys.executable, name, str(self.notes)]

    @property
    def made(self) -> list[str]:
        """Those that were made, in order."""
        return self.notes.read_text().split() if self.notes.exists() else []


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """An installed package, and what makes its tools."""
    shop = Shop(tmp_path)
    monkeypatch.setattr(environments, "IS_INSTALLED", True)
    monkeypatch.setattr(environments, "_commands", shop.commands)
    yield shop
    forget()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Where the tools go."""
    return of(tmp_path, "first")


def of(tmp_path: Path, digest: str) -> Layout:
    """The layout of a package with locks of this digest."""
    return Layout(state=tmp_path / "state", tools=tmp_path / "data" / "tools" / digest)


def forget() -> None:
    """What the end of the process does: its locks are free."""
    for file in environments._in_use.values():
        file.close()
    environments._in_use.clear()


def test_each_is_made_once_and_what_makes_them_first(shop: Shop, layout: Layout) -> None:
    """Another command finds them."""
    ready(layout, "cloud", "sam")
    forget()
    ready(layout, "cloud", "sam")
    assert shop.made == ["uv", "cloud", "sam"]
    assert layout.cloud_python.exists()


def test_only_what_is_needed_is_made(shop: Shop, layout: Layout) -> None:
    """Who deploys to AWS needs no local cloud."""
    ready(layout, "sam")
    assert shop.made == ["uv", "sam"]


def test_a_clone_makes_nothing(shop: Shop, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """There `make tools` does."""
    monkeypatch.setattr(environments, "IS_INSTALLED", False)
    ready(layout, "cloud")
    assert not shop.made
    assert not layout.tools.parent.exists()


def test_half_an_environment_is_never_used(shop: Shop, layout: Layout) -> None:
    """What was cut off is made again from the beginning, and until then counts for nothing."""
    shop.command = MAKE + '; [ "$3" != cloud ]'
    with pytest.raises(Failure):
        ready(layout, "cloud")
    assert layout.cloud_python.exists()
    shop.command = MAKE
    ready(layout, "cloud")
    assert shop.made == ["uv", "cloud", "cloud"]


def test_one_whose_python_is_gone_is_made_again(shop: Shop, layout: Layout) -> None:
    """The system's Python was replaced: its link leads nowhere."""
    ready(layout, "cloud")
    python = layout.cloud_python
    python.unlink()
    python.symlink_to("/nowhere/python")
    ready(layout, "cloud")
    assert shop.made == ["uv", "cloud", "cloud"]


def test_two_commands_at_once_make_them_once(shop: Shop, layout: Layout) -> None:
    """The second waits for the first, and finds what it made."""
    shop.command = "sleep 0.2; " + MAKE
    both = [Thread(target=ready, args=(layout, "sam")) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=60)
    assert shop.made == ["uv", "sam"]


def test_older_tools_go_when_nobody_runs_them(shop: Shop, layout: Layout, tmp_path: Path) -> None:
    """As long as a cloud runs on them they stay, also when what started it has ended."""
    ready(layout, "cloud")
    cloud = subprocess.Popen(["sleep", "600"], pass_fds=in_use())
    forget()
    newer = of(tmp_path, "second")
    ready(newer, "cloud")
    assert layout.cloud_python.exists()
    cloud.kill()
    cloud.wait()
    ready(newer, "cloud")
    assert not layout.tools.exists()
    assert newer.cloud_python.exists()
    assert {path.name for path in newer.tools.parent.iterdir()} == {
        "busy.lock",
        "second",
        "second.lock",
    }
    assert shop.made == ["uv", "cloud"] * 2


def test_a_failure_tells_what_was_said_and_the_cure(shop: Shop, layout: Layout) -> None:
    """The last lines, the log with the rest, and the way out."""
    shop.command = "echo no route to pypi; exit 1"
    with pytest.raises(Failure) as failure:
        ready(layout, "cloud")
    assert failure.value.code == 3
    assert failure.value.message == (
        f"the tools were not installed:\nno route to pypi\nThe whole log is {layout.log('tools')}: "
        "see whether this machine reaches the package index that pip is set to, and try again"
    )


def test_a_python_without_pip_is_told_so(shop: Shop, layout: Layout) -> None:
    """Debian keeps a part of Python in another package."""
    shop.command = "echo ensurepip is not available; exit 1"
    with pytest.raises(Failure, match="on Debian and Ubuntu python3-venv"):
        ready(layout, "cloud")


def test_a_newer_python_is_told_at_once(
    shop: Shop, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Functions cannot run on what Lambda does not know; nothing is installed for that."""
    monkeypatch.setattr(environments, "NEWEST", (3, 10))
    with pytest.raises(Failure, match=r"uvx --python 3\.10 presswork"):
        ready(layout, "cloud")
    assert not shop.made


def test_a_folder_that_cannot_be_written_is_named(
    shop: Shop, layout: Layout, tmp_path: Path
) -> None:
    """With the variable that names another."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Failure, match="XDG_DATA_HOME"):
        ready(layout, "cloud")
    assert not shop.made


def test_each_is_made_from_its_lock_with_hashes(layout: Layout) -> None:
    """By pip, which is there, and then by uv, which is quick."""
    (_, pip), (_, uv) = (list(environments._commands(layout, name)) for name in ("uv", "sam"))
    requirements = layout.repository / "requirements"
    assert pip[-4:] == [
        "install",
        "--requirement",
        str(requirements / "uv.txt"),
        "--require-hashes",
    ]
    assert uv[:2] == [str(layout.tools / "uv/bin/python"), str(requirements / "run_uv.py")]
    assert uv[-2:] == ["--require-hashes", str(requirements / "sam.txt")]


def test_an_exclusive_lock_is_free_again(shop: Shop, layout: Layout) -> None:
    """Nobody who comes later waits for who is done."""
    ready(layout, "sam")
    assert shop.made
    with (layout.tools.parent / "busy.lock").open("a") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
