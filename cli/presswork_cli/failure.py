"""How a command ends when it does not end well."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes that programs may rely on."""

    FINE = 0
    REJECTED = 1
    USAGE = 2
    NO_CLOUD = 3


class Failure(Exception):
    """A command cannot go on; the message ends with the way out."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
