"""The commands of the way back: a stack's state out to a file, and a stack made of one again.

Each loads what it works with when it runs, as those of `operate` do.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.failure import Exit
from presswork_cli.options import Json, Yes
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target

recovery = typer.Typer()

StateFile = Annotated[Path, typer.Argument(metavar="FILE", help="The state, as JSON lines.")]
ContentFrom = Annotated[
    str | None,
    typer.Option(
        metavar="BUCKET",
        help="Copy what the content bucket lacks from this one: the last good version of each file "
        "first, then the newest.",
    ),
]
VaultFrom = Annotated[
    str | None,
    typer.Option(metavar="BUCKET", help="Copy the originals that the vault lacks from here."),
]
UndeleteSince = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d"],
        metavar="TIME",
        help="Bring back what was deleted from the content bucket since then (UTC).",
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Take away what the table holds first.")]
Tell = Annotated[
    bool,
    typer.Option(
        "--tell",
        help="Tell of posts of the last two days that the state does not know as told. For a state "
        "that nothing was told after.",
    ),
]


def export_state(
    context: typer.Context,
    file: StateFile,
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Another table than the stack's: one restored to a point in time, or that of a "
            "stack that was deleted.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the promises of the table to a file.

    They are the first dates of posts, the paths that are held or were, what was told to whom, the
    settings in force, and where each image came from.

    Everything else of the table is derived, and made again. There are no secrets in the file. It
    has the titles of drafts, and so it is readable by its owner alone. docs/runbook.md tells when
    to use it.
    """
    from presswork_cli.printing import show_recovery
    from presswork_cli.recovery.export_state import export_state

    target: Target = context.obj
    answer = export_state(target.connect(), file, utc_now(), table=table)
    terminal.tell(answer, show_recovery.exported, as_json=as_json)


def import_state(
    context: typer.Context,
    file: StateFile,
    *,
    content_from: ContentFrom = None,
    vault_from: VaultFrom = None,
    undelete_since: UndeleteSince = None,
    replace: Replace = False,
    tell: Tell = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Make the table what a file of `export-state` says. A rebuild makes the site of it.

    A table that is not empty is refused, unless it is to be replaced. While it is written no stage
    works. The command may be ended at any time: given again, it goes on.

    No post that is there by now is told of any more, as what was told after the export is not
    known. Files that the bucket does not have any more are taken for deleted.
    """
    from presswork_cli.printing import show_recovery
    from presswork_cli.recovery import state_file
    from presswork_cli.recovery.import_state import StateImport, Wishes

    target: Target = context.obj
    state = state_file.read(file)
    since = undelete_since and undelete_since.replace(tzinfo=UTC)
    wishes = Wishes(content_from, vault_from, since, replace=replace, tell=tell)
    stack = target.connect()
    if replace and not yes:
        typer.confirm(f"Take away what {stack.outputs.Table} holds?", abort=True, err=True)
    answer = StateImport(stack, state, wishes, utc_now()).run()
    terminal.tell(answer, show_recovery.imported, as_json=as_json)
    if answer.failed:
        raise typer.Exit(Exit.REJECTED)


def add_to(app: typer.Typer) -> None:
    """Adds the verbs that stacks on AWS and on this machine have in common."""
    app.command("export-state")(export_state)
    app.command("import-state")(import_state)


add_to(recovery)
