"""What the commands act on, as the options before the verb name it."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from presswork_cli.operate.stack import Stack


class Target(Protocol):
    """A stack, on AWS or on this machine: `context.obj`."""

    def connect(self, given: str | Path | None = None) -> "Stack":
        """The stack; raises Failure when nothing is there.

        A file or folder that the command is given says which site's cloud on this machine is meant.
        """
