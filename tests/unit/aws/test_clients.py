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
