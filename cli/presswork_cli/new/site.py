"""A new site: its settings, a first post, and what editors and git are told of the folder."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from presswork import content
from presswork.errors import Rejected
from presswork.settings import Site
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS
from presswork_cli.new import schema
from presswork_cli.new.files import create_all

FIRST_POST = "posts/hello.md"

_SCHEMA = ".vscode/site.schema.json"
"""Hidden: what begins with a brace may be a post."""

_SITE = f"""\
# yaml-language-server: $schema={_SCHEMA}
# Every setting has a default. Your editor offers the others, and says what each does.
title: %(title)s
language: en
timezone: %(zone)s
# base_url: https://example.org
"""

_POST = """\
---
title: Hello
date: %(date)s
tags: [first steps]
---

This is your first post. Change a line, save, and look at the page again.

Begin the next one with `presswork new post "A title"`.

See what readers would see with `presswork serve`, and what is wrong with `presswork check .`
"""

_IGNORED = """\
# what Presswork keeps for itself, and a site that is built beside its posts
.presswork/
/public/
"""

_EDITORS = """\
root = true

[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true

[*.{json,yaml}]
indent_size = 2
indent_style = space

# Two blanks at the end of a line of Markdown are a line break.
[*.md]
trim_trailing_whitespace = false
"""

_VSCODE = {
    "yaml.schemas": {f"./{_SCHEMA}": SETTINGS},
    "[markdown]": {"editor.wordWrap": "on", "files.trimTrailingWhitespace": False},
}

_EXTENSIONS = {"recommendations": ["redhat.vscode-yaml"]}


def make(folder: Path, title: str, zone: str, now: datetime, *, add: bool = False) -> list[Path]:
    """Makes a site in a folder that is new or empty, and returns its files.

    Hidden files, such as those of git, are no matter. To `add` is to leave what is there as it is,
    in a folder that holds something. Raises Failure, and then nothing is made.
    """
    files = _files(title, zone, now)
    held = _held(folder)
    if held and not add:
        names = ", ".join(held[:3]) + (f" and {len(held) - 3} more" if len(held) > 3 else "")  # noqa: PLR2004 - as above
        raise Failure(
            f"{folder} is not empty, it holds {names}: name a new folder, or add with --force what "
            "is missing there, which leaves those as they are",
            Exit.USAGE,
        )
    if "posts" in held:
        del files[FIRST_POST]
    return create_all(folder, files)


def title_of(folder: Path) -> str:
    """What a site is called by its folder: `my-blog` is My blog."""
    words = folder.resolve().name.replace("-", " ").replace("_", " ").split()
    name = " ".join(words)
    return name[:1].upper() + name[1:] or Site().title


def _files(title: str, zone: str, now: datetime) -> dict[str, str]:
    title = " ".join(title.split())
    spelled = json.dumps(title, ensure_ascii=False)
    settings = _SITE % {"title": spelled, "zone": zone}
    try:
        site = content.settings(settings.encode())
    except (Rejected, UnicodeEncodeError) as error:
        raise Failure(
            f"A site cannot be called {title[:80]!a}: give a --title of 1 to 200 characters",
            Exit.USAGE,
        ) from error
    date = now.astimezone(site.zone).isoformat(sep=" ", timespec="seconds")
    return {
        SETTINGS: settings,
        FIRST_POST: _POST % {"date": date},
        ".gitignore": _IGNORED,
        ".editorconfig": _EDITORS,
        ".vscode/settings.json": _json(_VSCODE),
        ".vscode/extensions.json": _json(_EXTENSIONS),
        _SCHEMA: schema.text(),
    }


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, indent=2) + "\n"


def _held(folder: Path) -> list[str]:
    """The names in a folder that are not hidden; none where it is yet to be made."""
    try:
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Failure(
            f"{folder}: {error.strerror or error}: name a new folder", Exit.USAGE
        ) from error
