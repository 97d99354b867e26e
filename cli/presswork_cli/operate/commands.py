"""What an operator asks of a stack, on AWS or on this machine."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from presswork.clock import utc_now
from presswork_cli.failure import Exit
from presswork_cli.operate import explain, images, publish, rebuild, takedown, verify
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import Deployed, Stack
from presswork_cli.operate.status import status_of
from presswork_cli.printing import show, show_receipt, terminal
from presswork_cli.printing.answers import ImagesAnswer, PublishAnswer, TakedownAnswer

Connect = Callable[[typer.Context], Stack]

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="How long to follow before giving up.")
]


class State(StrEnum):
    """The states of an image that is not at home."""

    OWED = "owed"
    LOST = "lost"
    REFUSED = "refused"


Of = Annotated[
    str | None,
    typer.Option("--of", metavar="POST", help="Of this post alone: its file, key or id."),
]
STATES = "owed (waiting to be fetched again), lost (given up) or refused (a rule forbids it)"


def add_to(app: typer.Typer, connect: Connect) -> None:
    """Adds the verbs to a group of commands that act on what `connect` gives."""
    _add_of_images(app, connect)
    _add_of_the_site(app, connect)
    _add_of_a_post(app, connect)


def _add_of_images(app: typer.Typer, connect: Connect) -> None:
    @app.command("images")
    def list_images(
        context: typer.Context,
        state: Annotated[State | None, typer.Option(help=f"Only those that are {STATES}.")] = None,
        of: Of = None,
        as_json: Json = False,
    ) -> None:
        """List the images that are not at home, with the reason and who wants them.

        An image is rehosted (at home), owed (waiting to be fetched again), lost (given up: its
        origin said twice, a day apart, that it has it no more, or eight tries were in vain) or
        refused (a rule forbids it). With `--of` all images of one post are listed.
        """
        _end(images.find(connect(context), state and state.value, of), as_json)

    @app.command("heal")
    def heal_images(
        context: typer.Context,
        *,
        state: Annotated[
            State, typer.Option(help=f"Which ones to ask for: {STATES}.")
        ] = State.OWED,
        refresh: Annotated[
            bool,
            typer.Option(
                "--refresh",
                help="Ask the origins of images that are at home whether they changed, instead.",
            ),
        ] = False,
        of: Of = None,
        timeout: Timeout = 120.0,
        as_json: Json = False,
    ) -> None:
        """Fetch images that are waiting to be fetched again now, instead of at their time.

        Posts whose image comes home are made again, and nobody is told anew. The answer is what
        became of each image. Exit code 3 when not all were tried in time; they still will be. With
        `--refresh` an image that changed at its origin replaces the one at home; one that did not,
        or is not there any more, stays as it is.
        """
        stack = connect(context)
        if refresh:
            answer, done = images.refresh(stack, of, timeout=timeout)
        else:
            answer, done = images.heal(stack, state.value, of, timeout=timeout)
        _end(answer, as_json)
        if not done:
            raise typer.Exit(Exit.NO_CLOUD)


def _add_of_the_site(app: typer.Typer, connect: Connect) -> None:
    @app.command("verify")
    def verify_site(context: typer.Context, as_json: Json = False) -> None:
        """Hold the whole site against what the content calls for, and say what differs.

        Every page, list and feed is made anew on this machine and compared; nothing is changed.
        It reads the whole stack. Exit code 1 when something differs.
        """
        stack = connect(context)
        answer = verify.verify(stack, utc_now())
        if as_json:
            terminal.json(answer)
        else:
            show.verified(answer)
        raise typer.Exit(Exit.FINE if answer.is_fine else Exit.REJECTED)

    @app.command("rebuild")
    def rebuild_site(
        context: typer.Context, timeout: Timeout = 3600.0, as_json: Json = False
    ) -> None:
        """Make the whole site again from posts, originals of images, and the table's promises.

        Every page, list, feed, image and stub, also where the site's bucket was emptied; what is as
        it should be is not written again, nothing is fetched from elsewhere, and nobody is told.
        The work goes page by page through the queues for bulk work, and goes on when this command
        is ended: given again, it follows the rebuild that has not ended. Exit code 3 when it has
        not ended in time.
        """
        stack = connect(context)
        with show.rebuilding() as watch:
            answer = rebuild.rebuild(stack, timeout=timeout, watch=watch)
        if as_json:
            terminal.json(answer)
        else:
            show.rebuilt(answer)
        raise typer.Exit(Exit.FINE if answer.done else Exit.NO_CLOUD)


def _add_of_a_post(app: typer.Typer, connect: Connect) -> None:
    @app.command("explain")
    def explain_post(
        context: typer.Context,
        post: Annotated[str, typer.Argument(metavar="POST", help="Its file, key or id.")],
        as_json: Json = False,
    ) -> None:
        """Say why a post is as it is: its source, its paths, its images, its lists, its objects.

        All of it is read from the state of the stack, and nothing is changed. Each object of the
        site that comes of the post is made anew on this machine and compared. Exit code 1 when one
        is not as it should be, or the post is rejected or waits.
        """
        answer = explain.explain(connect(context), post)
        if as_json:
            terminal.json(answer)
        else:
            show_receipt.explained(answer)
        raise typer.Exit(explain.exit_code(answer))

    @app.command("takedown")
    def take_down(
        context: typer.Context,
        post: Annotated[str, typer.Argument(metavar="POST", help="Its file, key or id.")],
        forget: Annotated[
            bool,
            typer.Option(
                "--forget",
                help="Also delete for good the originals in the vault that no other post shows.",
            ),
        ] = False,
        timeout: Timeout = 60.0,
        as_json: Json = False,
    ) -> None:
        """Take a post off the site at once, with the images that it alone shows.

        Its file is deleted, its address answers 410, and its media are gone without the two days
        that unused media stay otherwise. The content bucket keeps the versions of the file. The
        vault keeps the originals of the images, unless they are to be forgotten.
        """
        stack = connect(context)
        key = images.key_of_post(stack, post)
        journey = Journey(post, key)
        with show.following([journey]):
            answer = takedown.takedown(stack, journey, forget=forget, timeout=timeout)
        if as_json:
            terminal.json(answer)
        else:
            _told(answer)
        whole = PublishAnswer(site=stack.outputs.SiteUrl, posts=(answer.post,))
        raise typer.Exit(publish.exit_code(whole))


operate = typer.Typer()
add_to(operate, lambda context: Deployed(*context.obj))


@operate.command("status")
def tell_status(context: typer.Context, as_json: Json = False) -> None:
    """Say where the stack is, how far a backfill of all posts has come, and what is broken.

    A broken `site.yaml`, or a broken theme, is told with file, line and cure: the last good one is
    in force instead.
    """
    stack = Deployed(*context.obj)
    answer = status_of(stack, "", stack.client("s3").meta.region_name)
    if as_json:
        terminal.json(answer)
    else:
        show.status(answer)


def _end(answer: ImagesAnswer, as_json: bool) -> None:
    if as_json:
        terminal.json(answer)
        return
    if not answer.images:
        terminal.results.print("every image is at home")
        return
    for image in answer.images:
        terminal.results.print(terminal.headline(image.state, image.url))
        told = [
            f"next try {image.next_try:%Y-%m-%d %H:%M} UTC" if image.next_try else "",
            f"visited {image.visited:%Y-%m-%d %H:%M} UTC" if image.visited else "",
            f"since {image.since:%Y-%m-%d}" if image.since else "",
            image.reason or "",
            f"wanted by {', '.join(image.posts)}" if image.posts else "",
        ]
        for line in filter(None, told):
            terminal.results.print(Text(f"          {terminal.visible(line)}", style="dim"))


def _told(answer: TakedownAnswer) -> None:
    terminal.results.print(f"{answer.post.status:9} {answer.post.key}", markup=False)
    for words, hashes in (
        ("media deleted", answer.deleted),
        ("media kept, as other posts show them", answer.kept),
        ("originals deleted for good", answer.forgotten),
    ):
        if hashes:
            terminal.results.print(f"          {words}: {len(hashes)}", markup=False)
