"""Mail through SES."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, Self

from botocore.exceptions import ClientError

from presswork.aws.clients import client
from presswork.errors import RetryLater


@dataclass(frozen=True)
class Mail:
    """SES, by its raw call: the only one that keeps List-Unsubscribe and other headers."""

    client: Any

    @classmethod
    def from_env(cls) -> Self:
        """The SES of this account and region."""
        return cls(client("ses"))

    def send(self, message: EmailMessage) -> None:
        """Sends one message from and to the addresses in its headers; RetryLater if SES refuses."""
        try:
            self.client.send_raw_email(
                Source=parseaddr(message["From"])[1],
                Destinations=[parseaddr(message["To"])[1]],
                RawMessage={"Data": message.as_bytes()},
            )
        except ClientError as error:
            raise RetryLater(f"SES did not take the mail: {error}") from error
