"""The command that shows what the functions wrote.

It loads what it works with when it runs, as those of `commands` do.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.options import Json
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target


def show_logs(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[POST|STAGE]",
            help="A post by its file, key or id; or webhook, parse, images, render, index, notify, "
            "maintain or status. By default all of these.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="From when on: so long ago, such as 15m, 2h or 3d, or a date. By default an hour "
            "ago; of a post, since its upload.",
        ),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with what is written, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what the functions wrote, of one upload or of a stage.

    Lines of one upload are found by its correlation id, from the first look to the mail.

    With `--follow --json` each line is a JSON object of its own.
    """
    from presswork_cli.operate import logs
    from presswork_cli.printing import show_logs as show

    now = utc_now()
    begun = logs.moment(since, now) if since else None
    target: Target = context.obj
    found = logs.logs(target.connect(name), name, begun, now)
    if not follow:
        terminal.tell(found.read(), show.lines, as_json=as_json)
        return
    with suppress(KeyboardInterrupt):
        for line in found.follow():
            if as_json:
                typer.echo(line.model_dump_json())
            else:
                show.line(line)
