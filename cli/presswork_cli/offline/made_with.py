"""What all that `build` makes depends on, besides the sources: software, settings, theme."""

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from presswork import software
from presswork.settings import Site
from presswork.theme_files import ThemeFiles

_LIBRARIES = ("pillow",)
"""Libraries that make what the software of the layer names no version of: images."""


def digest_of(settings: Site, theme: ThemeFiles, *, strict: bool) -> str:
    """A digest of it all: where it differs, nothing of an earlier build is of use."""
    made_with = [
        software.digest(),
        _planner(),
        sys.version,
        *map(version, _LIBRARIES),
        settings.model_dump_json(),
        theme.digest,
        str(strict),
    ]
    return hashlib.sha256("\0".join(made_with).encode()).hexdigest()


def _planner() -> str:
    """A digest of this package, which plans the site."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
