"""Mail through SES."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, Self

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected

from presswork.aws.clients import client
from presswork.errors import InDoubt, RetryLater

_SERVER_ERROR, _UNAVAILABLE = 500, 503


@dataclass(frozen=True)
class Mail:
    """SES, by its raw call: the only one that keeps List-Unsubscribe and other headers."""

    client: Any

    @classmethod
    def from_env(cls) -> Self:
        """The SES of this account and region, which is asked once: it knows no repetition."""
        return cls(client("ses", attempts=1))

    def send(self, message: EmailMessage) -> None:
        """Sends one message from and to the addresses in its headers.

        Raises RetryLater when SES was not reached or did not take it, InDoubt when it may have.
        """
        try:
            self.client.send_raw_email(
                Source=parseaddr(message["From"])[1],
                Destinations=[parseaddr(message["To"])[1]],
                RawMessage={"Data": message.as_bytes()},
            )
        except NotConnected as error:
            raise RetryLater(f"SES was not reached: {error}") from error
        except HTTPClientError as error:
            raise InDoubt(f"SES did not answer: {error}") from error
        except ClientError as error:
            if _may_have_sent(error):
                raise InDoubt(f"SES may have taken the mail: {error}") from error
            raise RetryLater(f"SES did not take the mail: {error}") from error


def _may_have_sent(error: ClientError) -> bool:
    """Whether SES failed at work; who is throttled, refused or unavailable has not begun it."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(status >= _SERVER_ERROR and status != _UNAVAILABLE)
