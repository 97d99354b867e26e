"""The settings of Pelican: a Python file; what it assigns is read, and nothing of it is run."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from presswork_cli.failure import Exit, Failure
from presswork_cli.moving import config
from presswork_cli.moving.blog import Note

CONFIGS = ("pelicanconf.py", "publishconf.py")
"""In the order in which they are read: the second says how the blog is published."""


def read(path: Path, name: str) -> tuple[dict[str, Any], list[Note]]:
    """What a file sets by plain values, and notes of what it sets otherwise.

    Raises Failure for what is no Python.
    """
    text = config.text_of(path)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f"{path}:{line}" if line else str(path)
        raise Failure(f"{place} is no Python that can be read: mend it", Exit.USAGE) from error
    found, notes = dict[str, Any](), list[Note]()
    for line, setting, value in _assigned(tree):
        try:
            found[setting] = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            found.pop(setting, None)
            notes.append(_not_run(name, line, setting))
    return found, notes


def _assigned(tree: ast.Module) -> Iterator[tuple[int, str, ast.expr]]:
    """What is assigned to names in capitals, on which line; what is added to one is no value."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        elif isinstance(node, ast.AugAssign):
            targets, value = [node.target], ast.Name("computed")
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper():
                yield node.lineno, target.id, value


def _not_run(file: str, line: int, setting: str) -> Note:
    return Note(
        file,
        "moving.computed",
        f"{setting} is computed, and nothing of a blog is run: Pelican's default is taken.",
        f"Write its value out: `{setting} = …`, and import again.",
        line,
    )
