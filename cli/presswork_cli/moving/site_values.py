"""The plain values of Jekyll's settings, written out where a text says `{{ site.repository }}`."""

import re
from collections.abc import Mapping
from typing import Any

from presswork_cli.moving import config
from presswork_cli.moving.blog import Note, data_of
from presswork_cli.moving.sources import Gathered, is_text

_MARK = re.compile(
    rb"\{%-?\s{0,9}(?P<raw>(?:end)?raw)\s{0,9}-?%\}"
    rb"|\{\{-?\s{0,9}site\.(?P<path>[A-Za-z_][\w.]{0,200})\s{0,9}-?\}\}"
)
_FRONT = re.compile(rb"---[ \t]{0,9}\r?\n.*?\n---[ \t]{0,9}\r?\n", re.DOTALL)
_OF_DIALECT = frozenset({"url", "baseurl"})
"""What posts may say here as well, wherever the site stands."""


def write_values(found: Gathered, file: str, settings: Mapping[str, Any]) -> None:
    """Writes the values of a file of settings into posts and pages, and tells of it."""
    written = 0
    for key, each in found.files.items():
        if key.startswith(("posts/", "pages/")) and is_text(key):
            data = data_of(each)
            new = with_values(data, settings)
            if new != data:
                found.files[key] = new
                written += 1
    if written:
        message = (
            f"Values of the settings stand in posts and pages as text ({written}): nothing is "
            "computed here."
        )
        found.notes.append(Note(file, "moving.value", message, "Nothing."))


def with_values(data: bytes, settings: Mapping[str, Any]) -> bytes:
    """A source with values for marks, in code as well: Jekyll looks for them before Markdown does.

    What stands between `raw` and `endraw` speaks of marks.
    """
    front = _FRONT.match(data)
    start = front.end() if front else 0
    is_raw = False

    def written(mark: re.Match[bytes]) -> bytes:
        nonlocal is_raw
        if mark["raw"]:
            is_raw = mark["raw"] == b"raw"
            return mark[0]
        value = None if is_raw else _value(settings, mark["path"].decode())
        return mark[0] if value is None else value.encode()

    return data[:start] + _MARK.sub(written, data[start:])


def _value(settings: Mapping[str, Any], path: str) -> str | None:
    """A value of one line; None for what is none, and for what a post may say here too."""
    *above, name = path.split(".")
    for each in above:
        settings = config.part(settings, each)
    value = settings.get(name)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    text = str(value).strip() if is_plain else "\n"
    is_left = (not above and name in _OF_DIALECT) or "\n" in text or "{{" in text or "{%" in text
    return None if is_left else text
