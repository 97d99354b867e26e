"""The commands that need no cloud: what they are asked, and how they end.

Each loads what it works with when it runs: help and completion wait for no parser and no theme.
"""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.failure import Exit, Failure
from presswork_cli.options import Json
from presswork_cli.printing import terminal

offline = typer.Typer()

SiteFile = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="FILE",
        help="The settings. By default `site.yaml` beside the `posts/` that a file lies in.",
    ),
]

SiteFileOfFolder = Annotated[
    Path | None,
    typer.Option(
        "--site", metavar="FILE", help="The settings. By default `site.yaml` in the folder."
    ),
]

Vault = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A copy of VaultBucket, made by `aws s3 sync`: its originals are the remote "
        "images. Without it each is a note, as on a site that waits for them.",
    ),
]

CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="Where to remember the build, so that the next one makes only what has changed. "
        "By default among the caches of your user.",
    ),
]


class OutputFormat(StrEnum):
    """Who reads what `check` says."""

    TEXT = "text"
    GITHUB = "github"
    GITLAB = "gitlab"


Strict = Annotated[bool, typer.Option("--strict", help="Take a warning for an error: exit 1.")]


@offline.command("check")
def check_files(  # noqa: PLR0917 - Typer calls it by name
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE|DIR...", help="Posts, or folders of posts.")
    ] = [Path()],  # noqa: B006 - Typer wants a list, and nobody changes it
    settings: SiteFile = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show all that was understood, of every file.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show only what is an error.")
    ] = False,
    strict: Strict = False,
    output_format: Annotated[
        OutputFormat,
        typer.Option(
            help="`github` adds annotations and a summary of the job, `gitlab` is a Code Quality "
            "report. With `--verbose` both tell of repairs, too."
        ),
    ] = OutputFormat.TEXT,
    as_json: Json = False,
) -> None:
    """Say what would become of posts. Nothing is uploaded, and nothing is changed.

    For each: the title, date and path that were understood; what would be repaired, with its line,
    before and after; what readers would not see as it was meant, with its line and cure; or why it
    would be rejected, as file:line:column, and the way out. Two posts that want one path, alias or
    id are in conflict: one of them would wait. Of 20 files and more those that are fine are only
    counted.

    Hidden files and files that are no posts are skipped. A post without a date has that of its
    file.

    Exit codes: 0 fine, 1 something would be rejected or is in conflict, 2 wrong usage, or something
    cannot be read. With `--strict` a warning is a 1 as well.
    """
    from presswork_cli.offline import check
    from presswork_cli.printing import check_report

    if as_json and output_format is not OutputFormat.TEXT:
        raise Failure("--json is a format by itself: leave --output-format away", Exit.USAGE)
    answer = check.check(paths, settings, utc_now(), terminal.reading)
    report = partial(
        check_report.told[output_format.value], verbose=verbose, quiet=quiet, strict=strict
    )
    terminal.tell(answer, report, as_json=as_json)
    raise typer.Exit(check.exit_code(answer, strict=strict))


@offline.command("preview")
def preview_post(  # noqa: PLR0917 - Typer calls it by name
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A post.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder to write to. By default a temporary one."),
    ] = None,
    settings: SiteFile = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Make the page of one post. A browser shows it before the post is uploaded.

    The page is that of the site, with its theme; it opens from the folder, without a server. A
    draft is shown like any post. Images and files beside the post come along. Nothing is fetched: a
    remote image is a note with its text, as on a site that has yet to bring it home.

    Exit codes: 0 fine, 1 the post would be rejected, 2 wrong usage, or something that cannot be
    read or written. With `--strict` a warning is a 1 as well.
    """
    from presswork_cli.offline import preview
    from presswork_cli.printing import check_report

    answer = preview.preview(file, out, settings)
    terminal.tell(answer, check_report.previewed, as_json=as_json)
    if open_it and answer.page:
        typer.launch(Path(answer.page).absolute().as_uri())
    unfit = answer.error is not None or (strict and answer.warnings)
    raise typer.Exit(Exit.REJECTED if unfit else Exit.FINE)


@offline.command("build")
def build_site(
    *,
    source: Annotated[Path, typer.Argument(metavar="DIR", help="The content folder.")] = Path(),
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to build the site into.")],
    settings: SiteFileOfFolder = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="The site's address, whatever the settings say.")
    ] = "",
    vault: Vault = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove files of OUT that are not of the site.")
    ] = False,
    cache: CacheFolder = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Remember nothing.")] = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Build the whole site of a content folder. No cloud is needed.

    DIR is what the content bucket holds: `posts/`, `static/`, `site.yaml`. What is rejected is told
    with file, line and cure, and left out. Of two posts that want one path, alias or id the first
    by key has it; the other is told and left out.

    Images beside a post are made ready for pages. A former path of `aliases` is a page that leads
    on. A post without a date has that of its file.

    All cores share the work. A build remembers what it made of what, so that the next one to the
    same OUT makes only what has changed; the site is the same without.

    Exit codes: 0 fine, 1 something was rejected or left out, 2 wrong usage, or something that
    cannot be read or written. With `--strict` a warning is a 1 as well.
    """
    from presswork_cli.offline import at_once, build
    from presswork_cli.offline.cache import default_folder
    from presswork_cli.printing import reports

    options = build.BuildOptions(
        source,
        out,
        utc_now(),
        settings=settings,
        base_url=build.check_base_url(base_url),
        vault=vault,
        clean=clean,
        strict=strict,
        cache=None if no_cache else cache or default_folder(source, out),
    )
    answer = build.build(options, terminal.reading, terminal.say)
    terminal.tell(answer, reports.built, as_json=as_json)
    raise typer.Exit(at_once.exit_code(answer.summary, strict=strict))
