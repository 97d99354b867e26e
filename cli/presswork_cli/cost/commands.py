"""The command that says what publishing costs."""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.options import Json
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target

cost = typer.Typer()


def tell_cost(
    context: typer.Context,
    *,
    used: Annotated[
        bool, typer.Option("--used", help="What the stack itself used, by its own metrics.")
    ] = False,
    days: Annotated[
        int, typer.Option(min=1, max=455, metavar="DAYS", help="With `--used`: how far back.")
    ] = 30,
    as_json: Json = False,
) -> None:
    """Say what publishing costs.

    A thousand posts, edits or deletes are priced, a month without a post, and a month of sites of
    several sizes: from units that were counted, and AWS's list of prices of us-east-1 on a day that
    is named. No cloud is asked.

    With `--used` the stack is: what CloudWatch tells of its functions, queues, table, buckets and
    logs in the last days, at the same prices. What AWS counts nowhere is named. Nothing is changed.
    """
    from presswork_cli.cost.answer import estimated, measured
    from presswork_cli.printing import show_cost

    target: Target = context.obj
    answer = measured(target.connect(), utc_now(), days) if used else estimated()
    terminal.tell(answer, show_cost.priced, as_json=as_json)


cost.command("cost")(tell_cost)
