"""Writes what a blog becomes: a folder that was not there, or was empty."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from presswork_cli.failure import Exit, Failure
from presswork_cli.moving.blog import Note
from presswork_cli.moving.file_names import unfit


def refuse_unfit(out: Path, source: Path) -> None:
    """Raises Failure where a folder holds something, or lies in the blog that it is made of.

    Hidden files, such as those of git, are no matter.
    """
    if out.resolve().is_relative_to(source.resolve()):
        raise Failure(
            f"{out} lies in {source}, whose files are left as they are: name a folder elsewhere "
            "with --out",
            Exit.USAGE,
        )
    try:
        held = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(out, error) from error
    if held:
        raise Failure(
            f"{out} is not empty, it holds {held[0]}: name a new folder with --out, or empty it",
            Exit.USAGE,
        )


def write(out: Path, files: Mapping[str, bytes | Path]) -> list[Note]:
    """Writes files by their keys, copies with their times; notes those whose names are one on disk.

    Nothing is written over: a disk may not tell `A.md` from `a.md`.
    """
    notes = []
    for key, file in files.items():
        path = out / key
        if (why := unfit(key)) is not None:
            notes.append(Note(key, why.rule, why.message, why.fix))
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                if isinstance(file, bytes):
                    target.write(file)
                else:
                    with file.open("rb") as source:
                        shutil.copyfileobj(source, target)
            if isinstance(file, Path):
                shutil.copystat(file, path)
        except FileExistsError:
            notes.append(_one_on_disk(key))
        except OSError as error:
            raise _unwritable(path, error) from error
    return notes


def _one_on_disk(key: str) -> Note:
    return Note(
        key,
        "file.name",
        f"{key} was not written: this disk takes its name for that of another file.",
        "Rename one of the two, or write to a disk that tells capitals from small letters.",
    )


def _unwritable(path: Path, error: OSError) -> Failure:
    return Failure(
        f"{path} cannot be written: {error.strerror or error}: choose another --out", Exit.USAGE
    )
