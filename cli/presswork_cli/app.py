"""The command `presswork`: what it is asked, and how it ends."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from presswork.clock import utc_now
from presswork_cli.failure import Exit, Failure
from presswork_cli.offline import check
from presswork_cli.printing import check_report, terminal

_OPERATING = ("status", "explain", "images", "heal", "verify", "rebuild", "takedown")


class _Commands(TyperGroup):
    """The cloud's commands are loaded when they are asked for: boto3 takes half a second."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_OPERATING, "local"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in _OPERATING:
            from presswork_cli.operate.commands import operate  # noqa: PLC0415

            return typer.main.get_group(operate).get_command(ctx, cmd_name)
        if cmd_name != "local":
            return super().get_command(ctx, cmd_name)
        from presswork_cli.local.commands import local  # noqa: PLC0415

        return typer.main.get_group(local)


app = typer.Typer(
    name="presswork",
    help="Presswork turns a bucket into a publication.",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]


SiteFile = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="FILE",
        help="The settings. By default `site.yaml` beside the `posts/` that a file lies in.",
    ),
]


@app.callback()
def presswork(
    context: typer.Context,
    stack: Annotated[
        str,
        typer.Option(
            envvar="PRESSWORK_STACK", metavar="NAME", help="The deployed stack to act on, on AWS."
        ),
    ] = "presswork",
    region: Annotated[
        str | None,
        typer.Option(
            envvar="AWS_REGION",
            metavar="REGION",
            help="Its region. By default that of the AWS CLI.",
        ),
    ] = None,
) -> None:
    """Presswork turns a bucket into a publication: what you upload is a page seconds later.

    `presswork VERB` acts on the stack deployed on AWS, `presswork local VERB` on the cloud on this
    machine.
    """
    context.obj = (stack, region)


@app.command("check")
def check_files(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE|DIR...", help="Posts, or folders of posts.")
    ],
    settings: SiteFile = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show all that was understood, of every file.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show only what would not be published.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what would become of posts, before they are uploaded. Nothing is changed.

    For each: the title, date and path that were understood; what would be repaired, with its line,
    before and after; or why it would be rejected, as file:line:column, and the way out. Two posts
    that want one path, alias or id are in conflict: one of them would wait. Of 20 files and more
    those that are fine are only counted.

    Hidden files and files that are no posts are skipped. A post without a date has that of its
    file.

    Exit codes: 0 fine, 1 something would be rejected or is in conflict, 2 wrong usage, or something
    cannot be read.
    """
    answer = check.check(paths, settings, utc_now(), terminal.reading)
    if as_json:
        terminal.json(answer)
    else:
        check_report.checked(answer, verbose=verbose, quiet=quiet)
    raise typer.Exit(check.exit_code(answer))


@app.command("preview")
def preview_post(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A post.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder to write to. By default a temporary one."),
    ] = None,
    settings: SiteFile = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    as_json: Json = False,
) -> None:
    """Make the page of one post, to look at it in a browser before it is uploaded.

    The page is that of the site, with its theme; it opens from the folder, without a server. A
    draft is shown like any post. Images and files beside the post come along. Nothing is fetched: a
    remote image is a note with its text, as on a site that has yet to bring it home.

    Exit codes: 0 fine, 1 the post would be rejected, 2 wrong usage, or something that cannot be
    read or written.
    """
    from presswork_cli.offline import preview  # noqa: PLC0415  it makes images; `check` does not

    answer = preview.preview(file, out, settings)
    if as_json:
        terminal.json(answer)
    else:
        check_report.previewed(answer)
    if open_it and answer.page:
        typer.launch(Path(answer.page).absolute().as_uri())
    raise typer.Exit(Exit.REJECTED if answer.error is not None else Exit.FINE)


@app.command("build")
def build_site(
    *,
    source: Annotated[Path, typer.Argument(metavar="DIR", help="The content folder.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to build the site into.")],
    settings: Annotated[
        Path | None,
        typer.Option(
            "--site", metavar="FILE", help="The settings. By default `site.yaml` in the folder."
        ),
    ] = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="The site's address, whatever the settings say.")
    ] = "",
    vault: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A copy of VaultBucket, made by `aws s3 sync`: its originals are the remote "
            "images. Without it each is a note, as on a site that waits for them.",
        ),
    ] = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove files of OUT that are not of the site.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Build the whole site of a content folder, without any cloud.

    DIR is what the content bucket holds: `posts/`, `static/`, `site.yaml`. What is rejected is told
    with file, line and cure, and left out. Of two posts that want one path, alias or id the first
    by key has it; the other is told and left out.

    Images beside a post are made ready for pages. A former path of `aliases` is a page that leads
    on. A post without a date has that of its file.

    Exit codes: 0 fine, 1 something was rejected or left out, 2 wrong usage, or something that
    cannot be read or written.
    """
    from presswork_cli.offline import build  # noqa: PLC0415  it makes images; `check` does not
    from presswork_cli.printing import reports  # noqa: PLC0415  it makes images; `check` does not

    wish = build.Wish(
        source=source,
        out=out,
        now=utc_now(),
        settings=settings,
        base_url=build.check_base_url(base_url),
        vault=vault,
        clean=clean,
    )
    answer = build.build(wish, terminal.reading)
    if as_json:
        terminal.json(answer)
    else:
        reports.built(answer)
    raise typer.Exit(build.exit_code(answer))


def main() -> None:
    """Runs the command; a failure is one message on standard error, and its exit code."""
    try:
        app()
    except Failure as failure:
        terminal.progress.print(f"presswork: {failure.message}", style="red", markup=False)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(130)
