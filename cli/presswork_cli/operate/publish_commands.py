"""The commands of an author: posts up, posts down.

Each loads what it works with when it runs, as those of `commands` do.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from presswork_cli.options import Json, Patience
from presswork_cli.printing import terminal

if TYPE_CHECKING:
    from presswork_cli.operate.target import Target


def publish_files(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|DIR...", help="Posts, `site.yaml`, files of `theme/`; folders of them."
        ),
    ],
    timeout: Patience = 60.0,
    as_json: Json = False,
) -> None:
    """Upload posts, and follow each to its page.

    The address of each is printed, or what is wrong with it.

    A post brings the files that it shows. A file's key is its path from the last `posts/` or
    `pages/` in it, else `posts/` and its name; a file named `site.yaml` becomes the site's
    settings, one in a folder `theme/` a part of its theme, and one in `static/` or `assets/` keeps
    its place there. Of a folder all is uploaded; `sync` sends what changed. A post that is rejected
    leaves its last good revision live, as do settings and themes.
    """
    from presswork_cli.operate import publish
    from presswork_cli.operate.follow import Journey
    from presswork_cli.printing import show

    drafts = publish.read(files)
    target: Target = context.obj
    stack = target.connect(files[0])
    journeys = [Journey(draft.file, draft.key) for draft in drafts]
    with show.interruptible(journeys), show.following(journeys):
        answer = publish.publish(stack, drafts, journeys, timeout=timeout, passed=show.stage_passed)
    terminal.tell(answer, show.outcome, as_json=as_json)
    raise typer.Exit(publish.exit_code(answer.posts))


def remove_files(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY|FILE...", help="What to take down.")],
    timeout: Patience = 60.0,
    as_json: Json = False,
) -> None:
    """Delete posts, and follow each to its end.

    Readers then get 410 at its address. The bucket keeps the deleted versions.
    """
    from presswork_cli.offline.uploads import upload_key
    from presswork_cli.operate import publish
    from presswork_cli.operate.follow import Journey
    from presswork_cli.printing import show

    target: Target = context.obj
    stack = target.connect(keys[0])
    journeys = [Journey(key, upload_key(key)) for key in keys]
    with show.interruptible(journeys), show.following(journeys):
        answer = publish.remove(stack, journeys, timeout=timeout, passed=show.stage_passed)
    terminal.tell(answer, show.outcome, as_json=as_json)
    raise typer.Exit(publish.exit_code(answer.posts))


def open_page(
    context: typer.Context,
    post: Annotated[
        str | None, typer.Argument(metavar="[POST]", help="Its file, key or id; else the site.")
    ] = None,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the address, and open no browser.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Open the site in a browser, or the page of a post."""
    import webbrowser

    from presswork_cli.operate.address import address
    from presswork_cli.printing.answers import AddressAnswer

    target: Target = context.obj
    url = address(target.connect(post), post)
    if as_json:
        terminal.json(AddressAnswer(url=url))
    elif only_print or not webbrowser.open(url):
        typer.echo(url)
