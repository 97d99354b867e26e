"""How a command ends when it does not end well."""

import sys
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


_OF_CREDENTIALS = ("AccessDenied", "ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient")


def of_aws(error: Exception) -> Failure | None:
    """What an error of boto3 means to who gave the command; None for any other error.

    boto3 takes long to import, so it is not: where it never was nothing is its error.
    """
    botocore = sys.modules.get("botocore.exceptions")
    if botocore is None or not isinstance(error, botocore.BotoCoreError | botocore.ClientError):
        return None
    code = error.response["Error"]["Code"] if isinstance(error, botocore.ClientError) else ""
    cure = (
        "log in again, or ask who administers the account for that right"
        if code.startswith(_OF_CREDENTIALS)
        else "see whether region and credentials are those meant, and try again"
    )
    return Failure(f"AWS answers: {str(error).rstrip('.')}: {cure}", Exit.NO_CLOUD)
