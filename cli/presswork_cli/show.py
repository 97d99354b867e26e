"""What a person sees: progress on standard error, results on standard output."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from presswork.post import Error, Model, Status
from presswork_cli.answers import BuildAnswer, PostAnswer, PublishAnswer, Stage, StatusAnswer
from presswork_cli.folder import File
from presswork_cli.follow import SKIPPED, STAGES, TIMEOUT, Journey

results = Console(soft_wrap=True, highlight=False)
progress = Console(stderr=True, soft_wrap=True, highlight=False)

_MANY = 20
"""From how many files on a bar is worth drawing."""

_STYLES = {
    Status.LIVE.value: "green",
    Status.REJECTED.value: "red",
    Status.WAITING.value: "yellow",
    TIMEOUT: "red",
}


def json(answer: Model) -> None:
    """An answer to a program."""
    typer.echo(answer.model_dump_json(indent=2))


def say(line: str) -> None:
    """One line of progress."""
    progress.print(line, markup=False, style="dim")


def stage_passed(journey: Journey, stage: Stage) -> None:
    """One plain line, which file passed which stage and when; a terminal has the board instead."""
    if not progress.is_terminal:
        progress.print(f"{journey.key}: {stage.stage} {stage.seconds:.2f} s", markup=False)


@contextmanager
def following(journeys: Sequence[Journey]) -> Iterator[None]:
    """A table of all files and their stages, redrawn as they pass; nothing where no terminal is."""
    if not progress.is_terminal:
        yield
        return
    with Live(
        get_renderable=lambda: _board(journeys),
        console=progress,
        refresh_per_second=12,
        transient=True,
    ):
        yield


def _board(journeys: Sequence[Journey]) -> Table:
    board = Table(box=None, pad_edge=False)
    for heading in ("", *STAGES, ""):
        board.add_column(heading)
    for journey in journeys:
        times = {stage.stage: f"{stage.seconds:.2f} s" for stage in journey.stages}
        status = journey.status or "…"
        cells = [Text(times.get(name, "·")) for name in STAGES]
        board.add_row(Text(journey.key), *cells, Text(status, style=_STYLES.get(status, "")))
    return board


def outcome(answer: PublishAnswer) -> None:
    """The live address and the time of each stage, or what is wrong and the way out."""
    for post in answer.posts:
        results.print(Group(*_lines(post)))


def _lines(post: PostAnswer) -> list[Text]:
    head = Text(f"{post.status:9} ", style=_STYLES.get(post.status, ""))
    head.append(post.url or post.key, style="bold")
    lines = [head]
    if post.stages:
        times = "  ".join(f"{stage.stage} {stage.seconds:.2f} s" for stage in post.stages)
        lines.append(Text(f"          {times}{_pictures(post)}", style="dim"))
    if post.error is not None:
        lines += _complaint(post.file, post.error)
    if post.status == TIMEOUT:
        lines.append(
            Text("  It did not come through in time. `presswork local status` names the logs.")
        )
    if post.status == SKIPPED:
        lines.append(Text("  It is stored, and is no post: nothing is made of it.", style="dim"))
    return lines


def _complaint(file: str, error: Error) -> list[Text]:
    """What is wrong and the way out, as a compiler tells it: editors jump to such a place."""
    place = [file, *(str(at) for at in (error.line, error.column) if at is not None)]
    return [Text(f"{':'.join(place)}: {error.message}"), Text(f"  fix: {error.fix}")]


def _pictures(post: PostAnswer) -> str:
    counted = {name: n for name, n in post.images.model_dump().items() if n and name != "total"}
    if not counted:
        return ""
    return "  images: " + ", ".join(f"{n} {name}" for name, n in counted.items())


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


def built(answer: BuildAnswer) -> None:
    """What is not shown and why, then what was built."""
    for post in answer.posts:
        if post.error is not None:
            head = Text(f"{post.status:9} ", style=_STYLES.get(post.status, ""))
            head.append(post.key, style="bold")
            results.print(Group(head, *_complaint(post.file, post.error)))
    counted = ", ".join(f"{n} {status}" for status, n in sorted(answer.summary.items()))
    results.print(f"Posts     {counted or 'none'}", markup=False)
    if not answer.site:
        return
    owed = sum(post.images.owed for post in answer.posts)
    if owed:
        results.print(f"Images    {owed} remote, shown as notes: --vault brings them", markup=False)
    results.print(f"Site      {answer.site}", style="bold", markup=False)
    results.print(
        f"Files     {answer.files} in {answer.out}, {answer.written} new or changed", markup=False
    )
    if answer.stale:
        results.print(
            f"Left over {len(answer.stale)} that are not of this site: --clean removes them",
            style="yellow",
            markup=False,
        )


def status(answer: StatusAnswer, logs: str) -> None:
    """Where everything is."""
    results.print(f"Site      {answer.outputs.SiteUrl}", style="bold", markup=False)
    for label, value in (
        ("Webhook", f"{answer.outputs.WebhookUrl}/default"),
        ("Secret", f"{answer.outputs.WebhookSecret} (SSM parameter)"),
        ("Content", f"s3://{answer.outputs.ContentBucket}"),
        ("Mail", f"{answer.endpoint}/_ministack/ses/messages"),
        ("Endpoint", f"{answer.endpoint} ({answer.region}, stack {answer.stack})"),
        ("Logs", logs),
    ):
        results.print(f"{label:9} {value}", markup=False)
