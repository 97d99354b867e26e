"""The two streams of a terminal: results on standard output, progress on standard error."""

from collections.abc import Iterable, Iterator

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from presswork.post import Error, Model
from presswork_cli.folder import File

results = Console(soft_wrap=True, highlight=False)
progress = Console(stderr=True, soft_wrap=True, highlight=False)

_MANY = 20
"""From how many files on a bar is worth drawing."""

STYLES = {
    "live": "green",
    "ok": "green",
    "rejected": "red",
    "repaired": "cyan",
    "skipped": "dim",
    "timeout": "red",
    "waiting": "yellow",
}
"""The colours of what became of a file."""


def json(answer: Model) -> None:
    """An answer to a program."""
    typer.echo(answer.model_dump_json(indent=2))


def say(line: str) -> None:
    """One line of progress."""
    progress.print(line, markup=False, style="dim")


def reading(files: Iterable[File]) -> Iterator[File]:
    """The files, with a bar for as long as they are read; nothing where no terminal is."""
    files = tuple(files)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=progress,
        transient=True,
        disable=not progress.is_terminal or len(files) < _MANY,
    )
    with bar:
        yield from bar.track(files, description="reading")


def complaint(file: str, error: Error) -> list[Text]:
    """What is wrong and the way out, as a compiler tells it: editors jump to such a place."""
    place = [file, *(str(at) for at in (error.line, error.column) if at is not None)]
    return [Text(f"{':'.join(place)}: {error.message}"), Text(f"  fix: {error.fix}")]
