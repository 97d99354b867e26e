"""The commands that make a stack on AWS, change it, and take it away.

Each loads what it works with when it runs, as those of `operate` do.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.failure import Exit, Failure
from presswork_cli.options import Json
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.commands import OnAws

deploy = typer.Typer()


@deploy.command("deploy")
def deploy_stack(
    context: typer.Context,
    *,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            metavar="NAME=VALUE",
            help="An answer, which is not asked for then; docs/deploy.md has them all. May be "
            "repeated.",
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Ask nothing: what is not said stays as it is, or as usual."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Deploy to AWS, or bring a stack there to what is here now.

    It asks what it needs to know, and Enter keeps what is shown. It builds, shows what would
    change, and does it once you say yes. Answers are kept in `samconfig.toml` where you are, for
    the next time.

    A first deployment takes some five minutes. It needs the SAM CLI, and the Python that the
    functions run on.
    """
    from presswork_cli.deploy import guided
    from presswork_cli.local.layout import Layout
    from presswork_cli.operate.status import status_of
    from presswork_cli.printing import show_deploy

    target: OnAws = context.obj
    layout = Layout()
    deployment = guided.plan(target, layout, parameter or (), yes=yes)
    stack = deployment.run(layout, yes=yes)
    answer = status_of(stack, stack.endpoint, deployment.sam.region)
    terminal.tell(answer, show_deploy.deployed, as_json=as_json)


@deploy.command("destroy")
def destroy_stack(
    context: typer.Context,
    *,
    with_content: Annotated[
        bool,
        typer.Option(
            "--with-content",
            help="Also delete for good the posts, the originals of images, the table, the secrets.",
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it without asking for the name of the stack.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take the stack on AWS away. The posts stay, unless they are to go too.

    What is lost and what stays is told first, and the name of the stack is asked for.

    A new stack can be made of what stays: docs/runbook.md tells how.
    """
    from presswork_cli.deploy import teardown
    from presswork_cli.deploy.sam_cli import Sam
    from presswork_cli.deploy.template import Template
    from presswork_cli.local.layout import Layout
    from presswork_cli.printing import show_deploy

    target: OnAws = context.obj
    layout = Layout()
    stack = target.connect()
    region = stack.client("cloudformation").meta.region_name
    _ = stack.description  # raises where there is none
    sam = Sam.found(layout, region, target.profile, target.endpoint)
    left = teardown.survivors(stack, Template.read(layout.template))
    kept = {id: each.name for id, each in left.items() if id not in teardown.MADE_AGAIN}
    show_deploy.doomed(stack.name, region, {} if with_content else kept)
    if not yes:
        typed = typer.prompt("The name of the stack", err=True)
        if typed != stack.name:
            raise Failure(f"nothing was deleted: {typed} is not {stack.name}", Exit.USAGE)
    answer = teardown.destroy(stack, sam, left, with_content=with_content)
    terminal.tell(answer, show_deploy.destroyed, as_json=as_json)
