"""How this command was called, so that what a message tells to run can be copied and run.

Messages name it by its name, `presswork VERB` between backquotes: so they stand in the code, in the
documents and in JSON. What a person reads on a terminal says it as it was called.
"""

import os
import shutil
import sys
from pathlib import Path

NAME = "presswork"
_MODULE = "presswork_cli"

_UV_KEEPS = "archive-v0"
"""The folder in uv's cache that `uvx` makes its environments in."""


def command() -> str:
    """The command as it was called, such as `presswork`, `uvx presswork`, `.venv/bin/presswork`."""
    called, uv = Path(sys.argv[0]), "UV" in os.environ
    if called.parts[-2:] == (_MODULE, "__main__.py"):
        return f"{_as_named_here(Path(sys.executable))} -m {_MODULE}"
    if called.suffix == ".py":  # a part of it, run as a program
        called = Path(sys.executable).with_name(NAME)
    if called.name != NAME or called == Path(NAME):
        return NAME
    if uv and _UV_KEEPS in called.parts:
        return f"uvx {NAME}"
    return _as_named_here(called, by_path=not uv)


def as_called(text: str) -> str:
    """A message with the command in it as this person has to call it."""
    return text.replace(f"`{NAME} ", f"`{command()} ")


def _as_named_here(program: Path, *, by_path: bool = True) -> str:
    """A program by its name alone where a shell finds it so, else by where it lies.

    What uv runs has a PATH of its own, which the shell has not.
    """
    if by_path and shutil.which(program.name) == str(program):
        return program.name
    path, here = program.absolute(), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
