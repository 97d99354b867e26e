"""A mail is sent once: what SES may have taken is not handed to it again."""

from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

from presswork.aws.mail import Mail
from presswork.errors import InDoubt, RetryLater

URL = "https://email.eu-west-1.amazonaws.com"


def answer(code: str, status: int) -> ClientError:
    """An error that SES answers with."""
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendRawEmail")  # type: ignore[arg-type]  # as much as is read


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (EndpointConnectionError(endpoint_url=URL), RetryLater),
        (ConnectTimeoutError(endpoint_url=URL), RetryLater),
        (SSLError(endpoint_url=URL, error=OSError("a certificate")), RetryLater),
        (answer("Throttling", 400), RetryLater),
        (answer("MessageRejected", 400), RetryLater),
        (answer("AccountSendingPausedException", 400), RetryLater),
        (answer("AccessDenied", 403), RetryLater),
        (answer("ServiceUnavailable", 503), RetryLater),
        (answer("InternalFailure", 500), InDoubt),
        (ReadTimeoutError(endpoint_url=URL), InDoubt),
        (ConnectionClosedError(endpoint_url=URL), InDoubt),
    ],
)
def test_who_was_not_reached_or_refused_has_sent_nothing(
    error: Exception, raised: type[Exception]
) -> None:
    """Only a connection that broke, and a failure at work, leave it in doubt."""

    def fail(**_: object) -> None:
        raise error

    message = EmailMessage()
    message["From"], message["To"] = "site@example.com", "readers@example.com"
    with pytest.raises(RetryLater) as caught:
        Mail(SimpleNamespace(send_raw_email=fail)).send(message)
    assert caught.type is raised


def test_the_client_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library would send the same mail again when no answer comes."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert Mail.from_env().client.meta.config.retries["total_max_attempts"] == 1
