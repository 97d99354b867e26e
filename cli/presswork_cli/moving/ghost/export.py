"""What an export of Ghost says: rows of its database as JSON, of the versions 0 to 6."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from presswork_cli.failure import Exit, Failure

MOST_BYTES = 512 * 1024 * 1024

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")

Row = Mapping[str, Any]


def text(row: Row, *names: str) -> str:
    """The first of some columns that holds something, as text that a file can hold."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return _UNFIT.sub("", str(value))
    return ""


def time(row: Row, *names: str) -> datetime | None:
    """The first of some columns that holds a time: in ISO 8601, or milliseconds since 1970."""
    for name in names:
        value = row.get(name)
        try:
            if isinstance(value, int) and not isinstance(value, bool):
                return datetime.fromtimestamp(value / 1000, UTC)
            if isinstance(value, str) and (found := _TIME.match(value)):
                return datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def is_set(row: Row, name: str) -> bool:
    """Whether a column says yes: true, 1."""
    return row.get(name) in (True, 1, "1", "true")


@dataclass(frozen=True)
class Export:
    """The tables of an export, by name."""

    tables: Row

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; none where there is no such table."""
        given = self.tables.get(table)
        return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the site by their names."""
        return {text(each, "key"): each.get("value") for each in self.rows("settings")}

    @cached_property
    def tags(self) -> Mapping[str, Row]:
        """The tags by their ids."""
        return {text(each, "id"): each for each in self.rows("tags")}

    @cached_property
    def users(self) -> Mapping[str, Row]:
        """The people who write, by their ids."""
        return {text(each, "id"): each for each in self.rows("users")}

    @cached_property
    def meta(self) -> Mapping[str, Row]:
        """What is said of posts beside them, by their ids."""
        return {text(each, "post_id"): each for each in self.rows("posts_meta")}

    def of_post(self, table: str, column: str) -> Mapping[str, list[str]]:
        """What a table joins to each post, in its order."""
        found: dict[str, list[str]] = {}
        for each in sorted(self.rows(table), key=_order):
            found.setdefault(text(each, "post_id"), []).append(text(each, column))
        return found


def _order(row: Row) -> int:
    order = row.get("sort_order")
    return order if isinstance(order, int) else 0


def read(path: Path) -> Export:
    """The export in a file; raises Failure for a file that is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Failure(f"{path} has more than 512 MiB: export it in parts", Exit.USAGE)
        given = json.loads(path.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}: name the export", Exit.USAGE) from error
    except json.JSONDecodeError as error:
        raise Failure(
            f"{path}:{error.lineno}:{error.colno}: {error.msg}: export the site again, under "
            "Settings, Labs",
            Exit.USAGE,
        ) from error
    except (RecursionError, ValueError) as error:
        raise Failure(f"{path} is no export: its JSON has no end of depth", Exit.USAGE) from error
    tables = _tables(given)
    if not isinstance(tables.get("posts"), list):
        raise Failure(
            f"{path} is no export of Ghost: write one under Settings, Labs, Export, and name that "
            "file of JSON",
            Exit.USAGE,
        )
    return Export(tables)


def _tables(given: Any) -> Row:
    """`{"db": [{"data": …}]}`, or `{"data": …}`, as importers of Ghost take both."""
    match given:
        case {"db": [{"data": dict(tables)}, *_]} | {"data": dict(tables)}:
            return tables
    return {}
