"""What the local cloud saved while it ran, and which of that can be begun with again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presswork.post import Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.saving import ABOUT


class About(Model):
    """What a save tells of itself: its run of the cloud, its files' digests in SHA-256."""

    run: str
    ended: bool
    files: dict[str, str]


@dataclass(frozen=True)
class Save:
    """All that the cloud held at one moment."""

    folder: Path
    about: About

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return _time(self.folder)

    def is_end_of(self, run: str) -> bool:
        """Whether that run of the cloud saved it at its orderly end."""
        return self.about.ended and self.about.run == run


@dataclass(frozen=True)
class Found:
    """The newest save that is sound, if there is one, and what is wrong with newer ones."""

    save: Save | None
    damage: tuple[str, ...] = ()


def find(folder: Path) -> Found:
    """The save to begin with, which is the newest that is sound.

    Raises Failure when there are saves, and none is sound: this is no empty cloud.
    """
    damage: list[str] = []
    for each in _newest_first(folder):
        fault = fault_of(each)
        if fault is None:
            about = About.model_validate_json((each / ABOUT).read_bytes())
            return Found(Save(each, about), tuple(damage))
        damage.append(fault)
    if any(folder.glob("*.json")):
        damage.append(f"{folder} was written by an earlier version of Presswork")
    if damage:
        raise Failure(
            "; ".join(damage) + ". No other save is left. Put the folder back from a backup of "
            "yours, or begin anew with `presswork local down --wipe`: what was published is gone "
            f"then, and its files still lie below {folder.parent / 's3'} until you do",
            Exit.NO_CLOUD,
        )
    return Found(None)


def fault_of(save: Path) -> str | None:
    """What is wrong with the files of a save, with the name of the file."""
    try:
        about = About.model_validate_json((save / ABOUT).read_bytes())
    except (OSError, ValueError):
        return f"{save / ABOUT} is damaged"
    for name, digest in about.files.items():
        path = save / name
        try:
            data = path.read_bytes()
        except OSError as error:
            return f"{path} cannot be read ({error.strerror})"
        if hashlib.sha256(data).hexdigest() != digest:
            return f"{path} is damaged: it is not as it was written"
    return None


def newest(folder: Path) -> str:
    """The name of the newest save, which is a time; empty where there is none."""
    return next((each.name for each in _newest_first(folder)), "")


def _newest_first(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted((e for e in folder.iterdir() if not e.name.startswith(".")), reverse=True)


def _time(save: Path) -> datetime:
    return datetime.strptime(save.name, "%Y-%m-%dT%H-%M-%S.%fZ").replace(tzinfo=UTC)
