"""How a command ends when it does not end well."""

import re
import sys
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """The exit codes that programs may rely on."""

    FINE = 0
    REJECTED = 1
    USAGE = 2
    NO_CLOUD = 3
    INTERRUPTED = 130
    """By Ctrl-C, as shells have it: 128 and the number of the signal."""


class Failure(Exception):
    """A command cannot go on; the message ends with the way out."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NoStack(Failure):
    """No stack on AWS was reached: a region, credentials, or the stack itself are missing."""

    def __init__(self, message: str) -> None:
        super().__init__(message, Exit.NO_CLOUD)


def of_aws(error: Exception) -> Failure | None:
    """What an error of boto3 means to who gave the command; None for any other error.

    boto3 takes long to import, so it is not: where it never was nothing is its error.
    """
    if not _is_of_boto(error):
        return None
    said = "AWS answers" if getattr(error, "response", None) else "AWS cannot be asked"
    message = f"{said}: {str(error).rstrip('.')}: {cure_of(error) or _LOOK}"
    is_unset = type(error).__name__.startswith(_UNSET)
    return NoStack(message) if is_unset else Failure(message, Exit.NO_CLOUD)


def of_caller(error: Exception) -> Failure | None:
    """As `of_aws`, for what is wrong with who asks, and not with what was asked for."""
    return of_aws(error) if cure_of(error) else None


def cure_of(error: BaseException | None) -> str | None:
    """The way out of what is wrong with who asks: credentials, rights, clock, region."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    code = str(response.get("Error", {}).get("Code", ""))
    if _DENIED.match(code):
        return f"ask who administers the account for {_right(error)}"
    for cures, name in ((_OF_CODES, code), (_OF_CLASSES, type(error).__name__)):
        for begin, cure in cures.items():
            if name.startswith(begin):
                return cure
    return None


_DENIED = re.compile("AccessDenied|UnauthorizedOperation|AuthorizationError")
_PERFORM = re.compile(r"to perform: ([\w:*-]+)")

_LOOK = "see whether region, endpoint and credentials are those meant, and try again"
_LOG_IN = "log in again, with `aws sso login` or as you did before"
_SET_CLOCK = "set the clock of this machine: AWS takes requests of the last five minutes only"
_GIVE_KEYS = "log in with `aws configure` or `aws sso login`, or name a --profile"

_OF_CODES = {
    "ExpiredToken": _LOG_IN,
    "RequestExpired": _LOG_IN,
    "InvalidClientTokenId": _LOG_IN,
    "UnrecognizedClient": _LOG_IN,
    "InvalidAccessKeyId": _LOG_IN,
    "RequestTimeTooSkewed": _SET_CLOCK,
    "InvalidSignatureException": _SET_CLOCK,
    "SignatureDoesNotMatch": (
        "the secret key is not that of the access key, or the clock of this machine is wrong"
    ),
    "OptInRequired": "enable the region or service in the console of AWS, or name another --region",
}
_OF_CLASSES = {
    "NoCredentials": _GIVE_KEYS,
    "PartialCredentials": _GIVE_KEYS,
    "CredentialRetrieval": _LOG_IN,
    "TokenRetrieval": _LOG_IN,
    "SSO": _LOG_IN,
    "UnauthorizedSSO": _LOG_IN,
    "ProfileNotFound": "`aws configure list-profiles` names those that there are",
    "NoRegion": "name one with --region, by AWS_REGION, or with `aws configure set region`",
}


_UNSET = ("NoRegion", "NoCredentials", "PartialCredentials")
"""How the errors are named of a machine that was never set up for AWS."""


def _right(error: BaseException | None) -> str:
    """The right that was missing: as AWS names it, else by the call that wanted it."""
    named = _PERFORM.search(str(error))
    action = named[1] if named else getattr(error, "operation_name", "")
    return f"that right: {action}" if action else "that right"


def _is_of_boto(error: Exception) -> bool:
    botocore = sys.modules.get("botocore.exceptions")
    return botocore is not None and isinstance(error, botocore.BotoCoreError | botocore.ClientError)
