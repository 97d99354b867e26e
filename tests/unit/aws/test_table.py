"""What AWS answers when writes meet, which no emulator does: botocore's own stub stands in."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from flow.memory_table import MemoryTable
from presswork.aws import conflicts
from presswork.aws.conflicts import Changed
from presswork.aws.table import MEETINGS, MOST_READS, Put, Table
from presswork.errors import RetryLater
from unit.stubs import stubbed

ITEM = {"PK": "a", "SK": "b"}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """A client of DynamoDB whose answers the test gives."""
    monkeypatch.setattr(conflicts, "FIRST_PAUSE", 0.0)
    with stubbed("dynamodb") as stub:
        yield stub


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


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_tried_again(stub: Stubber, code: str) -> None:
    """Botocore tries a throttled write again by itself, and no cancelled transaction."""
    cancelled(stub, "None", code)
    stub.add_response("transact_write_items", {})
    Table(stub.client, "table").write(Put(ITEM), Put(ITEM | {"SK": "c"}))
    stub.assert_no_pending_responses()


def test_a_throttled_write_is_left_to_botocore(stub: Stubber) -> None:
    """It was tried five times then, in up to fifteen seconds: twelve times that is a timeout."""
    stub.add_client_error("put_item", "ProvisionedThroughputExceededException")
    with pytest.raises(ClientError):
        Table(stub.client, "table").write(Put(ITEM))
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


def test_what_a_batch_leaves_out_is_asked_for_again(stub: Stubber) -> None:
    """DynamoDB may answer in parts; what it never gives is left to the next delivery."""
    keys = [{"PK": {"S": "a"}, "SK": {"S": each}} for each in "bcd"]
    left = [keys, keys[1:], *[keys[2:]] * MEETINGS]
    for asked, unprocessed in pairwise(left[: MEETINGS + 1]):
        stub.add_response(
            "batch_get_item",
            {
                "Responses": {"table": [key for key in asked if key not in unprocessed]},
                "UnprocessedKeys": {"table": {"Keys": unprocessed, "ConsistentRead": True}},
            },
            {"RequestItems": {"table": {"Keys": asked, "ConsistentRead": True}}},
        )
    table = Table(stub.client, "table")
    with pytest.raises(RetryLater):
        table.get_many(*[("a", each) for each in "bcd"])
    stub.assert_no_pending_responses()
    stub.add_response("batch_get_item", {"Responses": {"table": keys[:1]}, "UnprocessedKeys": {}})
    assert table.get_many(("a", "b")) == [ITEM]


def test_more_than_one_read_takes_are_read_in_parts() -> None:
    """In the order that they were asked for, each as often as it was, and what is not there."""
    table = Table(MemoryTable(), "table")
    keys = [("a", f"{number:03}") for number in range(2 * MOST_READS + 1)]
    for pk, sk in keys[1:]:
        table.write(Put({"PK": pk, "SK": sk}))
    found = table.get_many(*keys, keys[-1])
    assert [item and (item["PK"], item["SK"]) for item in found] == [None, *keys[1:], keys[-1]]
