"""`presswork dead-letters`: the commands about messages that no retry could save."""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.failure import Exit, Failure
from presswork_cli.options import Json, Yes
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.dead_letters import DeadLetters
    from presswork_cli.operate.target import Target

dead_letters = typer.Typer(
    name="dead-letters",
    help="""What lies in the dead-letter queues: see it, send it on again, or drop it.

    A message that fails ten times, or cannot be delivered, is kept there for two weeks. Each is a
    hint to look again, so sending one on is always safe.
    """,
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

QueueName = Annotated[
    str, typer.Argument(metavar="QUEUE", help="Its name in the template, such as ParseDeadLetters.")
]
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="[QUEUE]", help="Its name in the template; or all with --all."),
]
All = Annotated[bool, typer.Option("--all", help="All messages, without QUEUE of all queues.")]


def _of(context: typer.Context) -> "DeadLetters":
    from presswork_cli.operate.dead_letters import DeadLetters

    target: Target = context.obj
    return DeadLetters(target.connect())


@dead_letters.command("list")
def list_queues(context: typer.Context, as_json: Json = False) -> None:
    """Say how many messages lie in each dead-letter queue, and since when."""
    from presswork_cli.printing import show_dead_letters

    terminal.tell(_of(context).overview(), show_dead_letters.queues, as_json=as_json)


@dead_letters.command("show")
def show_messages(
    context: typer.Context,
    queue: QueueName,
    limit: Annotated[int, typer.Option(min=1, help="How many messages at most.")] = 10,
    as_json: Json = False,
) -> None:
    """Show the messages of a queue: what each is about, and where it would go.

    They stay where they are.
    """
    from presswork_cli.printing import show_dead_letters

    answer = _of(context).show(queue, limit)
    terminal.tell(answer, show_dead_letters.messages, as_json=as_json)


@dead_letters.command("redrive")
def redrive_messages(
    context: typer.Context,
    queue: OneOrAll = None,
    *,
    every: All = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="This message alone. May be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Send messages on again: to the queue they failed in, or that they were on their way to.

    Give it when the cause is gone. Exit code 1 when one has no such place: it stays, and can be
    dropped.
    """
    from presswork_cli.printing import show_dead_letters

    if (queue is None) is not every:
        raise Failure("give a QUEUE, or --all for all of them", Exit.USAGE)
    answer = _of(context).redrive(queue, only or ())
    terminal.tell(answer, show_dead_letters.redriven, as_json=as_json)
    if any(each.kept for each in answer.queues):
        raise typer.Exit(Exit.REJECTED)


@dead_letters.command("drop")
def drop_messages(
    context: typer.Context,
    queue: QueueName,
    *,
    every: Annotated[bool, typer.Option("--all", help="All messages of the queue.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID", help="This message. May be repeated."),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete messages of a queue for good."""
    from presswork_cli.printing import show_dead_letters

    if bool(only) is every:
        raise Failure("give --id ID for each message to drop, or --all", Exit.USAGE)
    letters = _of(context)
    letters.named(queue)
    if not yes:
        what = "all messages" if every else f"{len(only or ())} of the messages"
        typer.confirm(f"Delete {what} of {queue} for good?", abort=True, err=True)
    answer = letters.drop(queue, only or ())
    terminal.tell(answer, show_dead_letters.dropped, as_json=as_json)
