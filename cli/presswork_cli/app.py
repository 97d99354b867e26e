"""The command `presswork`: its wings, the options before the verb, and how it ends."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from presswork import __version__
from presswork.errors import RetryLater
from presswork_cli.cost.commands import cost
from presswork_cli.deploy.commands import deploy
from presswork_cli.failure import Exit, Failure, NoStack, of_aws
from presswork_cli.local.commands import local
from presswork_cli.moving.commands import moving
from presswork_cli.moving.export_commands import export
from presswork_cli.new.commands import new
from presswork_cli.offline.commands import offline
from presswork_cli.operate.commands import OnAws, operate
from presswork_cli.operate.dead_letter_commands import dead_letters
from presswork_cli.operate.secret_commands import secret
from presswork_cli.printing import terminal
from presswork_cli.recovery.commands import recovery
from presswork_cli.serve.commands import serve
from presswork_cli.sync.commands import sync
from presswork_cli.webhook.commands import webhook


class Anywhere(TyperGroup):
    """The options that say which stack is meant may also stand after the verb.

    `--local` among them makes `presswork VERB` the same as `presswork local VERB`.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As of any group, with these options in front."""
        return super().parse_args(ctx, in_front(args))

    def invoke(self, ctx: Any) -> Any:
        """As of any group; who has no stack on AWS is told of the cloud that runs here."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            failure = error if isinstance(error, Failure) else of_aws(error)
            verb = ctx.invoked_subcommand
            if not isinstance(failure, NoStack) or verb not in self.commands[_LOCAL].commands:  # type: ignore[attr-defined]  # a group
                raise
            from presswork_cli.local.hint import with_local_cloud  # noqa: PLC0415 - boto3

            raise with_local_cloud(failure, verb) from error


_LOCAL = "local"
_WITH_VALUE = frozenset({"--stack", "--region", "--profile", "--endpoint-url"})


def in_front(args: Sequence[str]) -> list[str]:
    """The arguments with the options that name a stack before the verb, and `local` for --local."""
    end = list(args).index("--") if "--" in args else len(args)
    words, rest = iter(args[:end]), [*args[end:]]
    front, verb, local = [], [], []
    for word in words:
        if word == "--local":
            local = [_LOCAL]
        elif word in _WITH_VALUE:
            value = next(words, None)
            front += [word] if value is None else [word, value]
        elif word.partition("=")[0] in _WITH_VALUE:
            front.append(word)
        else:
            verb.append(word)
    return [*front, *local, *verb, *rest]


app = typer.Typer(
    name="presswork",
    cls=Anywhere,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


Stack = Annotated[
    str | None,
    typer.Option(
        envvar="PRESSWORK_STACK",
        metavar="NAME",
        help="The stack to act on. By default that of `samconfig.toml` here, or the one in the "
        "region that is a Presswork.",
    ),
]
Region = Annotated[
    str | None,
    typer.Option(
        envvar="AWS_REGION", metavar="REGION", help="Its region. By default that of the AWS CLI."
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(envvar="AWS_PROFILE", metavar="NAME", help="The profile of the AWS CLI to use."),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        envvar="AWS_ENDPOINT_URL",
        metavar="URL",
        help="Where the services answer, if that is not AWS.",
    ),
]
Local = Annotated[
    bool,
    typer.Option("--local", help="Act on the cloud on this machine, as `presswork local VERB`."),
]


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"presswork {__version__}")
        raise typer.Exit


@app.callback()
def presswork(
    context: typer.Context,
    *,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
    endpoint: Endpoint = None,
    local_cloud: Local = False,  # noqa: ARG001 - `in_front` has made it the verb `local`
    version: Annotated[  # noqa: ARG001 - its callback has answered by now
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Presswork turns a bucket into a publication: what you upload is a page seconds later.

    `presswork VERB` acts on the stack deployed on AWS, `presswork local VERB` on the cloud on this
    machine. The options below may also stand after the verb. `new`, `import`, `serve`, `check`,
    `preview` and `build` need no cloud: `presswork new site my-blog` is a beginning.
    """
    context.obj = OnAws(stack, region, profile, endpoint)


app.add_typer(new, name="new")
app.add_typer(moving)
app.add_typer(serve)
app.add_typer(offline)
app.add_typer(operate)
app.add_typer(deploy)
app.add_typer(cost)
app.add_typer(recovery)
app.add_typer(dead_letters)
app.add_typer(export)
app.add_typer(sync)
app.add_typer(secret)
app.add_typer(webhook)
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
        sys.exit(Exit.INTERRUPTED)
