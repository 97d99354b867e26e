"""What a person sees of a blog that moved in, and of a site that moved out."""

import shlex
from collections import Counter
from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from presswork.post import PostWarning
from presswork_cli.printing.moved_answer import MovedAnswer, MovedFile, MovedOut
from presswork_cli.printing.terminal import (
    STYLES,
    caution,
    complaint,
    cure,
    headline,
    results,
    say,
    visible,
)

_MOST_NAMED = 20


def receipt(answer: MovedAnswer, *, verbose: bool) -> None:
    """What is not shown, what is left as text, what did not come along and is lost, and the sum.

    `verbose` names each address that leads on, with where to, and all that are lost.
    """
    for each in answer.posts:
        if each.error is not None:
            results.print(headline("rejected", each.key))
            results.print(Group(*complaint(each.key, each.error)))
    _warn(answer.posts)
    for note in answer.notes:
        place = note.file if note.line is None else f"{note.file}:{note.line}"
        results.print(Text(f"{'left':9} {visible(place)}: {visible(note.message)}"))
        results.print(cure(note.fix))
    _tell_addresses(answer, verbose=verbose)
    results.print(_sum(answer), markup=False)
    if not answer.dry_run:
        out = shlex.quote(answer.out)
        say(f"Now: `presswork check {out}`, `presswork serve {out}`, `presswork sync {out}`")


def _tell_addresses(answer: MovedAnswer, *, verbose: bool) -> None:
    """The addresses that are lost, a few unless `verbose`; then before them those that lead on."""
    for each in answer.redirected if verbose else ():
        results.print(Text(f"redirected  {visible(each.path)} → {visible(each.shown)}"))
    most = len(answer.lost) if verbose else _MOST_NAMED
    for lost in answer.lost[:most]:
        line = f"{'lost':9} {visible(lost.path)}: {visible(lost.why)}"
        results.print(Text(line, style=STYLES["waiting"]))
    if len(answer.lost) > most:
        results.print(Text(f"{'':9} and {len(answer.lost) - most} more: --verbose has all"))


def _warn(posts: Sequence[MovedFile]) -> None:
    """The warnings, a few of each rule, and how many more there are."""
    shown: Counter[str] = Counter()
    for post in posts:
        for warning in post.warnings:
            shown[warning.rule] += 1
            if shown[warning.rule] <= _MOST_NAMED:
                results.print(Group(*caution(post.key, warning)))
    for rule, count in shown.items():
        if count > _MOST_NAMED:
            results.print(Text(f"{'':9} and {count - _MOST_NAMED} more of {rule}", style="dim"))


def _sum(answer: MovedAnswer) -> str:
    """The last line: what came, how its addresses fare, and where it stands."""
    n = answer.summary
    marks = sum(_count(each.warnings) for each in answer.posts)
    parts = (
        f"{n['posts']} posts, {n['pages']} pages, {n['files']} files",
        f"addresses: {n['kept']} kept, {n['redirected']} redirected, {n['lost']} lost",
        f"{marks} marks left as text" if marks else "",
        "a plan, nothing was written" if answer.dry_run else f"written to {answer.out}",
    )
    return " · ".join(filter(None, parts))


def _count(warnings: Sequence[PostWarning]) -> int:
    return sum(each.count for each in warnings if each.rule == "template-left")


def exported(answer: MovedOut) -> None:
    """What could not be written, and the sum."""
    for each in answer.not_written:
        results.print(Text(f"{'left':9} {visible(each.key)}: {each.error.message}"))
        results.print(cure(each.error.fix))
    results.print(
        f"{answer.written} files written to {answer.out}, {answer.unchanged} unchanged, "
        f"{len(answer.not_written)} left",
        markup=False,
    )
