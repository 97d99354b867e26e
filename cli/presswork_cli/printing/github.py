"""What GitHub Actions are told: annotations at lines of a pull request, and a summary of the job.

GitHub Docs, "Workflow commands for GitHub Actions".
"""

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import typer

from presswork_cli.failure import Exit, Failure
from presswork_cli.printing.annotations import LEVELS, Annotation, Level
from presswork_cli.printing.answers import CheckAnswer
from presswork_cli.printing.terminal import visible

SHOWN = 10
"""How many annotations of a level GitHub shows for a step: GitHub REST API, "Check runs"."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of a step's summary."""

_ROWS = 200
_LONGEST = 400
"""So that the summary stays below the 1 MiB that a step has: "Step isolation and limits"."""

_OF_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
"""The punctuation of ASCII, which CommonMark lets be escaped (0.31.2, "Backslash escapes")."""

_NAMES: dict[Level, str] = {"error": "errors", "warning": "warnings", "notice": "notices"}


def annotated(annotations: Sequence[Annotation]) -> None:
    """Prints the command of each annotation that GitHub shows, and says how many it would not."""
    for level in LEVELS:
        of_level = [each for each in annotations if each.level == level]
        for each in of_level[:SHOWN]:
            typer.echo(command(each))
        if len(of_level) > SHOWN:
            typer.echo(
                f"GitHub shows {SHOWN} {_NAMES[level]} of a step beside their lines; "
                f"{len(of_level) - SHOWN} more are told above alone."
            )


def command(annotation: Annotation) -> str:
    """The line that makes an annotation; nothing in it ends the line or the property early."""
    properties = {
        "file": annotation.file,
        "line": annotation.line,
        "col": annotation.column,
        "title": f"presswork ({annotation.rule})",
    }
    named = ",".join(f"{name}={_property(str(v))}" for name, v in properties.items() if v)
    fix = f"\nfix: {annotation.fix}" if annotation.fix else ""
    said = f"{annotation.place}: {annotation.message}{fix}"
    return f"::{annotation.level} {named}::{_data(said)}"


def summarized(answer: CheckAnswer, annotations: Sequence[Annotation]) -> None:
    """Adds what was found to the summary of the job, where there is one."""
    file = os.environ.get(SUMMARY)
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.writelines(f"{line}\n" for line in markdown(answer, annotations))
    except OSError as error:
        message = f"the summary of the job cannot be written: {file}: {error.strerror or error}"
        raise Failure(message, Exit.USAGE) from error


def markdown(answer: CheckAnswer, annotations: Sequence[Annotation]) -> Iterator[str]:
    """The summary: how many posts came to what, and a table of what is to be said of them."""
    counts = answer.summary.model_dump(exclude={"conflicts", "warnings"})
    counted = [f"{n:,} {verdict}" for verdict, n in counts.items() if n]
    if answer.summary.conflicts:
        counted.append(f"{answer.summary.conflicts:,} in conflict")
    yield "### presswork check"
    yield ""
    yield f"Posts: {', '.join(counted) or 'none'}."
    if not annotations:
        return
    yield ""
    yield "| | where | what | fix |"
    yield "| --- | --- | --- | --- |"
    for each in islice(annotations, _ROWS):
        cells = (each.level, each.place, each.message, each.fix)
        yield f"| {' | '.join(map(_cell, cells))} |"
    if len(annotations) > _ROWS:
        yield ""
        yield f"{len(annotations) - _ROWS:,} more are in the log."


def _cell(text: str) -> str:
    """A text that is nothing but text in a cell of a table."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return _OF_MARKDOWN.sub(r"\\\1", visible(" ".join(short.split())))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
