"""Secrets, kept as SecureString parameters."""

import secrets
from dataclasses import dataclass
from typing import Any, Self

from botocore.exceptions import ClientError

from presswork.aws.clients import client

_BYTES = 32


@dataclass(frozen=True)
class Secrets:
    """SSM parameters of type SecureString, read when needed and never logged."""

    client: Any

    @classmethod
    def from_env(cls) -> Self:
        """The parameters of this account and region."""
        return cls(client("ssm"))

    def read(self, name: str) -> str | None:
        """The secret, or None when no such parameter exists."""
        try:
            answer = self.client.get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParameterNotFound":
                return None
            raise
        return str(answer["Parameter"]["Value"])

    def made(self, name: str) -> str:
        """The secret; where there is none yet it is made by whoever needs it first."""
        secret = self.read(name)
        if secret is not None:
            return secret
        new = secrets.token_urlsafe(_BYTES)
        try:
            self.client.put_parameter(Name=name, Value=new, Type="SecureString")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterAlreadyExists":
                raise
            return self.made(name)
        return new
