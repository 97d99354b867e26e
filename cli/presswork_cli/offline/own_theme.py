"""The `theme/` of a content folder: the same files that the bucket would hold, checked as there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from presswork.object import Object
from presswork.settings import Site
from presswork.site import own_assets
from presswork.site.theme.reading import MOST_ASSET, is_theme_file, read_theme
from presswork.theme_files import PREFIX, ThemeFiles
from presswork_cli.offline import folder


@dataclass(frozen=True)
class OwnTheme:
    """What `theme/` puts in the place of the default theme's files, and the bytes of its assets."""

    theme: ThemeFiles
    files: Mapping[str, bytes]

    @property
    def assets(self) -> dict[str, Object]:
        """The objects of its assets, by their site keys."""
        return own_assets(self.theme, self.files)


def read(root: Path, site: Site) -> OwnTheme:
    """The theme of a content folder, the default one without a `theme/`; one that works.

    Raises BrokenTheme, and Failure when a file cannot be read.
    """
    from presswork.site.samples import check_theme  # noqa: PLC0415 - one that is known needs none

    own = as_it_is(root)
    check_theme(site, own.theme)
    return own


def as_it_is(root: Path) -> OwnTheme:
    """The theme of a content folder, whether it works or not; raises as `read`."""
    files = {key: _bytes(path) for key, path in _paths(root).items()}
    hashes = {key: hashlib.sha256(data).hexdigest() for key, data in files.items()}
    theme = read_theme(files, hashes)
    return OwnTheme(theme, {name: files[PREFIX + name] for name in theme.assets})


def _paths(root: Path) -> dict[str, Path]:
    theme = root / PREFIX
    files = filter(Path.is_file, theme.rglob("*")) if theme.is_dir() else ()
    by_key = {path.relative_to(root).as_posix(): path for path in files}
    return {key: by_key[key] for key in sorted(by_key) if is_theme_file(key)}


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_ASSET + 1)
    except OSError as error:
        raise folder.unreadable(path, error) from error
