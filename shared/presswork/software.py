"""What makes the bytes of the site: this package and the libraries that it renders with."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = (
    "anyascii",
    "beautifulsoup4",
    "chardet",
    "comrak",
    "Jinja2",
    "lxml",
    "math-core",
    "nh3",
    "pydantic",
    "Pygments",
    "PyYAML",
    "tzdata",
)
"""The libraries of the layer that have a part in what readers get, by their names on PyPI."""

_LENGTH = 16


@cache
def digest() -> str:
    """A digest of the package's files and of the libraries' versions, in hex.

    It is read from what runs, so that no deployment can forget to stamp it.
    """
    package = Path(__file__).parent
    made_with = hashlib.sha256("\n".join(map(version, LIBRARIES)).encode())
    for path in sorted(_files(package)):
        made_with.update(f"\0{path.relative_to(package).as_posix()}\0".encode())
        made_with.update(path.read_bytes())
    return made_with.hexdigest()[:_LENGTH]


def _files(package: Path) -> list[Path]:
    return [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
