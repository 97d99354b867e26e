"""A state in a file: JSON lines, one item of the table a line, in DynamoDB's own JSON, sorted.

The first line says what it is: `{"presswork_state": 1, "taken": "…", "items": 43}`. Every other one
is `{"Item": {"PK": {"S": "…"}, …}}`, as DynamoDB's export to S3 has it.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from presswork.aws.table import Item, type_deserializer, type_serializer
from presswork.post import Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.recovery.promises import key_of

_BINARY = "B"


class Header(Model):
    """The first line: the version of the form, when the state was taken, and how long it is."""

    presswork_state: Literal[1] = 1
    taken: datetime
    items: int


@dataclass(frozen=True)
class StateFile:
    """A state as a file holds it; `digest` is that of the file."""

    header: Header
    items: tuple[Item, ...]
    digest: str


def write(path: Path, items: Iterable[Item], taken: datetime) -> Header:
    """Writes a state, whole or not at all; nobody else may read it: it has drafts' titles."""
    lines = [_line(item) for item in sorted(items, key=key_of)]
    header = Header(taken=taken, items=len(lines))
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.writelines(f"{line}\n" for line in (header.model_dump_json(), *lines))
        part.replace(path)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}", Exit.USAGE) from error
    return header


def read(path: Path) -> StateFile:
    """Reads a state; Failure when the file is none, or was cut off."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", Exit.USAGE) from error
    first, *lines = data.splitlines() or [b""]
    try:
        header = Header.model_validate_json(first)
    except ValidationError as error:
        raise Failure(
            f"{path} is no state that this version reads: `presswork export-state` writes one",
            Exit.USAGE,
        ) from error
    try:
        items = tuple(_item(line) for line in lines)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{path} has a line that is no item: {error}", Exit.USAGE) from error
    if len(items) != header.items:
        raise Failure(
            f"{path} was cut off: it has {len(items)} of {header.items} items; export it again",
            Exit.USAGE,
        )
    return StateFile(header, items, hashlib.sha256(data).hexdigest())


def _line(item: Item) -> str:
    typed = {name: type_serializer.serialize(value) for name, value in item.items()}
    return json.dumps({"Item": typed}, default=_text, ensure_ascii=False, sort_keys=True)


def _text(value: object) -> str:
    """Bytes as DynamoDB's JSON has them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value)} is nothing that the table holds")


def _item(line: bytes) -> Item:
    typed: dict[str, Any] = json.loads(line, object_hook=_binary)["Item"]
    item = {name: type_deserializer.deserialize(value) for name, value in typed.items()}
    key_of(item)
    return item


def _binary(value: dict[str, Any]) -> dict[str, Any]:
    """A value of the type that JSON has no form for; an attribute of that name is a value, too."""
    found = value.get(_BINARY)
    is_binary = len(value) == 1 and isinstance(found, str)
    return {_BINARY: base64.b64decode(str(found))} if is_binary else value
