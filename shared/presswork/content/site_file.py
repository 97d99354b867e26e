"""The settings file of a site, `site.yaml`."""

from pydantic import ValidationError

from presswork.content.paths import RESERVED
from presswork.content.source import decoded
from presswork.content.strict_yaml import Entry, load
from presswork.errors import Rejected
from presswork.settings import Site

_KNOWN = ", ".join(Site.model_fields)


def settings(data: bytes) -> Site:
    """The settings in a `site.yaml`; an empty file gives the defaults, a broken one `Rejected`."""
    entries = load(decoded(data), area="settings")
    try:
        site = Site.model_validate(
            {key: entry.value for key, entry in entries.items() if entry.value is not None}
        )
    except ValidationError as error:
        raise _rejected(error, entries) from error
    root = site.permalink.split("/")[1]
    if root.lower() in RESERVED:
        entry = entries["permalink"]
        raise Rejected(
            "settings.permalink",
            entry.line,
            entry.column,
            f"Posts cannot stand below /{root}/: it belongs to the site itself.",
            "Begin the permalink with another word, or with :year.",
        )
    return site


def _rejected(error: ValidationError, entries: dict[str, Entry]) -> Rejected:
    first = error.errors(include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    entry = entries.get(key)
    line, column = (entry.line, entry.column) if entry else (None, None)
    if first["type"] == "extra_forbidden":
        return Rejected(
            "settings.unknown",
            line,
            column,
            f"There is no setting {key[:40]!r}.",
            f"Use one of these: {_KNOWN}.",
        )
    problem = first["msg"].removeprefix("Value error, ")
    return Rejected(
        f"settings.{key}",
        line,
        column,
        f"The setting {key} cannot be used: {problem}.",
        "Correct the value, or delete the line to use the default.",
    )
