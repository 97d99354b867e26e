"""The commands of an operator, about a stack on AWS or on this machine.

Each loads what it works with when it runs: boto3 takes half a second, for which help, completion
and the commands without a cloud do not wait.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.failure import Exit
from presswork_cli.operate.log_commands import show_logs
from presswork_cli.operate.publish_commands import open_page, publish_files, remove_files
from presswork_cli.options import Json, Patience, Timeout
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.stack import Stack
    from presswork_cli.operate.target import Target


@dataclass(frozen=True)
class OnAws:
    """A stack on AWS, as far as it was named; `samconfig.toml` says the rest, or nobody."""

    name: str | None = None
    region: str | None = None
    profile: str | None = None
    endpoint: str | None = None

    def connect(self, given: str | Path | None = None) -> "Stack":  # noqa: ARG002 - no site's own
        """The stack, reached with the caller's own rights."""
        from presswork_cli.operate import samconfig
        from presswork_cli.operate.stack import Deployed

        saved = samconfig.nearest(Path.cwd())
        if self.name not in (None, saved.stack):
            saved = samconfig.Saved()
        return Deployed(
            self.name or saved.stack,
            self.region or saved.region,
            self.profile or saved.profile,
            self.endpoint,
        )


class State(StrEnum):
    """The states of an image that is not at home."""

    OWED = "owed"
    LOST = "lost"
    REFUSED = "refused"


OfPost = Annotated[
    str | None,
    typer.Option("--of", metavar="POST", help="Of this post alone: its file, key or id."),
]
PostName = Annotated[str, typer.Argument(metavar="POST", help="Its file, key or id.")]
STATES = "owed (waiting to be fetched again), lost (given up) or refused (a rule forbids it)"

operate = typer.Typer()


@operate.command("status")
def tell_status(context: typer.Context, as_json: Json = False) -> None:
    """Say where the stack is, and what is broken.

    How far a backfill of all posts has come is told, too.

    A broken `site.yaml`, or a broken theme, is told with file, line and cure: the last good one is
    in force instead.
    """
    from presswork_cli.operate.status import status_of
    from presswork_cli.printing import show

    target: Target = context.obj
    stack = target.connect()
    answer = status_of(stack, stack.endpoint, stack.client("s3").meta.region_name)
    terminal.tell(answer, show.status, as_json=as_json)


def examine_stack(context: typer.Context, as_json: Json = False) -> None:
    """Say whether account and stack are fit to publish. What is not comes with its cure.

    It looks at how many functions the account may run at once, how the newest deployment ended,
    whether SES sends from the sender and to its receivers, and at the secret of the hook.

    Nothing is changed, and no check keeps another from being made. Exit code 1 when one failed;
    what is merely warned of works.
    """
    from presswork_cli.operate.doctor import examine
    from presswork_cli.printing import show

    target: Target = context.obj
    answer = examine(target.connect())
    terminal.tell(answer, show.examined, as_json=as_json)
    raise typer.Exit(Exit.FINE if answer.is_fine else Exit.REJECTED)


def explain_post(context: typer.Context, post: PostName, as_json: Json = False) -> None:
    """Say why a post is as it is.

    Its source, its paths, its images, its lists and its objects are told.

    All of it is read from the state of the stack, and nothing is changed. Each object of the site
    that comes of the post is made anew on this machine and compared. Exit code 1 when one is not as
    it should be, or the post is rejected or waits.
    """
    from presswork_cli.operate import explain
    from presswork_cli.printing import show_receipt

    target: Target = context.obj
    answer = explain.explain(target.connect(post), post)
    terminal.tell(answer, show_receipt.explained, as_json=as_json)
    raise typer.Exit(explain.exit_code(answer))


def list_images(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help=f"Only those that are {STATES}.")] = None,
    post: OfPost = None,
    as_json: Json = False,
) -> None:
    """List the images that are not at home. Each has its reason and who wants it.

    An image is rehosted (at home), owed (waiting to be fetched again), lost (given up: its origin
    said twice, a day apart, that it has it no more, or eight tries were in vain) or refused (a rule
    forbids it). With `--of` all images of one post are listed.
    """
    from presswork_cli.operate import images
    from presswork_cli.printing import show

    target: Target = context.obj
    answer = images.find(target.connect(post), state and state.value, post)
    terminal.tell(answer, show.images, as_json=as_json)


def heal_images(
    context: typer.Context,
    *,
    state: Annotated[State, typer.Option(help=f"Which ones to ask for: {STATES}.")] = State.OWED,
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh",
            help="Ask the origins of images that are at home whether they changed, instead.",
        ),
    ] = False,
    post: OfPost = None,
    timeout: Timeout = 120.0,
    as_json: Json = False,
) -> None:
    """Fetch images now that are waiting. Otherwise each is fetched again at its time.

    Posts whose image comes home are made again, and nobody is told anew. The answer is what became
    of each image. Exit code 3 when not all were tried in time; they still will be.

    With `--refresh` an image that changed at its origin replaces the one at home; one that did not,
    or is not there any more, stays as it is.
    """
    from presswork_cli.operate import images
    from presswork_cli.printing import show

    target: Target = context.obj
    stack = target.connect(post)
    if refresh:
        answer, done = images.refresh(stack, post, timeout=timeout)
    else:
        answer, done = images.heal(stack, state.value, post, timeout=timeout)
    terminal.tell(answer, show.images, as_json=as_json)
    if not done:
        raise typer.Exit(Exit.NO_CLOUD)


def verify_site(context: typer.Context, as_json: Json = False) -> None:
    """Hold the whole site against the content. What differs is told.

    Every page, list and feed is made anew on this machine and compared; nothing is changed. It
    reads the whole stack. Exit code 1 when something differs.
    """
    from presswork_cli.operate.verify import verify
    from presswork_cli.printing import show

    target: Target = context.obj
    answer = verify(target.connect(), utc_now())
    terminal.tell(answer, show.verified, as_json=as_json)
    raise typer.Exit(Exit.FINE if answer.is_fine else Exit.REJECTED)


def rebuild_site(context: typer.Context, timeout: Timeout = 3600.0, as_json: Json = False) -> None:
    """Make the whole site again.

    It comes of posts, originals of images, and the table's promises.

    Every page, list, feed, image and stub, also where the site's bucket was emptied; what is as it
    should be is not written again, nothing is fetched from elsewhere, and nobody is told.

    The work goes page by page through the queues for bulk work, and goes on when this command is
    ended: given again, it follows the rebuild that has not ended. Exit code 3 when it has not ended
    in time.
    """
    from presswork_cli.operate.rebuild import rebuild
    from presswork_cli.printing import show

    target: Target = context.obj
    stack = target.connect()
    with show.rebuilding() as watch:
        answer = rebuild(stack, timeout=timeout, watch=watch)
    terminal.tell(answer, show.rebuilt, as_json=as_json)
    raise typer.Exit(Exit.FINE if answer.done else Exit.NO_CLOUD)


def take_down(
    context: typer.Context,
    post: PostName,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget",
            help="Also delete for good the originals in the vault that no other post shows.",
        ),
    ] = False,
    timeout: Patience = 60.0,
    as_json: Json = False,
) -> None:
    """Take a post off the site at once.

    The images that it alone shows go with it.

    Its file is deleted, its address answers 410, and its media are gone without the two days that
    unused media stay otherwise. The content bucket keeps the versions of the file. The vault keeps
    the originals of the images, unless they are to be forgotten.
    """
    from presswork_cli.operate import images, publish
    from presswork_cli.operate.follow import Journey
    from presswork_cli.operate.takedown import takedown
    from presswork_cli.printing import show

    target: Target = context.obj
    stack = target.connect(post)
    journey = Journey(post, images.key_of_post(stack, post))
    with show.following([journey]):
        answer = takedown(stack, journey, forget=forget, timeout=timeout)
    terminal.tell(answer, show.taken_down, as_json=as_json)
    raise typer.Exit(publish.exit_code([answer.post]))


def add_to(app: typer.Typer) -> None:
    """Adds the verbs that stacks on AWS and on this machine have in common."""
    for name, verb in (
        ("publish", publish_files),
        ("remove", remove_files),
        ("open", open_page),
        ("doctor", examine_stack),
        ("logs", show_logs),
        ("explain", explain_post),
        ("images", list_images),
        ("heal", heal_images),
        ("verify", verify_site),
        ("rebuild", rebuild_site),
        ("takedown", take_down),
    ):
        app.command(name)(verb)


add_to(operate)
