"""`presswork local`: the commands about the cloud on this machine."""

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from presswork.errors import Rejected
from presswork.imaging import Network
from presswork_cli.failure import Exit, Failure, no_cloud
from presswork_cli.keys import published_key
from presswork_cli.local import deployment, emulator, sam_local
from presswork_cli.local.deployment import Options
from presswork_cli.local.layout import Layout
from presswork_cli.operate import publish
from presswork_cli.operate.commands import add_to
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import STACK, Cloud, connect
from presswork_cli.operate.status import status_of
from presswork_cli.printing import show, terminal
from presswork_cli.printing.answers import Outputs, PublishAnswer, StatusAnswer

local = typer.Typer(
    name="local",
    help="""The whole of Presswork on this machine: no AWS account, no Docker.

    `presswork local up` starts an emulated cloud on loopback, and deploys into it the same
    `template.yaml` that AWS gets, with IAM enforced. `publish` uploads posts and follows them until
    they are live; `down` stops the cloud and keeps what it holds.

    Exit codes: 0 fine, 1 something was rejected, 2 wrong usage or an unreadable file, 3 no cloud,
    or not finished in time. With `--json`, standard output carries JSON and nothing else.
    """,
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="How long to follow before giving up.")
]


@local.callback()
def _choose_state(
    context: typer.Context,
    state: Annotated[
        Path | None,
        typer.Option(
            envvar="PRESSWORK_STATE",
            metavar="DIR",
            help="The folder for what the cloud holds and for its logs; each folder is a cloud of "
            "its own. By default `.presswork/` in the repository.",
        ),
    ] = None,
) -> None:
    context.obj = Layout() if state is None else Layout(state=state.resolve())


@local.command()
def up(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help=f"The port on loopback. By default {emulator.DEFAULT_PORT}, or a free one when "
            "that is taken; a port given here is used or refused.",
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
    """Start the cloud, build and deploy Presswork into it, and print the address of the site.

    Run it again to deploy what changed in the repository, or other options: options not given are
    unset. Published posts stay. The first run builds the functions, which takes a minute; later
    ones take seconds.
    """
    layout: Layout = context.obj
    options = Options(connect_to=tuple(connect_to or ()), hook=hook)
    try:
        Network.of(",".join(options.connect_to))
    except Rejected as rejected:
        raise Failure(f"{rejected.message} {rejected.fix}", Exit.USAGE) from rejected
    with emulator.alone(layout):
        cloud = start(layout, options, port)
    answer = status_of(cloud, cloud.record.endpoint, emulator.REGION)
    if as_json:
        terminal.json(answer)
        return
    show.status(answer, str(layout.log("cloud").parent))
    terminal.results.print("\nNext: presswork local publish examples/posts/*", markup=False)


def start(layout: Layout, options: Options, port: int | None = None) -> Cloud:
    """Starts the cloud unless it runs, and deploys into it."""
    record = emulator.running(layout)
    if record is None:
        if emulator.was_cut_off(layout):
            terminal.say(
                "The cloud was cut off last time, before it could save: what was published since "
                "its start may be gone. `presswork local down --wipe` makes a new beginning."
            )
        record = emulator.start(layout, port)
        terminal.say(f"the cloud runs on {record.endpoint}")
    elif port not in (None, record.port):
        raise Failure(
            f"the local cloud runs on port {record.port}: stop it with `presswork local down` "
            "before it can move to another",
            Exit.USAGE,
        )
    return deployment.deploy(layout, record, options, terminal.say)


@local.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Say whether the cloud runs, and where its site, its webhook and its logs are."""
    layout: Layout = context.obj
    record = emulator.running(layout)
    if record is None:
        if as_json:
            terminal.json(_nothing_runs())
        raise no_cloud()
    answer = status_of(Cloud(record), record.endpoint, emulator.REGION)
    if as_json:
        terminal.json(answer)
    else:
        show.status(answer, str(layout.log("cloud").parent))


@local.command("publish")
def publish_files(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Posts, `site.yaml`, files of `theme/`.")
    ],
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Upload posts, follow each through the stages, and print its address or what is wrong with it.

    A file's key is its path from the last `posts/` or `pages/` in it, else `posts/` and its name; a
    file named `site.yaml` becomes the site's settings, and one in a folder `theme/` a part of its
    theme. A post that is rejected leaves its last good revision live, as do settings and themes.
    """
    drafts = publish.read(files)
    cloud = connect(context.obj)
    journeys = [Journey(draft.file, draft.key) for draft in drafts]
    with show.following(journeys):
        answer = publish.publish(cloud, drafts, journeys, timeout=timeout, passed=show.stage_passed)
    _end(answer, as_json)


@local.command()
def remove(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY|FILE...", help="What to take down.")],
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Delete posts from the bucket, and follow each until its page is gone.

    Readers then get 410 at its address. The bucket keeps the deleted versions.
    """
    cloud = connect(context.obj)
    journeys = [Journey(key, published_key(key)) for key in keys]
    with show.following(journeys):
        answer = publish.remove(cloud, journeys, timeout=timeout, passed=show.stage_passed)
    _end(answer, as_json)


add_to(local, lambda context: connect(context.obj))


@local.command()
def env(
    context: typer.Context,
    credentials: Annotated[
        bool, typer.Option("--credentials", help="Print the cloud's key instead, for `export`.")
    ] = False,
) -> None:
    """Print each function's variables, for `sam local invoke --env-vars` (see docs/sam.md)."""
    cloud = connect(context.obj)
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
    layout: Layout = context.obj
    with emulator.alone(layout):
        record = emulator.running(layout)
        if record is not None:
            emulator.stop(layout, record)
            terminal.say("the cloud is down")
        if wipe:
            shutil.rmtree(layout.data, ignore_errors=True)
            layout.record.unlink(missing_ok=True)
            terminal.say("what it held is deleted")
        elif record is None:
            raise no_cloud()


def _nothing_runs() -> StatusAnswer:
    return StatusAnswer(
        running=False, endpoint="", region=emulator.REGION, stack=STACK, outputs=Outputs()
    )


def _end(answer: PublishAnswer, as_json: bool) -> None:
    if as_json:
        terminal.json(answer)
    else:
        show.outcome(answer)
    raise typer.Exit(publish.exit_code(answer))
