"""Mail through SES."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Self

from presswork.aws.clients import client


@dataclass(frozen=True)
class Mail:
    """SES, by its raw call: the only one that keeps List-Unsubscribe and other headers."""

    client: Any

    @classmethod
    def from_env(cls) -> Self:
        """The SES of this account and region."""
        return cls(client("ses"))

    def send(self, message: EmailMessage) -> None:
        """Sends one message from and to the addresses in its headers."""
        self.client.send_raw_email(
            Source=message["From"],
            Destinations=[message["To"]],
            RawMessage={"Data": message.as_bytes()},
        )
