"""Pages as they are served here: the site's own, with what is wrong with them, and a welcome."""

import shlex
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from presswork_cli.offline import folder
from presswork_cli.printing.terminal import MANY
from presswork_cli.serve.revision import Revision

OWN = "/-/serve/"
"""Below it stands what only this server has; no author can hold an address there."""
EVENTS = f"{OWN}events"

_ASSETS = Path(__file__).parent / "assets"
_TYPES = {"reload.js": "text/javascript; charset=utf-8", "serve.css": "text/css; charset=utf-8"}


def asset(name: str) -> tuple[bytes, str] | None:
    """A file of this server and its type, by its name below `OWN`."""
    return ((_ASSETS / name).read_bytes(), _TYPES[name]) if name in _TYPES else None


def welcome(revision: Revision, root: Path) -> str:
    """The home page of a folder that holds nothing to show, or cannot be built yet."""
    return (
        _environment()
        .get_template("welcome.html")
        .render(
            root=root,
            revision=revision,
            is_begun=folder.settings_file(root) is not None,
            quoted=shlex.quote(str(root)),
        )
    )


def with_problems(html: str, revision: Revision, path: str, base_url: str, *, of_all: bool) -> str:
    """A page of the site, with what is wrong at its path, or with everything.

    The page loads itself again after the next build. Its links to the site's own address lead to
    this server.
    """
    problems = revision.problems if of_all else revision.problems_at(path)
    is_wrong = any(each.kind == "error" for each in problems)
    panel = (
        _environment()
        .get_template("problems.html")
        .render(
            revision=revision.name,
            problems=problems[:MANY],
            more=len(problems) - len(problems[:MANY]),
            state=revision.state_at(path),
            is_open=is_wrong or (bool(problems) and not of_all),
            is_former=revision.is_former_at(path),
            notes=revision.notes if of_all else (),
        )
    )
    html = html.replace(f'href="{base_url}/', 'href="/')
    at = html.rfind("</body>")
    at = at if at >= 0 else len(html)
    return f"{html[:at]}{panel}{html[at:]}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
