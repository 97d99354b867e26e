"""What the commands act on, as the options before the verb name it."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from presswork_cli.operate.stack import Stack


class Target(Protocol):
    """A stack, on AWS or on this machine: `context.obj`."""

    def connect(self) -> "Stack":
        """The stack; raises Failure when nothing is there."""
