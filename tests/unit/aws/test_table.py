"""What AWS answers when writes meet, which no emulator does: botocore's own stub stands in."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from presswork.aws import conflicts
from presswork.aws.conflicts import Changed
from presswork.aws.table import MEETINGS, Put, Table
from presswork.errors import RetryLater

ITEM = {"PK": "a", "SK": "b"}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """A client of DynamoDB whose answers the test gives."""
    monkeypatch.setattr(conflicts, "FIRST_PAUSE", 0.0)
    client: Any = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    with Stubber(client) as stubber:
        yield stubber


def cancelled(stub: Stubber, *codes: str) -> None:
    """Adds the answer to a transaction that was cancelled for these reasons."""
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
    )


def test_a_meeting_with_a_transaction_is_tried_again(stub: Stubber) -> None:
    """A single write that meets a running transaction is repeated, and then done."""
    stub.add_client_error("put_item", "TransactionConflictException")
    stub.add_response("put_item", {})
    Table(stub.client, "table").write(Put(ITEM))
    stub.assert_no_pending_responses()


def test_a_cancelled_meeting_is_tried_again(stub: Stubber) -> None:
    """A transaction that was cancelled by another one only is repeated, and then done."""
    cancelled(stub, "None", "TransactionConflict")
    stub.add_response("transact_write_items", {})
    Table(stub.client, "table").write(Put(ITEM), Put(ITEM | {"SK": "c"}))
    stub.assert_no_pending_responses()


def test_a_lasting_conflict_is_for_later(stub: Stubber) -> None:
    """A write that meets transactions again and again is left to the next delivery."""
    for _ in range(MEETINGS):
        stub.add_client_error("put_item", "TransactionConflictException")
    with pytest.raises(RetryLater):
        Table(stub.client, "table").write(Put(ITEM))


def test_a_condition_that_does_not_hold_is_a_change(stub: Stubber) -> None:
    """One failed condition among other reasons means that somebody wrote first."""
    cancelled(stub, "TransactionConflict", "ConditionalCheckFailed")
    with pytest.raises(Changed):
        Table(stub.client, "table").write(Put(ITEM), Put(ITEM | {"SK": "c"}))
    stub.add_client_error("put_item", "ConditionalCheckFailedException")
    with pytest.raises(Changed):
        Table(stub.client, "table").write(Put(ITEM))
