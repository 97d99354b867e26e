"""`presswork webhook`: the commands about sources of posts from outside.

Each loads what it works with when it runs, as those of `operate` do.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.options import Json, Timeout, Yes
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target

webhook = typer.Typer(
    name="webhook",
    help="The sources that post over HTTP, each with secrets of its own.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its name, such as `ci`: the end of its URL.")
]


@webhook.command("add")
def add_source(context: typer.Context, source: Source, as_json: Json = False) -> None:
    """Make a source. Its URL and its secret are printed, this once.

    So are lines for a shell that send a first post with curl. What its posts may have of the site,
    `sources` in site.yaml says.
    """
    from presswork_cli.printing import show_webhook
    from presswork_cli.webhook import sources

    target: Target = context.obj
    answer = sources.add(target.connect(), source)
    terminal.tell(answer, show_webhook.added, as_json=as_json)


@webhook.command("rotate")
def rotate_secret(
    context: typer.Context,
    source: Source,
    *,
    drop_old: Annotated[
        bool,
        typer.Option(
            "--drop-old/--keep",
            help="Make no new secret: leave the newest alone good. By default all old ones stay.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a source a new secret. The old ones stay good until `--drop-old`.

    So nothing is refused while whoever sends is given the new one. If the old one is known to
    others, give both commands at once.
    """
    from presswork_cli.printing import show_webhook
    from presswork_cli.webhook import sources

    target: Target = context.obj
    change = sources.drop_old if drop_old else sources.rotate
    answer = change(target.connect(), source)
    terminal.tell(answer, show_webhook.rotated, as_json=as_json)


@webhook.command("remove")
def remove_source(
    context: typer.Context, source: Source, *, yes: Yes = False, as_json: Json = False
) -> None:
    """Take a source away, with its secrets. What it sent stays published."""
    from presswork_cli.printing import show_webhook
    from presswork_cli.webhook import sources

    target: Target = context.obj
    stack = target.connect()
    posts = sources.posts_of(stack, source)
    if not yes:
        typer.confirm(
            f"Whoever sends as {source} is refused from then on; "
            f"{show_webhook.stays(source, posts)}. Remove it?",
            abort=True,
            err=True,
        )
    answer = sources.remove(stack, source, posts)
    terminal.tell(answer, show_webhook.removed, as_json=as_json)


@webhook.command("list")
def list_sources(context: typer.Context, as_json: Json = False) -> None:
    """Say which sources there are, since when, and with how many secrets.

    No secret is shown.
    """
    from presswork_cli.printing import show_webhook
    from presswork_cli.webhook import sources

    target: Target = context.obj
    terminal.tell(sources.sources(target.connect()), show_webhook.listed, as_json=as_json)


@webhook.command("send")
def send_post(
    context: typer.Context,
    source: Source,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The post, Markdown or HTML.")],
    *,
    key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Its key below the source's folder; else FILE's name."),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the post; FILE need not be there any more.")
    ] = False,
    stdin: Annotated[
        bool,
        typer.Option(
            "--stdin", help="Sign with a secret from standard input, not with the newest."
        ),
    ] = False,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Send a post as a source does, and follow it to its page.

    It goes over HTTP, signed, and its status URL is asked what became of it. The answer is that of
    `publish`: the address of the post, or what is wrong with it.
    """
    from presswork_cli.operate import publish, secret
    from presswork_cli.printing import show
    from presswork_cli.printing.answers import PublishAnswer
    from presswork_cli.webhook import sending, sources

    document = (sending.deleting if delete else sending.replacing)(file, key)
    signs = secret.checked(typer.get_text_stream("stdin").read()) if stdin else None
    target: Target = context.obj
    stack = target.connect()
    sender = sending.Sender(
        sources.url(stack, source), signs or sources.newest_secret(stack, source)
    )
    post = sender.send(file, document, timeout=timeout)
    answer = PublishAnswer(site=stack.outputs.SiteUrl, posts=(post,))
    terminal.tell(answer, show.outcome, as_json=as_json)
    raise typer.Exit(publish.exit_code(answer.posts))
