"""Files that are made, and never written over, and the site that they are made in."""

from collections.abc import Mapping
from pathlib import Path

from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS


def create(path: Path, text: str) -> bool:
    """Writes a file that is not there yet, folders and all; whether it was not.

    A link that leads nowhere is there. Raises Failure when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise Failure(
            f"{path} cannot be written: {error.strerror or error}: choose another folder, or give "
            "yourself the right to write there",
            Exit.USAGE,
        ) from error
    return True


def create_all(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Writes those of the files that are missing, and returns them."""
    return [folder / name for name, text in texts.items() if create(folder / name, text)]


def site_of(here: Path) -> Path:
    """The site that a folder is of: that of the nearest `site.yaml`; raises Failure without one."""
    found = next((each for each in (here, *here.parents) if (each / SETTINGS).is_file()), None)
    if found is None:
        raise Failure(
            f"No {SETTINGS} lies here or above: go into the folder of your site, or begin one with "
            "`presswork new site my-site`",
            Exit.USAGE,
        )
    return found
