"""What CloudFront answers, which no emulator does in full: botocore's own stub stands in."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.session import Session
from botocore.stub import ANY, Stubber

from presswork.aws.edge import Edge
from presswork.errors import RetryLater

REFERENCES: list[str] = []


@pytest.fixture
def stub() -> Iterator[Stubber]:
    """A client of CloudFront whose answers the test gives; it notes each reference."""
    client: Any = boto3.client(
        "cloudfront",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    REFERENCES.clear()
    client.meta.events.register(
        "before-parameter-build.cloudfront.CreateInvalidation",
        lambda params, **_: REFERENCES.append(params["InvalidationBatch"]["CallerReference"]),
    )
    with Stubber(client) as stubber:
        yield stubber


@pytest.fixture
def edge(stub: Stubber) -> Edge:
    """The caches of a distribution."""
    return Edge(lambda: stub.client, "E123")


def test_paths_are_forgotten_in_one_request(stub: Stubber, edge: Edge) -> None:
    """Each path once, however often it is named."""
    batch = {"Paths": {"Quantity": 2, "Items": ["/a/", "/b/"]}, "CallerReference": ANY}
    wanted = {"DistributionId": "E123", "InvalidationBatch": batch}
    stub.add_response("create_invalidation", {}, wanted)
    edge.forget(["/b/", "/a/", "/b/"], ["p.1"])
    stub.assert_no_pending_responses()


def test_the_reference_says_what_is_forgotten_and_why(stub: Stubber, edge: Edge) -> None:
    """A repeated request is the same to CloudFront; another reason or another path is not."""
    for paths, why in (["/a/"], "p1"), (["/a/"], "p1"), (["/a/"], "p2"), (["/b/"], "p1"):
        stub.add_response("create_invalidation", {})
        edge.forget(paths, [why])
    first, again, *others = REFERENCES
    assert first == again
    assert len({first, *others}) == 3


@pytest.mark.parametrize("code", ["TooManyInvalidationsInProgress", "Throttling"])
def test_a_busy_cloudfront_is_asked_again(stub: Stubber, edge: Edge, code: str) -> None:
    """The message that led here is delivered again."""
    stub.add_client_error("create_invalidation", code)
    with pytest.raises(RetryLater):
        edge.forget(["/a/"], [])


def test_a_missing_right_comes_out(stub: Stubber, edge: Edge) -> None:
    """The message ends where somebody looks."""
    stub.add_client_error("create_invalidation", "AccessDenied")
    with pytest.raises(ClientError):
        edge.forget(["/a/"], [])


def test_no_client_is_made_before_the_first_removal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function starts without it."""
    made: list[str] = []
    monkeypatch.setattr(Session, "create_client", lambda _, service, **__: made.append(service))
    monkeypatch.setenv("DISTRIBUTION_ID", "E123")
    Edge.from_env()
    assert made == []
