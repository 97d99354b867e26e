"""The layer and the functions' own code on disk: every worker of the local cloud reads them there.

MiniStack unpacks a function's layers anew for each of its workers, all in one process: of the 4,000
files of ours that was a second or two for each, and the whole cloud stood still meanwhile. So what
is deployed is a layer of one file, which leads Python to the folders here:

    libraries-<digest>/     what `sam build` made of requirements.txt, with its bytecode
    package-<digest>/       a copy of `shared/presswork` and of `functions`, with their bytecode
    path                    the two that count now, one a line

A worker finds its function's `app.py` there as well, by the name of its service, and before the one
that was deployed: one that changed is in force as soon as a module is, without `sam`.

A folder never changes once it has its name, so a worker that runs keeps what it began with, and new
code is in force when the workers begin anew.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from presswork_cli.local import inputs, rubbish, sam
from presswork_cli.local.layout import Layout

PACKAGE = "presswork"
FUNCTIONS = "functions"
SERVICE = "POWERTOOLS_SERVICE_NAME"
"""The variable of a function that names its folder."""


def link(layout: Layout, runtime: str) -> Path:
    """Makes the layer that is deployed: its one file, in a folder that Python reads `.pth` in."""
    folder = layout.build / "SharedLayer" / "python" / "lib" / runtime / "site-packages"
    folder.mkdir(parents=True)
    (folder / f"{PACKAGE}.pth").write_text(line(layout))
    return folder


def line(layout: Layout) -> str:
    """What Python runs at the start of a worker: it puts the folders that count first."""
    path = str(_path(layout))
    return (
        f"import os, sys; there = open({path!a}, encoding='utf-8').read().splitlines(); "
        f"own = os.path.join(there[0], {FUNCTIONS!r}, os.environ.get({SERVICE!r}, '')); "
        "sys.path[:0] = [own, *there]\n"
    )


def keep_libraries(layout: Layout, digest: str) -> None:
    """Takes the libraries out of what `sam build` made, unless the same are here already."""
    built = layout.build / "SharedLayer"
    kept = _libraries(layout, digest)
    if not kept.exists():
        shutil.rmtree(built / "python" / PACKAGE, ignore_errors=True)
        sam.add_bytecode(layout.cloud_python, built / "python")
        kept.parent.mkdir(parents=True, exist_ok=True)
        (built / "python").rename(kept)
    rubbish.discard(layout, built)


def has_libraries(layout: Layout, digest: str) -> bool:
    """Whether these libraries are here."""
    return _libraries(layout, digest).exists()


def copy_package(layout: Layout, digest: str) -> None:
    """Copies package and functions as they are in the repository, unless the same are here."""
    kept = _package(layout, digest)
    if kept.exists():
        return
    new = kept.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    for source, name in ((layout.package, PACKAGE), (layout.functions, FUNCTIONS)):
        for file in inputs.files(source):
            copy = new / name / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    sam.add_bytecode(layout.cloud_python, new)
    new.rename(kept)


def put_in_force(layout: Layout, libraries: str, package: str) -> None:
    """Has every worker that begins from now on read these two."""
    folders = (_package(layout, package), _libraries(layout, libraries))
    path = _path(layout)
    new = path.with_suffix(".new")
    new.write_text("\n".join(map(str, folders)) + "\n", encoding="utf-8")
    new.replace(path)


def in_force(layout: Layout) -> tuple[Path, ...]:
    """The folders that workers read, as long as all of them are there."""
    path = _path(layout)
    folders = tuple(map(Path, path.read_text().splitlines())) if path.exists() else ()
    return folders if all(folder.exists() for folder in folders) else ()


def discard_others(layout: Layout) -> None:
    """Removes the folders that no worker reads any more."""
    rubbish.discard(layout, *_others(layout, in_force(layout)))


def _others(layout: Layout, folders: Iterable[Path]) -> list[Path]:
    kept = {*folders, _path(layout)}
    return [each for each in layout.layer.iterdir() if each not in kept]


def _libraries(layout: Layout, digest: str) -> Path:
    return layout.layer / f"libraries-{digest}"


def _package(layout: Layout, digest: str) -> Path:
    return layout.layer / f"package-{digest}"


def _path(layout: Layout) -> Path:
    return layout.layer / "path"
