"""What a person sees of the cloud's commands."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Protocol

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from presswork_cli.failure import Exit
from presswork_cli.printing.answers import (
    SKIPPED,
    STAGES,
    TIMEOUT,
    DoctorAnswer,
    ImagesAnswer,
    PostAnswer,
    PublishAnswer,
    RebuildAnswer,
    Stage,
    StatusAnswer,
    TakedownAnswer,
    VerifyAnswer,
)
from presswork_cli.printing.terminal import (
    STYLES,
    complaint,
    cure,
    headline,
    progress,
    results,
    visible,
)


class Followed(Protocol):
    """A file on its way through the stages; `status` stands once the outcome is final."""

    key: str
    stages: list[Stage]
    status: str | None

    @property
    def sent(self) -> object:
        """What was sent."""


@contextmanager
def interruptible(journeys: Sequence[Followed]) -> Iterator[None]:
    """Ctrl-C says what goes on and how to follow it, and ends with an exit code of its own."""
    try:
        yield
    except KeyboardInterrupt:
        sent = sum(each.sent is not None for each in journeys)
        progress.print(
            f"presswork: stopped: {sent} of {len(journeys)} changes were sent. What was sent goes "
            "on in the cloud, where `status` and `explain FILE` tell of it. "
            "The same command again sends the rest.",
            markup=False,
        )
        raise typer.Exit(Exit.INTERRUPTED) from None


def stage_passed(journey: Followed, stage: Stage) -> None:
    """One plain line, which file passed which stage and when; a terminal has the board instead."""
    if not progress.is_terminal:
        progress.print(f"{journey.key}: {stage.stage} {stage.seconds:.2f} s", markup=False)


@contextmanager
def following(journeys: Sequence[Followed]) -> Iterator[None]:
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


def _board(journeys: Sequence[Followed]) -> Table:
    board = Table(box=None, pad_edge=False)
    for heading in ("", *STAGES, ""):
        board.add_column(heading)
    for journey in journeys:
        times = {stage.stage: f"{stage.seconds:.2f} s" for stage in journey.stages}
        status = journey.status or "…"
        cells = [Text(times.get(name, "·")) for name in STAGES]
        board.add_row(Text(journey.key), *cells, Text(status, style=STYLES.get(status, "")))
    return board


def outcome(answer: PublishAnswer) -> None:
    """The live address and the time of each stage, or what is wrong and the way out."""
    for post in answer.posts:
        results.print(Group(*_lines(post)))


def _lines(post: PostAnswer) -> list[Text]:
    lines = [headline(post.status, post.url or post.key)]
    if post.stages:
        times = "  ".join(f"{stage.stage} {stage.seconds:.2f} s" for stage in post.stages)
        lines.append(Text(f"          {times}{_pictures(post)}", style="dim"))
    if post.error is not None:
        lines += complaint(post.file, post.error)
    if post.status == TIMEOUT:
        lines.append(
            Text(
                "  It did not come through in time. `explain` says what it waits for, and `logs` "
                "what was written of it."
            )
        )
    if post.status == SKIPPED:
        lines.append(Text("  It is stored; pages that show it follow.", style="dim"))
    return lines


def _pictures(post: PostAnswer) -> str:
    counted = {name: n for name, n in post.images.model_dump().items() if n and name != "total"}
    if not counted:
        return ""
    return "  images: " + ", ".join(f"{n} {name}" for name, n in counted.items())


def images(answer: ImagesAnswer) -> None:
    """Each image with its state, its reason and who wants it."""
    if not answer.images:
        results.print("every image is at home")
    for image in answer.images:
        results.print(headline(image.state, image.url))
        facts = [
            f"next try {image.next_try:%Y-%m-%d %H:%M} UTC" if image.next_try else "",
            f"visited {image.visited:%Y-%m-%d %H:%M} UTC" if image.visited else "",
            f"since {image.since:%Y-%m-%d}" if image.since else "",
            image.reason or "",
            f"wanted by {', '.join(image.posts)}" if image.posts else "",
        ]
        for fact in filter(None, facts):
            results.print(Text(f"          {visible(fact)}", style="dim"))


def taken_down(answer: TakedownAnswer) -> None:
    """What became of the post, and of the media that it showed."""
    results.print(f"{answer.post.status:9} {answer.post.key}", markup=False)
    for words, hashes in (
        ("media deleted", answer.deleted),
        ("media kept, as other posts show them", answer.kept),
        ("originals deleted for good", answer.forgotten),
    ):
        if hashes:
            results.print(f"          {words}: {len(hashes)}", markup=False)


def verified(answer: VerifyAnswer) -> None:
    """Each object that is not as it should be, then how many are."""
    for word in ("missing", "different", "left_over", "behind"):
        for key in getattr(answer, word):
            results.print(Text(f"{word.replace('_', ' '):10} {key}", style="red"))
    results.print(
        f"{answer.equal} objects are as the content calls for; {answer.stubs} stubs stand at "
        "former and removed paths",
        markup=False,
    )


@contextmanager
def rebuilding() -> Iterator[Callable[[RebuildAnswer], None]]:
    """How far a rebuild is: in a terminal one line that changes, else a line for each change."""
    last = ""
    with progress.status("") if progress.is_terminal else nullcontext() as line:

        def watch(answer: RebuildAnswer) -> None:
            nonlocal last
            all_ = "all" if answer.sent_all else "so far"
            now = f"{answer.sent} posts sent on, {all_}; {answer.waiting} messages wait"
            if line is not None:
                line.update(now)
            elif now != last:
                progress.print(now, markup=False)
            last = now

        yield watch


def rebuilt(answer: RebuildAnswer) -> None:
    """What was made again, or that it goes on."""
    if answer.done:
        results.print(
            f"made again: {answer.sent} posts, and all lists; {answer.site}", markup=False
        )
        results.print("`presswork verify` holds the site against the content.", markup=False)
    else:
        results.print("It goes on; the same command follows it.", markup=False)


def status(answer: StatusAnswer, *, mail: str = "", state: str = "") -> None:
    """Where everything is; mail and the folder of a cloud on this machine, too."""
    results.print(f"Site      {answer.outputs.SiteUrl}", style="bold", markup=False)
    here = answer.endpoint and f"{answer.endpoint} "
    for label, value in (
        ("Webhook", f"{answer.outputs.WebhookUrl}/default"),
        ("Secret", f"{answer.outputs.WebhookSecret} (SSM parameter)"),
        ("Content", f"s3://{answer.outputs.ContentBucket}"),
        ("Mail", mail),
        ("Endpoint" if here else "Stack", f"{here}({answer.region}, stack {answer.stack})"),
        ("State", state),
        ("Logs", state and f"{state}/logs"),
    ):
        if value:
            results.print(f"{label:9} {value}", markup=False)
    for each in answer.broken:
        results.print(Group(headline("rejected", each.file), *complaint(each.file, each.error)))
        results.print(Text("  The last good one is in force.", style="dim"))
    sweep = answer.sweep
    if sweep is not None and not sweep.done:
        results.print(f"Rebuild   looks at every post again: {sweep.sent} so far", markup=False)
    elif sweep is not None and sweep.sent:
        results.print(f"Rebuild   every post was looked at again: {sweep.sent}", markup=False)


def examined(answer: DoctorAnswer) -> None:
    """How each thing stands, and the cure of what does not."""
    for each in answer.checks:
        results.print(headline(each.verdict, each.check))
        results.print(Text(f"  {visible(each.message)}"))
        if each.fix:
            results.print(cure(each.fix))
