"""Files of the default theme, copied into a site for its author to change."""

from collections.abc import Sequence
from pathlib import Path

from presswork.site.theme.assets import THEME
from presswork.theme_files import PREFIX
from presswork_cli.failure import Exit, Failure
from presswork_cli.new.files import create, site_of


def names() -> list[str]:
    """The files that the default theme has."""
    return sorted(path.name for path in THEME.iterdir() if path.is_file())


def copy(asked: Sequence[str], here: Path) -> list[Path]:
    """Copies files of the default theme to `theme/` of the site that a folder is of.

    Raises Failure, and then nothing is copied: when one is unknown, or there already.
    """
    theme = site_of(here) / PREFIX
    for name in asked:
        if name not in names():
            raise Failure(
                f"The default theme has no {name}; it has {', '.join(names())}", Exit.USAGE
            )
    paths = {theme / name: THEME / name for name in dict.fromkeys(asked)}
    for path in paths:
        if path.exists() or path.is_symlink():
            raise _there(path)
    for path, default in paths.items():
        if not create(path, default.read_text(encoding="utf-8")):
            raise _there(path)
    return list(paths)


def _there(path: Path) -> Failure:
    return Failure(
        f"{path} is there already, and stays as it is: change it, or delete it first", Exit.USAGE
    )
