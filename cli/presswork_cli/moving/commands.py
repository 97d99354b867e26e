"""The command `import`: a blog of another tool becomes a folder for `sync`."""

from pathlib import Path
from typing import Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.moving.tools import Tool
from presswork_cli.options import Json
from presswork_cli.printing import terminal

moving = typer.Typer()

From = Annotated[Tool, typer.Argument(metavar="TOOL", help="What the blog was made with.")]
Source = Annotated[
    Path, typer.Argument(metavar="PATH", help="The folder of the blog, or the file of its export.")
]
Out = Annotated[
    Path,
    typer.Option(metavar="DIR", help="The folder to write; it is new, or empty."),
]


@moving.command("import")
def import_blog(
    tool: From,
    source: Source,
    out: Out = Path("presswork-site"),
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name each address that leads on, and where to.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make of a blog of another tool a folder for `sync`: its posts, settings and addresses.

    TOOL is `hexo`, `jekyll`, `hugo`, `pelican`, `wordpress` or `ghost`. Posts keep their bytes, but
    for lines that say where one stands, and whose it is; those of an export are written as HTML.
    Every address that readers know is kept or leads on where it can. The receipt counts them, and
    names what is lost, what is left as text, and each file that did not come.

    Nothing of the blog is run, and nothing in its folder is changed.

    Exit codes: 0 fine, 1 a post is rejected or waits, 2 PATH is no such blog or DIR is not empty.
    """
    from functools import partial

    from presswork_cli.moving import importing
    from presswork_cli.printing import show_import

    wishes = importing.Wishes(tool, source, out, dry_run=dry_run)
    answer = importing.import_blog(wishes, utc_now(), terminal.reading)
    terminal.tell(answer, partial(show_import.receipt, verbose=verbose), as_json=as_json)
    raise typer.Exit(importing.exit_code(answer))
