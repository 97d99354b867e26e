"""`presswork build` where little has changed: it ends before the command line is loaded."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from presswork_cli.failure import Exit
from presswork_cli.offline import signature
from presswork_cli.offline.at_once import ended
from presswork_cli.offline.cache import default_folder
from unit.cli.test_app import run
from unit.cli.test_build_again import post, write

HEAVY = ("pydantic", "jinja2", "rich", "typer", "boto3", "bs4", "pygments", "multiprocessing")
OF_COMMANDS = ("rich", "typer", "boto3", "bs4", "pygments", "multiprocessing", "presswork_cli.app")
LOADED = (
    "import atexit, sys; from presswork_cli.__main__ import main; "
    "atexit.register(lambda: print([each for each in {names!r} if each in sys.modules])); main()"
)


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with posts, one of them broken, beside a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    write(tmp_path / "blog" / "site.yaml", "title: Harbour\nbase_url: https://press.example\n")
    for number in range(3):
        write(tmp_path / "blog" / "posts" / f"p{number}.md", post(f"P {number}"))
    return tmp_path / "blog"


def _said(blog: Path, names: Sequence[str]) -> list[str]:
    """What a build in a process of its own prints, last which of some modules it has loaded."""
    command = [sys.executable, "-c", LOADED.format(names=names), "build", str(blog), "--out"]
    done = subprocess.run([*command, str(blog.parent / "out")], capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def test_a_build_loads_no_more_than_it_has_to_do(blog: Path) -> None:
    """After nothing a process loads no library; after an edit none of the command line's."""
    time.sleep(signature._SETTLED / 1e9 + 0.1)  # what was just written is looked at more closely
    first = _said(blog, HEAVY)
    assert "typer" in first[-1]
    assert _said(blog, HEAVY)[-1] == "[]"
    write(blog / "posts" / "p1.md", post("P 1", "Other words."))
    *told, loaded = _said(blog, OF_COMMANDS)
    assert loaded == "[]"
    assert told[:-1] == first[:-2]
    assert not told[-1].endswith(" 0 new or changed")


@pytest.mark.parametrize("broken", [False, True])
def test_it_tells_what_the_whole_command_tells(
    blog: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    """Word for word, with the same end, what is rejected first."""
    if broken:
        write(blog / "posts" / "broken.md", post("Broken", date="2026-13-01"))
    monkeypatch.setattr(signature, "_SETTLED", 0)
    words = (str(blog), "--out", str(blog.parent / "out"))
    run(capsys, "build", *words)
    code, out, _ = run(capsys, "build", *words)
    assert ended(words) == code == (Exit.REJECTED if broken else Exit.FINE)
    assert capsys.readouterr().out == out
    assert ("broken.md:" in out) is broken


@pytest.mark.parametrize(
    "words",
    [
        ["--json"],
        ["--help"],
        ["--no-cache"],
        ["--vault", "vault"],
        ["--out=elsewhere"],
        ["--out", "elsewhere"],
        ["--cache"],
        ["--", "blog"],
        ["blog"],
        ["--strict"],
        ["--base-url", "https://other.example"],
        ["--site", "blog/posts/p0.md"],
    ],
)
def test_other_words_are_left_to_the_whole_command(
    blog: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    """Whatever asks for something else than the last build has no answer here, and no effect."""
    monkeypatch.setattr(signature, "_SETTLED", 0)
    given = [str(blog), "--out", str(blog.parent / "out")]
    run(capsys, "build", *given)
    assert ended(given) is Exit.FINE
    capsys.readouterr()
    before = _times(blog.parent)
    assert ended([*given, *words]) is None
    assert ended(words) is None
    assert capsys.readouterr().out == ""
    assert _times(blog.parent) == before


def test_a_cache_that_another_build_has_is_left_alone(
    blog: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two at once the second is built as a whole, without a cache."""
    monkeypatch.setattr(signature, "_SETTLED", 0)
    given = [str(blog), "--out", str(blog.parent / "out")]
    run(capsys, "build", *given)
    folder = default_folder(blog, blog.parent / "out")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert ended(given) is None
    assert ended(given) is Exit.FINE


def _times(folder: Path) -> dict[str, int]:
    return {str(path): os.stat(path).st_mtime_ns for path in folder.rglob("*")}  # noqa: PTH116
