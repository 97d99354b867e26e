"""The commands that begin something: `presswork new site`, `post` and `theme`."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from presswork.clock import utc_now
from presswork_cli.failure import Exit, Failure
from presswork_cli.printing import terminal

new = typer.Typer(no_args_is_help=True, help="Begin a site, a post of it, or a theme.")


@new.command("site")
def new_site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the site.")],
    title: Annotated[
        str | None,
        typer.Option(help="What the site is called. By default it is asked, or that of DIR."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Add what is missing to a folder that is not empty; nothing is changed."
        ),
    ] = False,
) -> None:
    """Begin a site: its settings, a first post, and what git and editors are told.

    DIR is new, or empty but for hidden files such as `.git`. `site.yaml` holds the title and the
    time zone of this machine; editors with a language server for YAML offer every other setting.

    Exit codes: 0 fine, 2 DIR is not empty or cannot be written.
    """
    from presswork_cli.new import site, zone

    if title is None:
        title = site.title_of(folder)
        if sys.stdin.isatty():
            title = str(typer.prompt("Title of the site", default=title, err=True))
    for path in site.make(folder, title, zone.of_machine(), utc_now(), add=force):
        terminal.results.print(str(path), markup=False)
    terminal.say(f"Now: `presswork serve {shlex.quote(str(folder))}`")


@new.command("post")
def new_post(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title of the post.")],
    slug: Annotated[
        str, typer.Option(help="What the file is called. By default it is made of the title.")
    ] = "",
    tag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="A tag; may be given again.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft/--no-draft", help="Whether readers are not to see it yet.")
    ] = True,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the file in the editor: $VISUAL, or $EDITOR.")
    ] = False,
) -> None:
    """Begin a post in `posts/` of the site that this folder belongs to.

    The file is named by its title, in its own script, and dated now, in the site's time zone. It
    is a draft: `presswork serve --drafts` shows it, and without its line `draft: true` readers see
    it, too. The path of the file is printed. No file is written over.

    Exit codes: 0 fine, 1 `site.yaml` is rejected, 2 there is no site here, or the file is there.
    """
    from presswork_cli.new import post

    editor = _editor() if open_it else []
    asked = post.NewPost(title, slug, tuple(tag or ()), draft)
    path = post.make(asked, Path.cwd(), utc_now())
    terminal.results.print(_from_here(path), markup=False)
    if draft:
        terminal.say("A draft: `presswork serve --drafts` shows it. Take the line out to publish.")
    if editor:
        subprocess.run([*editor, str(path)], check=False)  # noqa: S603 - the user's own editor


@new.command("theme")
def new_theme(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Files of the default theme, by name."),
    ] = None,
) -> None:
    """Begin a theme: copy files of the default one to `theme/` of the site around this folder.

    A copy takes the place of the default theme's file. Without FILE the names of all are printed,
    and nothing is copied; else the paths of the copies. No file is written over.

    Exit codes: 0 fine, 2 there is no site here, no such file, or one is there.
    """
    from presswork_cli.new import theme

    if not files:
        for name in theme.names():
            terminal.results.print(name, markup=False)
        terminal.say("Copy what you want to change: `presswork new theme post.html`")
        return
    for path in theme.copy(files, Path.cwd()):
        terminal.results.print(_from_here(path), markup=False)


def _from_here(path: Path) -> str:
    """A path as one would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _editor() -> list[str]:
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not command:
        raise Failure("Which editor? Name it: export EDITOR=nano", Exit.USAGE)
    return command
