"""The files that the exports name, laid beside a copy of one: an export itself holds none."""

import re
import shutil
from pathlib import Path

from exports import EXPORTS

PICTURE = Path(__file__).parents[2] / "examples" / "images" / "ferry.jpg"

_NAMED = re.compile(r"(?:/wp-content/uploads|/content/(?:images|files|media))/\d{4}/\d\d/[\w.-]+")


def laid(tool: str, folder: Path) -> Path:
    """A copy of an export in a folder, and all files that it names; the copy is returned."""
    export = folder / EXPORTS[tool].name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(EXPORTS[tool], export)
    for name in set(_NAMED.findall(export.read_text(encoding="utf-8"))):
        path = folder / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PICTURE, path)
    return export
