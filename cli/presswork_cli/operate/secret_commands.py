"""`presswork secret`: the commands about secrets.

Each loads what it works with when it runs, as those of `commands` do.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.options import Json, Yes
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target

secret = typer.Typer(
    name="secret",
    help="The secrets that posts from outside and outbound hooks are signed with.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@secret.callback()
def _secret() -> None:
    """The secrets that posts from outside and outbound hooks are signed with."""


@secret.command("set")
def set_secret(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="`hook` for what HookUrl receives, else a source of posts such as `default`.",
        ),
    ],
    *,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input; else one is made.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Set a secret. One that is made is printed, this once.

    It is kept as a SecureString of SSM, and in force at once. It is never part of the command
    line, where a shell and other users of the machine would see it.
    """
    from presswork_cli.operate import secret as of
    from presswork_cli.printing import show_secret
    from presswork_cli.printing.answers import SecretAnswer

    value = of.checked(typer.get_text_stream("stdin").read()) if stdin else of.made()
    target: Target = context.obj
    stack = target.connect()
    parameter = of.parameter(stack, name)
    replaced = of.exists(stack, parameter)
    if replaced and not (yes or stdin):
        typer.confirm(
            f"{parameter} is there: who signs with it is refused until they have the new one. "
            "Replace it?",
            abort=True,
            err=True,
        )
    of.put(stack, parameter, value)
    answer = SecretAnswer(
        name=name, parameter=parameter, replaced=replaced, secret=None if stdin else value
    )
    terminal.tell(answer, show_secret.kept, as_json=as_json)
