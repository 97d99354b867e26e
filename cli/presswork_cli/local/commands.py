"""`presswork local`: the commands about the cloud on this machine.

Each loads what it works with when it runs, as those of `operate` do.
"""

import json
import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.cost.commands import cost
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.layout import DEFAULT_PORT, Layout, site_of, state_for
from presswork_cli.moving import export_commands
from presswork_cli.operate.commands import add_to
from presswork_cli.operate.dead_letter_commands import dead_letters
from presswork_cli.operate.secret_commands import secret
from presswork_cli.options import STACK, Json
from presswork_cli.printing import terminal
from presswork_cli.printing.answers import Outputs, StatusAnswer
from presswork_cli.recovery import commands as recovery
from presswork_cli.sync import commands as sync
from presswork_cli.webhook.commands import webhook

if TYPE_CHECKING:
    from presswork_cli.local.cloud import Cloud

local = typer.Typer(
    name="local",
    help="""Presswork on this machine. It needs no AWS account and no Docker.

    `presswork local up` starts an emulated cloud on loopback, and deploys into it the same
    `template.yaml` that AWS gets, with IAM enforced. `publish` uploads posts and follows them until
    they are live; `down` stops the cloud and keeps what it holds.

    Exit codes: 0 fine, 1 something was rejected, 2 wrong usage or an unreadable file, 3 no cloud,
    or not finished in time. With `--json`, standard output carries JSON and nothing else.
    """,
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@dataclass(frozen=True)
class OnThisMachine:
    """The local cloud, by where it lies; a state that was named is that of all files."""

    layout: Layout
    is_named: bool = False

    def connect(self, given: str | Path | None = None) -> "Cloud":
        """The cloud that runs; raises Failure when none does."""
        from presswork_cli.local.cloud import connect, connect_beside

        if given is None or self.is_named:
            return connect(self.layout)
        layout = replace(self.layout, state=state_for(given))
        return connect(layout) if layout == self.layout else connect_beside(layout)


@local.callback()
def _choose_state(
    context: typer.Context,
    state: Annotated[
        Path | None,
        typer.Option(
            envvar="PRESSWORK_STATE",
            metavar="DIR",
            help="The folder for what the cloud holds and for its logs; each folder is a cloud of "
            "its own. By default `.presswork/` beside the `site.yaml` at or above the FILE or DIR "
            "that is given, else here or above; where none is, in the repository, or here if "
            "Presswork is installed.",
        ),
    ] = None,
) -> None:
    if state is None:
        context.obj = OnThisMachine(Layout())
    else:
        context.obj = OnThisMachine(Layout(state=state.resolve()), is_named=True)


@local.command()
def up(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help=f"The port on loopback. By default {DEFAULT_PORT}, or a free one when that is "
            "taken; a port given here is used or refused.",
        ),
    ] = None,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST:PORT:ADDR:PORT",
            help="Connect to ADDR:PORT where HOST:PORT is asked for, as curl's option of that name "
            "does, for image fetches and outbound hooks. It is the only way that these reach "
            "loopback. May be repeated.",
        ),
    ] = None,
    hook: Annotated[
        str, typer.Option(metavar="URL", help="Announce each new post here by a signed POST.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Start the cloud, and deploy Presswork there.

    The address of the site is printed.

    Run it again to deploy what changed in the repository, or other options: those not given are
    unset. Published posts stay. The first run builds the functions, which takes a minute; later
    ones take seconds. An installed Presswork also installs the cloud's tools, half a gigabyte.
    """
    from presswork_cli.local import emulator
    from presswork_cli.local.deployment import Options, start

    target: OnThisMachine = context.obj
    options = Options(connect_to=_checked(tuple(connect_to or ())), hook=hook)
    emulator.refuse_taken(target.layout, port)
    with emulator.alone(target.layout):
        cloud = start(target.layout, options, port)
    _tell_status(target.layout, cloud, as_json=as_json)
    if not as_json:
        terminal.results.print(f"\nNext: `presswork local {_next_verb()}`", markup=False)


def _next_verb() -> str:
    """What publishes: the site where one stands, or else some files."""
    here = Path.cwd()
    site = site_of(here)
    return "publish FILE..." if site is None else f"sync {os.path.relpath(site, here)}"


def _checked(connect_to: tuple[str, ...]) -> tuple[str, ...]:
    from presswork.errors import Rejected
    from presswork.imaging import Network

    try:
        Network.of(",".join(connect_to))
    except Rejected as rejected:
        raise Failure(f"{rejected.message} {rejected.fix}", Exit.USAGE) from rejected
    return connect_to


@local.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Say whether the cloud runs. Its site, its webhook and its folder are named."""
    from presswork_cli.local import emulator
    from presswork_cli.local.cloud import Cloud, no_cloud

    target: OnThisMachine = context.obj
    record = emulator.running(target.layout)
    if record is None:
        if as_json:
            terminal.json(_nothing_runs(emulator.REGION))
        raise no_cloud()
    _tell_status(target.layout, Cloud(record), as_json=as_json)


def _tell_status(layout: Layout, cloud: "Cloud", *, as_json: bool) -> None:
    from presswork_cli.local import emulator
    from presswork_cli.operate.status import status_of
    from presswork_cli.printing import show

    answer = status_of(cloud, cloud.record.endpoint, emulator.REGION)
    report = partial(show.status, mail=cloud.record.mailbox, state=str(layout.state))
    terminal.tell(answer, report, as_json=as_json)


def _nothing_runs(region: str) -> StatusAnswer:
    return StatusAnswer(running=False, endpoint="", region=region, stack=STACK, outputs=Outputs())


add_to(local)
recovery.add_to(local)
sync.add_to(local)
export_commands.add_to(local)
local.add_typer(cost)
local.add_typer(dead_letters)
local.add_typer(secret)
local.add_typer(webhook)


@local.command()
def env(
    context: typer.Context,
    credentials: Annotated[
        bool, typer.Option("--credentials", help="Print the cloud's key instead, for `export`.")
    ] = False,
) -> None:
    """Print each function's variables. `sam local invoke --env-vars` takes them: docs/sam.md."""
    from presswork_cli.local import sam_local

    target: OnThisMachine = context.obj
    cloud = target.connect()
    if credentials:
        typer.echo(sam_local.credentials(cloud))
    else:
        typer.echo(json.dumps(sam_local.variables(cloud), indent=2))


@local.command()
def down(
    context: typer.Context,
    wipe: Annotated[
        bool, typer.Option("--wipe", help="Also delete all that the cloud holds.")
    ] = False,
) -> None:
    """Stop the cloud. What it holds is kept for the next `up`."""
    from presswork_cli.local import emulator, rubbish
    from presswork_cli.local.cloud import nothing_to_stop

    target: OnThisMachine = context.obj
    layout = target.layout
    if not wipe and not emulator.was_begun(layout):
        raise nothing_to_stop(layout)
    with emulator.alone(layout):
        record = emulator.running(layout)
        if record is not None:
            emulator.stop(layout, record)
            terminal.say("the cloud is down")
        if wipe:
            rubbish.discard(layout, layout.data)
            layout.record.unlink(missing_ok=True)
            terminal.say("what it held is deleted")
        elif record is None:
            raise nothing_to_stop(layout)
