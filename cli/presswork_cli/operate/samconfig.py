"""`samconfig.toml`, where `sam deploy` and `presswork deploy` keep which stack is meant."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from presswork_cli.failure import Exit, Failure

NAME = "samconfig.toml"


@dataclass(frozen=True)
class Saved:
    """What a file says of the stack of its folder; None where it says nothing."""

    file: Path | None = None
    stack: str | None = None
    region: str | None = None
    profile: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


def nearest(folder: Path) -> Saved:
    """The stack that the file of a folder names, or that of the folder around it."""
    for place in (folder, folder.parent):
        saved = read(place / NAME)
        if saved.stack:
            return saved
    return Saved()


def read(file: Path) -> Saved:
    """What one file says; one that is no TOML is named as such.

    AWS SAM Developer Guide, "SAM CLI configuration file": what stands below the command goes before
    what stands below `global`.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("default", {})
    except FileNotFoundError:
        return Saved()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{file} is no TOML: {error}: mend it, or delete it", Exit.USAGE) from error
    said = _parameters(tables, "global") | _parameters(tables, "deploy")
    known = {name: _text(said.get(key)) for name, key in _KEYS.items()}
    return Saved(file, **known, parameters=_overrides(said.get("parameter_overrides")))


_KEYS = {"stack": "stack_name", "region": "region", "profile": "profile"}


def _parameters(tables: Any, command: str) -> dict[str, Any]:
    found = tables.get(command, {}) if isinstance(tables, dict) else {}
    parameters = found.get("parameters", {}) if isinstance(found, dict) else {}
    return parameters if isinstance(parameters, dict) else {}


_OVERRIDE = re.compile(r"""([A-Za-z0-9]+)=(?:"([^"]*)"|([^\s"]*))""")


def _overrides(said: object) -> dict[str, str]:
    """The values of parameters, in each of the forms that SAM reads and writes."""
    if isinstance(said, dict):
        return {str(name): str(value) for name, value in said.items()}
    words = said if isinstance(said, list) else [said]
    return {
        found[1]: found[2] if found[2] is not None else found[3]
        for word in words
        if isinstance(word, str)
        for found in _OVERRIDE.finditer(word)
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
