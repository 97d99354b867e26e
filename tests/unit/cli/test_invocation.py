"""How a command is named in messages: as it was called."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from presswork.post import Error
from presswork_cli import invocation
from presswork_cli.app import app
from presswork_cli.invocation import command
from presswork_cli.printing import terminal

CODE = Path(invocation.__file__).parent


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one stands, with an environment beside; nothing is on the PATH."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("presswork", "python"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    return tmp_path


def called(monkeypatch: pytest.MonkeyPatch, program: str | Path) -> str:
    """The name, when the program was called so."""
    monkeypatch.setattr(sys, "argv", [str(program), "local", "up"])
    return command()


def test_a_command_on_the_path_is_its_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell hands its whole path on; a person wrote the name alone."""
    monkeypatch.setenv("PATH", str(here / ".venv" / "bin"))
    assert called(monkeypatch, here / ".venv/bin/presswork") == "presswork"


def test_a_command_elsewhere_is_named_from_here(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was typed, or by its whole path where it lies outside."""
    assert called(monkeypatch, ".venv/bin/presswork") == ".venv/bin/presswork"
    assert called(monkeypatch, here / ".venv/bin/presswork") == ".venv/bin/presswork"
    assert called(monkeypatch, "/opt/x/bin/presswork") == "/opt/x/bin/presswork"


def test_what_uvx_runs_is_called_by_uvx(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands first on a PATH that the shell has not."""
    programs = here / "cache" / "archive-v0" / "x" / "bin"
    monkeypatch.setenv("UV", "/opt/bin/uv")
    monkeypatch.setenv("PATH", str(programs))
    assert called(monkeypatch, programs / "presswork") == "uvx presswork"


def test_what_uv_runs_of_a_project_is_named_by_its_place(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its PATH is not the shell's."""
    monkeypatch.setenv("UV", "/opt/bin/uv")
    monkeypatch.setenv("PATH", str(here / ".venv" / "bin"))
    assert called(monkeypatch, here / ".venv/bin/presswork") == ".venv/bin/presswork"


def test_a_module_is_called_by_its_python(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m presswork_cli`, of the Python that runs."""
    main = Path(invocation.__file__).with_name("__main__.py")
    assert called(monkeypatch, main) == ".venv/bin/python -m presswork_cli"
    monkeypatch.setenv("PATH", str(here / ".venv" / "bin"))
    assert called(monkeypatch, main) == "python -m presswork_cli"


@pytest.mark.usefixtures("here")
def test_a_program_that_is_a_part_of_it_names_the_command_beside_its_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The demonstration is run as a module of its own."""
    assert called(monkeypatch, "/x/presswork_cli/local/demo.py") == ".venv/bin/presswork"


@pytest.mark.usefixtures("here")
def test_in_another_program_it_is_just_presswork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody called it."""
    assert called(monkeypatch, "/usr/bin/pytest") == "presswork"
    assert called(monkeypatch, "presswork") == "presswork"


def test_a_person_is_told_the_command_as_it_was_called(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a message as in a fix; what is no command of ours stays."""
    assert called(monkeypatch, here / ".venv/bin/presswork") == ".venv/bin/presswork"
    terminal.progress.print("start one with `presswork local up`, see `presswork.pth`")
    error = Error(rule="r", line=1, column=2, message="No.", fix="`presswork check a.md`")
    terminal.results.print(*terminal.complaint("a.md", error))
    output = capsys.readouterr()
    assert output.err == "start one with `.venv/bin/presswork local up`, see `presswork.pth`\n"
    assert output.out.endswith("fix: `.venv/bin/presswork check a.md`\n")


def messages(file: Path) -> Iterator[str]:
    """The texts in a module that are neither docstrings nor the help of an option."""
    tree = ast.parse(file.read_bytes())
    other = {
        each.value
        for node in ast.walk(tree)
        for each in ast.iter_child_nodes(node)
        if (isinstance(each, ast.keyword) and each.arg == "help") or isinstance(each, ast.Expr)
    }
    skipped = {part for each in other if not isinstance(each, ast.Call) for part in ast.walk(each)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            yield node.value


def test_messages_name_the_command_so_that_it_can_be_told_as_it_was_called() -> None:
    """Between backquotes; and none but the layout's own tells what only a clone has."""
    verbs = "|".join(get_command(app).commands)  # type: ignore[attr-defined]
    bare = re.compile(rf"(?<![`\w./-])presswork (?:{verbs})\b|\.venv/bin|`make ")
    found = {
        (file.relative_to(CODE).as_posix(), text)
        for file in CODE.rglob("*.py")
        for text in messages(file)
        if bare.search(text)
    }
    assert {file for file, _ in found} == {"local/layout.py"}, found
