"""The command `presswork`: its wings, the options before the verb, and how it ends."""

import sys
from typing import Annotated

import typer

from presswork import __version__
from presswork.errors import RetryLater
from presswork_cli.cost.commands import cost
from presswork_cli.failure import Exit, Failure, of_aws
from presswork_cli.local.commands import local
from presswork_cli.new.commands import new
from presswork_cli.offline.commands import offline
from presswork_cli.operate.commands import OnAws, operate
from presswork_cli.operate.dead_letter_commands import dead_letters
from presswork_cli.options import STACK
from presswork_cli.printing import terminal
from presswork_cli.recovery.commands import recovery
from presswork_cli.serve.commands import serve
from presswork_cli.sync.commands import sync

app = typer.Typer(
    name="presswork",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"presswork {__version__}")
        raise typer.Exit


@app.callback()
def presswork(
    context: typer.Context,
    *,
    stack: Annotated[
        str,
        typer.Option(
            envvar="PRESSWORK_STACK", metavar="NAME", help="The deployed stack to act on, on AWS."
        ),
    ] = STACK,
    region: Annotated[
        str | None,
        typer.Option(
            envvar="AWS_REGION",
            metavar="REGION",
            help="Its region. By default that of the AWS CLI.",
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback has answered by now
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Presswork turns a bucket into a publication: what you upload is a page seconds later.

    `presswork VERB` acts on the stack deployed on AWS, `presswork local VERB` on the cloud on this
    machine. `new`, `serve`, `check`, `preview` and `build` need no cloud:
    `presswork new site my-blog` is a beginning.
    """
    context.obj = OnAws(stack, region)


app.add_typer(new, name="new")
app.add_typer(serve)
app.add_typer(offline)
app.add_typer(operate)
app.add_typer(cost)
app.add_typer(recovery)
app.add_typer(dead_letters)
app.add_typer(sync)
app.add_typer(local)


def main() -> None:
    """Runs the command; a failure is one message on standard error, and its exit code."""
    try:
        app(prog_name="presswork")
    except Failure as failure:
        terminal.progress.print(f"presswork: {failure.message}", style="red", markup=False)
        sys.exit(failure.code)
    except RetryLater as later:
        terminal.progress.print(f"presswork: not now: {later}", style="red", markup=False)
        sys.exit(Exit.NO_CLOUD)
    except Exception as error:
        refusal = of_aws(error)
        if refusal is None:
            raise
        terminal.progress.print(f"presswork: {refusal.message}", style="red", markup=False)
        sys.exit(refusal.code)
    except KeyboardInterrupt:
        sys.exit(130)
