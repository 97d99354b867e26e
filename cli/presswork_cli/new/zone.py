"""The time zone of this machine, as `site.yaml` names it."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

LOCALTIME = Path("/etc/localtime")
"""A link into the database of time zones, on Linux and macOS."""

_DATABASE = "zoneinfo/"


def of_machine(localtime: Path = LOCALTIME) -> str:
    """A name of the IANA database; UTC where the machine tells none."""
    linked = str(localtime.resolve()).partition(_DATABASE)[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), linked):
        if name and _is_known(name):
            return name
    return "UTC"


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
