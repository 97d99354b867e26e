"""What a person sees of a sync: how far it is, and its receipt."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from presswork_cli.printing.answers import SKIPPED, STAGES, TIMEOUT, Stage
from presswork_cli.printing.sync_answer import OWED, PLANNED, SyncAnswer, SyncedFile
from presswork_cli.printing.terminal import complaint, headline, progress, results, visible

_MOST_NAMED = 20
_ACTIONS = ("sent", "unchanged", "renamed", "deleted", "refused")
_NO_OUTCOME = frozenset({SKIPPED, "removed", PLANNED})


class Change(Protocol):
    """A file on its way: `sent` stands once it was uploaded, `status` once its outcome is final."""

    key: str
    status: str | None

    @property
    def sent(self) -> object:
        """What was sent."""


@contextmanager
def syncing(journeys: Sequence[Change]) -> Iterator[None]:
    """A bar for what was sent, and one for what is at its end; nothing where no terminal is."""
    if not progress.is_terminal or not journeys:
        yield
        return
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=progress
    )
    sent = bars.add_task("sent", total=len(journeys))
    ended = bars.add_task("at its end", total=len(journeys))

    def now() -> Progress:
        bars.update(ended, completed=sum(each.status is not None for each in journeys))
        bars.update(
            sent, completed=sum(bool(each.sent or each.status is not None) for each in journeys)
        )
        return bars

    with Live(get_renderable=now, console=progress, refresh_per_second=8, transient=True):
        yield


def stage_passed(journey: Change, stage: Stage) -> None:
    """One plain line for each post that came through; a terminal has the bars instead."""
    if not progress.is_terminal and stage.stage == STAGES[-1]:
        progress.print(f"{journey.key}: {stage.stage} {stage.seconds:.2f} s", markup=False)


def receipt(answer: SyncAnswer) -> None:
    """What became of each file, then what was left as it is, and the sum."""
    for each in answer.posts:
        results.print(Group(*_lines(each)))
    for words, keys in (
        ("is not in the folder any more; `--delete` takes it away", answer.left),
        ("is not in the folder any more, and stays: somebody else changed it", answer.foreign),
        ("belongs nowhere in the bucket: posts go below posts/, files below static/", answer.aside),
    ):
        _name(keys, words)
    if count := len(answer.others):
        what, them = ("1 file stays", "it") if count == 1 else (f"{count:,} files stay", "them")
        _note("left", f"{what} in the bucket, for no sync of this folder sent {them}")
    if owed := answer.summary.get(OWED):
        what = "1 image has" if owed == 1 else f"{owed:,} images have"
        _note(OWED, f"{what} yet to come home: `images` names each, and its next try")
    results.print(_sum(answer), markup=False)


def _note(word: str, words: str) -> None:
    results.print(Text(f"{word:9} {words}", style="dim"))


def _lines(each: SyncedFile) -> list[Text]:
    is_told_by_action = each.action == "refused" or each.status in _NO_OUTCOME
    word = each.action if is_told_by_action else each.status
    lines = [headline(word, each.url or each.key)]
    if each.moved_from is not None:
        lines.append(Text(f"          renamed from {visible(each.moved_from)}", style="dim"))
    if each.note:
        lines.append(Text(f"          {visible(each.note)}", style="yellow"))
    if each.error is not None:
        lines += complaint(each.file, each.error)
    if each.status == TIMEOUT:
        lines.append(Text("  It is sent, and did not come through in time; the cloud goes on."))
    return lines


def _name(keys: Sequence[str], words: str) -> None:
    for key in keys[:_MOST_NAMED]:
        results.print(Text(f"{'left':9} {visible(key)} {words}", style="dim"))
    if len(keys) > _MOST_NAMED:
        results.print(Text(f"{'':9} and {len(keys) - _MOST_NAMED} more", style="dim"))


def _sum(answer: SyncAnswer) -> str:
    """The last line: what was done, and what became of it."""
    counts = answer.summary
    done = [f"{counts[name]} {name}" for name in _ACTIONS if name in counts]
    became = [
        f"{n} {name}" for name, n in counts.items() if name not in {*_ACTIONS, *_NO_OUTCOME} and n
    ]
    plan = "a plan, nothing was written: " if answer.dry_run else ""
    return plan + ", ".join(done) + (f" · {', '.join(became)}" if became else "")
