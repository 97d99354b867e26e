"""What is no longer needed: out of the way at once by a rename, then removed in the background."""

import subprocess
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from presswork_cli.local.layout import Layout


def discard(layout: Layout, *paths: Path) -> None:
    """Has the paths gone when it returns; their space comes back a little later.

    What an earlier removal did not come to the end of goes along.
    """
    layout.rubbish.mkdir(parents=True, exist_ok=True)
    for path in paths:
        with suppress(FileNotFoundError):
            path.rename(layout.rubbish / uuid4().hex)
    doomed = list(layout.rubbish.iterdir())
    if doomed:  # the shell ends at once, and what it has begun is nobody's child
        subprocess.run(  # noqa: S603 - with paths of our own making
            ["/bin/sh", "-c", 'rm -rf -- "$@" &', "sh", *doomed],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
