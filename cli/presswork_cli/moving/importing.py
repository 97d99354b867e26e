"""`presswork import`: a blog is read, its addresses are settled, its folder written and told."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presswork.post import Status
from presswork_cli.failure import Exit
from presswork_cli.keys import SETTINGS
from presswork_cli.moving import site_file, writing
from presswork_cli.moving.addresses import Settled, settled
from presswork_cli.moving.blog import Note
from presswork_cli.moving.tools import Tool, reader
from presswork_cli.offline.claims import Outcome
from presswork_cli.offline.folder import displayed, unreadable
from presswork_cli.printing.moved_answer import MovedAddress, MovedAnswer, MovedFile, MovedNote

Watch = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True)
class Wishes:
    """What is to be moved, from where and to where."""

    tool: Tool
    source: Path
    out: Path
    dry_run: bool = False


def import_blog(wishes: Wishes, now: datetime, watch: Watch = iter) -> MovedAnswer:
    """Writes the folder of a blog, or with `dry_run` only says what would be.

    Raises Failure for what is no blog of its tool, and for a folder that is not empty.
    """
    writing.refuse_unfit(wishes.out, wishes.source)
    try:
        blog = reader(wishes.tool)(wishes.source)
    except OSError as error:
        raise unreadable(displayed(str(error.filename)), error) from error
    settings, notes = site_file.fitting(blog.settings, str(wishes.source))
    found = settled(blog, settings, now, watch)
    files = {**found.files, SETTINGS: site_file.text(found.settings).encode()}
    if not wishes.dry_run:
        notes += writing.write(wishes.out, files)
    return _receipt(wishes, found, [*blog.notes, *notes])


def exit_code(answer: MovedAnswer) -> Exit:
    """1 when a post would not be shown that its author wanted to be: it is rejected, or waits."""
    return Exit.REJECTED if any(each.error for each in answer.posts) else Exit.FINE


def _receipt(wishes: Wishes, found: Settled, notes: list[Note]) -> MovedAnswer:
    answered = Counter(each.answered for each in found.fates)
    by_status = Counter(_status(each) for each in found.standing.outcomes.values())
    refused = [MovedFile(key=key, error=error) for key, error in found.standing.refused.items()]
    posts = (_told(each, found) for each in found.standing.outcomes.values())
    read = [key for key, each in found.standing.outcomes.items() if each.status != Status.SKIPPED]
    return MovedAnswer(
        tool=wishes.tool.value,
        source=str(wishes.source),
        out=str(wishes.out),
        dry_run=wishes.dry_run,
        summary={
            "posts": sum(key.startswith("posts/") for key in read),
            "pages": sum(key.startswith("pages/") for key in read),
            "files": len(found.files) - len(read),
            "kept": answered["200"],
            "redirected": answered["301"],
            "lost": answered["404"],
            **by_status,
        },
        addresses=tuple(
            MovedAddress(
                path=each.address.path,
                kind=each.address.kind,
                answered=int(each.answered),
                shown=each.shown,
                why=each.why,
            )
            for each in found.fates
        ),
        posts=(*(each for each in posts if each.is_told), *refused),
        notes=tuple(MovedNote(**each._asdict()) for each in notes),
    )


def _told(outcome: Outcome, found: Settled) -> MovedFile:
    warnings = outcome.parsed.warnings if outcome.parsed else ()
    return MovedFile(
        key=outcome.key,
        warnings=warnings,
        error=outcome.error,
        got_line=outcome.key in found.changed,
    )


def _status(outcome: Outcome) -> str:
    return outcome.status.value
