"""`secret set`: the secrets of the stack, which CloudFormation cannot make."""

import base64
import binascii
import re
import secrets

from botocore.exceptions import ClientError

from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack

HOOK = "hook"
"""The name of the secret that outbound hooks are signed with; any other is that of a source."""

BEGIN = "whsec_"
_BYTES = 32
_LEAST, _MOST = 24, 64
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def made() -> str:
    """A new secret in the form of Standard Webhooks."""
    return BEGIN + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def checked(text: str) -> str:
    """A secret that another has made; Failure where none could be signed with it.

    Standard Webhooks, "Signature scheme": base64 of between 24 and 64 bytes.
    """
    secret = text.strip()
    try:
        key = base64.b64decode(secret.removeprefix(BEGIN), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not (secret.startswith(BEGIN) and _LEAST <= len(key) <= _MOST):
        raise Failure(
            f"this is no secret of Standard Webhooks: it is {BEGIN} and the base64 of "
            f'{_LEAST} to {_MOST} bytes, such as "{BEGIN}$(openssl rand -base64 32)"; without '
            "--stdin one is made",
            Exit.USAGE,
        )
    return secret


def parameter(stack: Stack, name: str) -> str:
    """The SSM parameter of a secret: that of the outbound hook, or that of a webhook's source."""
    return f"/presswork/{stack.name}/{HOOK}" if name == HOOK else of_source(stack, name)


def of_source(stack: Stack, source: str) -> str:
    """The SSM parameter with the secrets of a webhook's source; Failure for what names none."""
    if source == HOOK or not _SOURCE.fullmatch(source):
        raise Failure(
            f"{source!r} names no source: small letters, digits and hyphens, such as default or "
            f"zapier; the secret of outbound hooks is called {HOOK}",
            Exit.USAGE,
        )
    return folder_of_sources(stack) + source


def folder_of_sources(stack: Stack) -> str:
    """What the SSM parameters of all sources of webhooks begin with."""
    return f"/presswork/{stack.name}/webhooks/"


def exists(stack: Stack, parameter: str) -> bool:
    """Whether there is such a secret; it is not read."""
    try:
        stack.client("ssm").get_parameter(Name=parameter, WithDecryption=False)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return False
    return True


def put(stack: Stack, parameter: str, secret: str) -> None:
    """Sets a secret; functions read it each time, so it is in force at once."""
    stack.client("ssm").put_parameter(
        Name=parameter, Value=secret, Type="SecureString", Overwrite=True
    )
