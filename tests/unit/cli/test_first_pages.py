"""docs/writing.md and docs/mistakes.md: their commands are run, and print what the pages say."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
_BLOCK = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGING = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "DATE"),
    (r"/\d{4}/\d\d/", "/MONTH/"),
    (r"^\d\d:\d\d:\d\d", "TIME"),
    (r"\d+\.\d s", "SECONDS"),
    (r"127\.0\.0\.1:\d+", "ADDRESS"),
    (r"(Use one of these: ).*", r"\1…"),
]


def steady(lines: list[str]) -> list[str]:
    """Lines without what is otherwise at each run."""
    text = "\n".join(lines).replace(f"{sys.executable} -m presswork_cli", "presswork")
    for pattern, word in _CHANGING:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text.split("\n")


class Terminal:
    """A shell in which `presswork` is the command of this repository; `serve` runs on beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._serving: subprocess.Popen[str] | None = None

    def says(self, command: str, expected: int) -> list[str]:
        """What a command prints; of one that runs on as many lines as are expected."""
        name, *arguments = shlex.split(command)
        if name == "cd":
            self._folder /= arguments[0]
            return []
        if name == "presswork":
            command = shlex.join([sys.executable, "-m", "presswork_cli", *arguments])
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"TZ": "UTC"},
        )
        if arguments[:1] == ["serve"]:
            self._serving = process
            return self.served(expected)
        return process.communicate()[0].splitlines()

    def served(self, lines: int) -> list[str]:
        """The next lines of `serve`."""
        assert self._serving
        assert self._serving.stdout
        return [self._serving.stdout.readline().removesuffix("\n") for _ in range(lines)]

    def end(self) -> int:
        """Ends what runs on, as Ctrl-C does."""
        assert self._serving
        self._serving.send_signal(signal.SIGINT)
        self._serving.communicate(timeout=60)
        return self._serving.returncode

    def kill(self) -> None:
        """Ends it, whatever it does."""
        if self._serving:
            with suppress(ProcessLookupError):
                self._serving.kill()
            self._serving.communicate()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in an empty folder."""
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.kill()


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with what is to be printed."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = part.removesuffix("\n").split("\n")
        yield command, lines


def test_the_page_is_what_happens(terminal: Terminal) -> None:
    """From nothing to a post of one's own: each line that the page quotes is printed."""
    blocks = _BLOCK.findall((DOCS / "writing.md").read_text(encoding="utf-8"))
    assert len(blocks) == 9
    for kind, block in blocks:
        if kind == "text":
            expected = block.splitlines()
            assert steady(terminal.served(len(expected))) == steady(expected)
            continue
        for command, expected in commands(block):
            found = terminal.says(command, len(expected))
            assert steady(found) == steady(expected), command
    assert terminal.end() == 0


WRITTEN = {"markdown": "posts/islands.md", "yaml": "site.yaml", "html": "theme/post.html"}
"""The file that a block of a kind is, on the page of mistakes."""


def test_a_mistake_is_told_as_the_page_says(terminal: Terminal, tmp_path: Path) -> None:
    """Twelve mistakes of a newcomer are made; each message is the one that the page quotes."""
    for folder in ("spring", "autumn"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "walk.md").write_text("---\ndate: 2026-05-04\n---\n\nWords.\n")
    made = 0
    for kind, block in _FENCED.findall((DOCS / "mistakes.md").read_text(encoding="utf-8")):
        if file := WRITTEN.get(kind):
            (tmp_path / "blog" / file).parent.mkdir(exist_ok=True)
            (tmp_path / "blog" / file).write_text(block)
        for command, expected in commands(block) if kind == "console" else ():
            made += command.startswith("presswork ")
            assert steady(terminal.says(command, len(expected))) == steady(expected), command
    assert made == 14
