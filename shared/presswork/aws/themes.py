"""The themes that are or were in force, each whole, by its digest."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from presswork.aws.table import Put, Table
from presswork.errors import RetryLater
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

_PK = "SITE"


@dataclass(frozen=True)
class Themes:
    """The item `SITE` / `THEME#<digest>`: `sources`, names and texts packed; `assets`, by name.

    An asset is a version of a file in `theme/`, `version_id`, and the `sha256` of its bytes. An
    item is what its digest says: it is written before the site names it, read once as long as it is
    asked for, and stays for whoever still reads what the site named before.
    """

    table: Table

    def read(self, digest: str) -> ThemeFiles:
        """A theme, the default one for an empty digest; RetryLater when it is not there."""
        return _read(self, digest) if digest else DEFAULT_THEME

    def versions(self, digest: str) -> dict[str, str]:
        """The VersionIds of a theme's assets, by their names."""
        if not digest:
            return {}
        return {
            name: str(each["version_id"]) for name, each in self._item(digest)["assets"].items()
        }

    def write(self, theme: ThemeFiles, versions: Mapping[str, str]) -> None:
        """Remembers a theme; `versions` are those of its assets."""
        assets = {
            name: {"version_id": versions[name], "sha256": sha256}
            for name, sha256 in theme.assets.items()
        }
        sk = f"THEME#{theme.digest}"
        item = {"PK": _PK, "SK": sk, "sources": packed(theme.sources), "assets": assets}
        self.table.write(Put(item))

    def _item(self, digest: str) -> Mapping[str, Any]:
        item = self.table.get(_PK, f"THEME#{digest}")
        if item is None:
            raise RetryLater(f"theme {digest} is not there")
        return item


def packed(sources: Mapping[str, str]) -> bytes:
    """Names and texts as the table holds them: JSON, in zlib."""
    return zlib.compress(json.dumps(dict(sources), ensure_ascii=False).encode())


@lru_cache(maxsize=4)
def _read(themes: Themes, digest: str) -> ThemeFiles:
    item = themes._item(digest)  # noqa: SLF001 - its own
    sources = json.loads(zlib.decompress(bytes(item["sources"])))
    assets = {name: str(each["sha256"]) for name, each in item["assets"].items()}
    return ThemeFiles(sources=sources, assets=assets)
