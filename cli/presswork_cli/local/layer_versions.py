"""The libraries of the layer, held against those that this command itself runs with."""

import re
from importlib.metadata import version

from presswork import software
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.layout import Layout

_PIN = re.compile(r"^([A-Za-z0-9._-]++)==([^\s;\\]++)", re.MULTILINE)


def refuse_others(layout: Layout) -> None:
    """Raises Failure where a library that makes bytes is of another version than in the layer.

    The pages that the stages make would count as made with other software, and be waited for, and
    be called different, for ever.
    """
    locked = {name.lower(): pin for name, pin in _PIN.findall(layout.requirements.read_text())}
    for name in software.LIBRARIES:
        here, there = version(name), locked.get(name.lower(), version(name))
        if here != there:
            raise Failure(
                f"{name} is {here} here, and {there} in the layer that is deployed: the two would "
                "make different pages. Install Presswork into an environment of its own, as pipx, "
                "uv and make do",
                Exit.USAGE,
            )
