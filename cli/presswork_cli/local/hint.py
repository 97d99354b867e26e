"""What is said to who asked AWS and has nothing there, while a local cloud runs here."""

import os
from pathlib import Path

from presswork_cli.failure import NoStack
from presswork_cli.local.emulator import running
from presswork_cli.local.layout import Layout


def with_local_cloud(failure: NoStack, verb: str) -> NoStack:
    """The failure, with the same verb of the local cloud if one runs where one stands."""
    named = os.environ.get("PRESSWORK_STATE")
    layout = Layout(state=Path(named).resolve()) if named else Layout()
    try:
        record = running(layout)
    except (OSError, ValueError):  # what is wrong there is not what was asked for
        record = None
    if record is None:
        return failure
    return NoStack(f"{failure.message}. A local cloud runs here: `presswork local {verb} …`")
