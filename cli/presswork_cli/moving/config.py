"""A tool's configuration, read by the strict readers: YAML, TOML or JSON; nothing in it is run."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from presswork.content.decoding import decode
from presswork.content.front_matter import strict_json, strict_toml, strict_yaml
from presswork.errors import Rejected
from presswork_cli.failure import Exit, Failure

_READERS = {
    ".json": strict_json.load,
    ".toml": strict_toml.load,
    ".yaml": strict_yaml.load,
    ".yml": strict_yaml.load,
}
LARGEST = 1024**2
"""More bytes no configuration has."""

TELLTALES = {
    "hexo": frozenset({"new_post_name", "post_asset_folder", "default_layout", "filename_case"}),
    "jekyll": frozenset({"baseurl", "collections", "kramdown", "highlighter", "gems"}),
}
"""Settings of one tool alone, of those whose configuration has the same name."""

_Kind = TypeVar("_Kind")


def text_of(path: Path) -> str:
    """A file's text; raises Failure for one that cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}", Exit.USAGE) from error
    if len(data) > LARGEST:
        raise Failure(f"{path} has more than a mebibyte: that is no configuration", Exit.USAGE)
    try:
        return decode(data).text
    except Rejected as rejected:
        raise unreadable(path, rejected) from rejected


def read(path: Path) -> dict[str, Any]:
    """What a file sets; raises Failure, with its line, for one that cannot be read."""
    try:
        entries = _READERS[path.suffix.lower()](text_of(path), area="settings")
    except Rejected as rejected:
        raise unreadable(path, rejected) from rejected
    return {key: entry.value for key, entry in entries.items()}


def read_of(tool: str, path: Path) -> dict[str, Any]:
    """What the file of a tool sets; raises Failure, too, for one that plainly is another's."""
    found = read(path)
    if TELLTALES[tool].isdisjoint(found):
        for other, keys in TELLTALES.items():
            if told := sorted(keys & found.keys()):
                name, folder = other.capitalize(), shlex.quote(str(path.parent))
                raise Failure(
                    f"{path} has `{told[0]}`: that looks like a blog of {name}. Run `presswork "
                    f"import {other} {folder}`",
                    Exit.USAGE,
                )
    return found


def unreadable(path: Path, rejected: Rejected) -> Failure:
    """Why a configuration cannot be read, where, and the cure."""
    place = ":".join(str(each) for each in (path, rejected.line, rejected.column) if each)
    return Failure(f"{place}: {rejected.message} {rejected.fix}", Exit.USAGE)


def text(config: Mapping[str, Any], *names: str, default: str = "") -> str:
    """The first of some settings that is a text or a number, as text."""
    for name in names:
        value = config.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
    return default


def texts(config: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A setting that is a list of texts, or one text."""
    value = config.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def part(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A setting that has settings of its own; empty where it has none."""
    return typed(config.get(name), dict) or {}


def number(config: Mapping[str, Any], name: str, default: int) -> int:
    """A setting that is a whole number."""
    value = config.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def is_set(config: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """A setting that is true or false."""
    value = config.get(name)
    return value if isinstance(value, bool) else default


def typed(value: object, kind: type[_Kind]) -> _Kind | None:
    """A value, if it is of a kind."""
    return value if isinstance(value, kind) else None
