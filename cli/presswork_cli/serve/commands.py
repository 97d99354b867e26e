"""The command that shows a site while it is written: `presswork serve`."""

from pathlib import Path
from typing import Annotated

import typer

from presswork_cli.failure import Exit, Failure

serve = typer.Typer()

Port = Annotated[
    int | None,
    typer.Option(
        min=0, max=65535, help="The port to listen at. By default 8000, or the next free one."
    ),
]

Host = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="The address to listen at. Beyond 127.0.0.1 others can see what you write.",
    ),
]


@serve.command("serve")
def serve_site(  # noqa: PLR0917 - Typer calls it by name
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The content folder.")] = Path(),
    port: Port = None,
    host: Host = "127.0.0.1",
    drafts: Annotated[bool, typer.Option("--drafts", help="Show drafts, too.")] = False,
    future: Annotated[
        bool, typer.Option("--future", help="Show posts whose time has not come, too.")
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
) -> None:
    """Show the site of a content folder in a browser, while you write it. No cloud is needed.

    Each time you save, what has changed is built again, and the browser loads it. What is wrong
    stands on the page of its post, on the home page, and here in the terminal: file, line and cure.
    A post that is broken stays as it was when it last was not; so do settings and theme.

    Addresses are answered as the deployed site answers them, and pages are the very same, but for
    what is wrong with them. Nothing is fetched: a remote image is a note, as on a site that has yet
    to bring it home. Nothing is written into DIR. Ctrl-C ends it.

    Exit codes: 0 ended by you, 2 wrong usage, a port in use, or something that cannot be read.
    """
    from presswork_cli.serve import running

    _check_folder(folder)
    try:
        with running.own_folder(folder) as own:
            live = running.live_site(folder, own, drafts=drafts, future=future)
            server = running.listen(live, host, port)
            serving = running.Serving(live, server)
            serving.begin()
            if open_it:
                typer.launch(server.url)
            serving.follow()
    except KeyboardInterrupt:
        raise typer.Exit(Exit.FINE) from None


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise Failure(
            f"{folder} does not exist: begin a site there with `presswork new site {folder}`",
            Exit.USAGE,
        )
    if not folder.is_dir():
        raise Failure(
            f"{folder} is no folder: a post by itself is shown by `presswork preview {folder}`",
            Exit.USAGE,
        )
