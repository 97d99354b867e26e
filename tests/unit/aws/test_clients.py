"""What goes over the wire to AWS, beside what a call asks for."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from urllib3 import HTTPResponse

from presswork.aws import clients


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[AWSPreparedRequest]]:
    """The requests of a client of S3, each of which is answered at once."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for made in (clients.session, clients.client):
        made.cache_clear()
    requests: list[AWSPreparedRequest] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        requests.append(request)
        return AWSResponse(
            request.url, 200, HTTPHeaders(), HTTPResponse(BytesIO(), preload_content=False)
        )

    clients.client("s3").meta.events.register("before-send.s3", answer)
    yield requests
    for made in (clients.session, clients.client):
        made.cache_clear()


def test_a_throttled_event_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a botocore to which status 429 says nothing, as that of Lambda may be."""
    checker = "botocore.retries.standard.ThrottlingStatusCodeChecker._THROTTLING_STATUS_CODES"
    monkeypatch.setattr(checker, [])
    monkeypatch.setattr("random.random", lambda: 0.0)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    error = b"<ErrorResponse><Error><Code>Throttled</Code></Error></ErrorResponse>"
    answers = [(429, error)] * 4 + [(200, b"<PublishResponse><PublishResult/></PublishResponse>")]

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        status, body = answers.pop(0)
        raw = HTTPResponse(BytesIO(body), preload_content=False)
        return AWSResponse(request.url, status, HTTPHeaders(), raw)

    made = clients.client.__wrapped__("sns")
    made.meta.events.register("before-send.sns", answer)
    made.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="x")
    assert answers == []


@pytest.mark.parametrize(("attempts", "seconds"), [(5, clients.PATIENCE), (1, 15)])
def test_who_is_asked_once_alone_is_waited_for_longer(
    monkeypatch: pytest.MonkeyPatch, attempts: int, seconds: int
) -> None:
    """AWS has a connection that says nothing given up while there is time for another."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = clients.client.__wrapped__("ses", attempts=attempts)
    assert made.meta.config.read_timeout == seconds


def test_an_object_is_sent_without_asking_first(sent: list[AWSPreparedRequest]) -> None:
    """Its few bytes go along with what is asked, and no answer is waited for in between."""
    clients.client("s3").put_object(Bucket="site", Key="index.html", Body=b"<p>")
    (request,) = sent
    assert "Expect" not in request.headers


def test_a_request_says_who_asks(sent: list[AWSPreparedRequest]) -> None:
    """It is the name alone, which is not put together anew for each call."""
    clients.client("s3").put_object(Bucket="site", Key="index.html", Body=b"<p>")
    (request,) = sent
    agent: Any = request.headers["User-Agent"]
    first, *others = agent.split()
    assert first == b"presswork"
    assert all(other.startswith(b"PT") for other in others), "Powertools adds its own"
