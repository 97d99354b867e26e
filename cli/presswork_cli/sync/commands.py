"""The command `sync`, for stacks on AWS and on this machine."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from presswork.clock import utc_now
from presswork_cli.failure import Exit, Failure
from presswork_cli.options import Json, Patience, Yes
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.stack import Stack
    from presswork_cli.operate.target import Target
    from presswork_cli.printing.sync_answer import SyncAnswer
    from presswork_cli.sync.preparing import Prepared

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="A content folder, a part of one, or a plain folder of posts. By default the content "
        "folder that you stand in.",
    ),
]
Delete = Annotated[
    bool,
    typer.Option(
        "--delete", help="Also take away what an earlier sync sent and the folder has no more."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
]
Force = Annotated[bool, typer.Option("--force", help="Send what `check` refuses, too.")]
Name = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The name under which is noted what was sent. By default `site` for a content "
        "folder, and else its own.",
    ),
]

sync = typer.Typer()


def sync_folder(
    context: typer.Context,
    folder: Folder = None,
    *,
    delete: Delete = False,
    dry_run: DryRun = False,
    force: Force = False,
    name: Name = None,
    yes: Yes = False,
    timeout: Patience = 60.0,
    as_json: Json = False,
) -> None:
    """Make the bucket hold what a folder holds. Each post is followed to its end.

    A file's key is its path below the folder: `posts/`, `pages/`, `static/`, `assets/`, `theme/`
    and `site.yaml` come as they are. Only what changed is sent, and a renamed file keeps its post.
    Nothing hidden is sent, and nothing from outside of the folder.

    What `check` rejects is refused, and the rest goes on; a broken `site.yaml` or theme stops all.
    Ended anywhere, the same command goes on. Exit code 1 when something was refused or rejected, 2
    for wrong usage, 3 when something is not at its end.
    """
    from presswork_cli.offline.uploads import content_folder_here, uploads_of
    from presswork_cli.sync import answering
    from presswork_cli.sync.judging import broken
    from presswork_cli.sync.preparing import Wishes, prepare

    folder = folder or content_folder_here()
    uploads = uploads_of(folder)
    if name is not None:
        uploads = replace(uploads, name=name)
    site, error = broken(uploads)
    if error is not None and not force:
        _end(answering.refused_all(error, uploads), as_json=as_json)
    target: Target = context.obj
    stack = target.connect(folder)
    wishes = Wishes(delete=delete, force=force, sure=yes)
    prepared = prepare(stack, uploads, site, wishes, now=utc_now(), watch=terminal.reading)
    if dry_run:
        _end(answering.planned(prepared, stack.outputs.SiteUrl), as_json=as_json)
    if prepared.plan.deletes_many and not yes:
        _ask(prepared)
    answer = _carried_out(stack, prepared, timeout, force=force)
    _end(answer, as_json=as_json)


def _ask(prepared: "Prepared") -> None:
    """Raises Failure unless somebody says that so much is to go."""
    plan = prepared.plan
    gone = len(plan.deletions) - len(plan.moves)
    what = f"{gone} of {plan.own} files that {prepared.uploads.root} wrote"
    if not sys.stdin.isatty():
        raise Failure(
            f"{what} would be deleted: --dry-run names them, and --yes deletes them", Exit.USAGE
        )
    if not typer.confirm(f"Delete {what}?", err=True):
        raise Failure("nothing was done: without --delete these files stay", Exit.USAGE)


def _carried_out(
    stack: "Stack", prepared: "Prepared", timeout: float, *, force: bool
) -> "SyncAnswer":
    from presswork_cli.printing import show, show_sync
    from presswork_cli.sync import answering
    from presswork_cli.sync.run import Run

    run = Run(stack, prepared, timeout, show_sync.stage_passed)
    with show.interruptible(run.journeys), show_sync.syncing(run.journeys):
        run.carry_out(force=force)
    return answering.done(prepared, run, stack.outputs.SiteUrl)


def _end(answer: "SyncAnswer", *, as_json: bool) -> NoReturn:
    from presswork_cli.printing import show_sync
    from presswork_cli.sync import answering

    terminal.tell(answer, show_sync.receipt, as_json=as_json)
    raise typer.Exit(answering.exit_code(answer))


def add_to(app: typer.Typer) -> None:
    """Adds `sync` to the verbs of stacks on AWS and on this machine."""
    app.command("sync")(sync_folder)


add_to(sync)
