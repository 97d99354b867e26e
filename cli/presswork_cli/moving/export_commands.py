"""The command `export`, for stacks on AWS and on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.failure import Exit
from presswork_cli.options import Json
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target

export = typer.Typer()


def export_site(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder to write; what is there as it is stays.")
    ] = Path("presswork-site"),
    *,
    media: Annotated[
        bool,
        typer.Option(
            "--media", help="Also the original images that were fetched, and where each was found."
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files of DIR that differ.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write what the site is made of to a folder of plain files, as `sync` takes it.

    These are the newest posts, pages, files, templates and settings of the content bucket, each
    with its time. `sync DIR` makes the same site of them in another stack; with `--media`,
    `build DIR --vault DIR/vault` makes it with its images without any.

    Ended anywhere, the same command goes on. What is told to whom and the first dates of posts
    are no files: `export-state` keeps those.

    Exit codes: 0 fine, 1 an object is no file and was left, 2 DIR holds files that differ.
    """
    from presswork_cli.moving import exporting
    from presswork_cli.printing import show_import

    target: Target = context.obj
    answer = exporting.export_site(
        target.connect(), out, media=media, force=force, watch=terminal.reading
    )
    terminal.tell(answer, show_import.exported, as_json=as_json)
    if answer.not_written:
        raise typer.Exit(Exit.REJECTED)


def add_to(app: typer.Typer) -> None:
    """Adds `export` to the verbs of stacks on AWS and on this machine."""
    app.command("export")(export_site)


add_to(export)
