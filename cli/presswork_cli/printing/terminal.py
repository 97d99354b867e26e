"""The two streams of a terminal: results on standard output, progress on standard error."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeVar, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from presswork.post import Error, Model, PostWarning
from presswork_cli.invocation import as_called

Answer = TypeVar("Answer", bound=Model)
File = TypeVar("File")


# The runner obeys `::name::`, where a line begins with it, and `##[name]` anywhere: actions/runner,
# src/Runner.Common/ActionCommand.cs.
_OBEYED = re.compile(r"(?:^|(?<=\r))([^\S\r\n]*+)::|##\[", re.MULTILINE)


class ActionsLog:
    """A stream that the runner of GitHub Actions reads: what it would obey is spelled out."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        """All else is the stream's own."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Writes a text in which nothing is a command."""
        return self._stream.write(_OBEYED.sub(_spelled_out, text))


def _spelled_out(command: re.Match[str]) -> str:
    return r"\x23#[" if command[1] is None else command[1] + r"\x3a:"


class Terminal(Console):
    """A stream to a person, who is told to run this command as it was called."""

    def print(self, *objects: Any, **how: Any) -> None:
        """As any console does."""
        named = (as_called(each) if isinstance(each, str) else each for each in objects)
        super().print(*named, **how)

    @property
    def file(self) -> IO[str]:
        """Where it writes: no post may command the runner of GitHub Actions."""
        stream = super().file
        is_log = os.environ.get("GITHUB_ACTIONS") == "true"
        return cast("IO[str]", ActionsLog(stream)) if is_log else stream

    @file.setter
    def file(self, stream: IO[str]) -> None:
        self._file = stream


results = Terminal(soft_wrap=True, highlight=False)
progress = Terminal(stderr=True, soft_wrap=True, highlight=False)

MANY = 20
"""From how many files on a bar is worth drawing, and not every file worth a line."""

# Control characters, and those that turn the direction of what follows (Unicode annex 9).
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

STYLES = {
    "live": "green",
    "unlisted": "green",
    "ok": "green",
    "rejected": "red",
    "repaired": "cyan",
    "skipped": "dim",
    "timeout": "red",
    "failed": "red",
    "waiting": "yellow",
    "warned": "yellow",
}
"""The colours of what became of a file."""


def json(answer: Model) -> None:
    """An answer to a program."""
    echo_json(answer.model_dump_json(indent=2))


def echo_json(text: str) -> None:
    """Prints JSON, of which the runner of GitHub Actions obeys nothing."""
    typer.echo(text.replace("##[", r"#\u0023["))


def tell(answer: Answer, report: Callable[[Answer], None], *, as_json: bool) -> None:
    """An answer, as JSON to a program, or to a person as `report` prints it."""
    if as_json:
        json(answer)
    else:
        report(answer)


def say(line: str) -> None:
    """One line of progress."""
    progress.print(line, markup=False, style="dim")


@contextmanager
def clock(name: str) -> Iterator[Callable[[str], None]]:
    """A line that changes in place, for as long as something is done; without a terminal, lines."""
    if progress.is_terminal:
        with progress.status(Text(name)) as line:
            yield lambda words: line.update(Text(words))
    else:
        yield say


def reading(files: Iterable[File]) -> Iterator[File]:
    """The files, with a bar for as long as they are read; nothing where no terminal is."""
    files = tuple(files)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=progress,
        transient=True,
        disable=not progress.is_terminal or len(files) < MANY,
    )
    with bar:
        yield from bar.track(files, description="reading")


def headline(status: str, name: str) -> Text:
    """What became of a file, in a word and its colour, and the file."""
    head = Text(f"{status:9} ", style=STYLES.get(status, ""))
    return head.append(visible(name), style="bold")


def complaint(file: str, error: Error) -> list[Text]:
    """What is wrong and the way out, as a compiler tells it: editors jump to such a place."""
    position = (number for number in (error.line, error.column) if number is not None)
    place = ":".join([file, *map(str, position)])
    return [Text(visible(f"{place}: {error.message}")), cure(error.fix)]


def cure(fix: str) -> Text:
    """The way out."""
    return Text(f"  fix: {visible(as_called(fix))}")


def caution(file: str, warning: PostWarning, *, with_fix: bool = True) -> list[Text]:
    """What may not be seen as it was meant, told as `complaint` does."""
    place = file if warning.line is None else f"{file}:{warning.line}"
    times = f" (×{warning.count})" if warning.count > 1 else ""
    line = Text(visible(f"{place}: {warning.message}{times}"), style=STYLES["warned"])
    return [line, cure(warning.fix)] if with_fix else [line]


def visible(text: str) -> str:
    """The text without what a terminal would obey: characters that steer it are spelled out."""
    return _STEERING.sub(lambda character: ascii(character[0])[1:-1], text)
