"""What SQS is asked for when one message of a batch is done."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from presswork.aws import queues

URL = "https://sqs.us-east-1.amazonaws.com/123456789012/press-ParseQueue-1A2B"
ARN = "arn:aws:sqs:us-east-1:123456789012:press-ParseQueue-1A2B"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """A client of SQS whose answers the test gives."""
    client: Any = boto3.client(
        "sqs",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    monkeypatch.setattr(queues, "client", lambda _: client)
    with Stubber(client) as stubber:
        yield stubber


def test_a_message_is_taken_off_its_own_queue(stub: Stubber) -> None:
    """Its ARN tells which one, in the account and the region that it names."""
    stub.add_response("delete_message", {}, {"QueueUrl": URL, "ReceiptHandle": "receipt"})
    queues.acknowledge(ARN, "receipt")
    stub.assert_no_pending_responses()
