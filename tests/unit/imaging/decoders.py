"""Decoders of the tests' own, in place of the one that a process has."""

import pytest

from presswork.imaging.making import processes

MEDIA = "Media('', os.getpid(), 1, False, False, {'1.webp': b'x'}, '#000000')"
"""An image made, as wide as the number of the process that made it."""


def replaced(monkeypatch: pytest.MonkeyPatch, code: str, before: str = "") -> None:
    """Have the child do `code` where it would make variants; `order` and `data` are at hand.

    What is done `before` lasts from one image of a process to the next.
    """
    body = "".join(f"    {line}\n" for line in code.splitlines())
    start = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
        "import os, signal, time, socket\n"
        "from presswork.imaging.making import child\n"
        "from presswork.imaging.making.media import Media\n"
        "from presswork.imaging.limits import Refused\n"
        f"{before}\n"
        f"def render(data, order):\n{body}"
        "child.render = render\n"
        "child.main()\n"
    )
    monkeypatch.setattr(processes, "_START", start)
