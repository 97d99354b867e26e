"""The writes of a whole table."""

from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from presswork.aws.table import Table
from presswork_cli.recovery import whole_table
from presswork_cli.recovery.whole_table import fill
from unit.stubs import stubbed


@pytest.fixture
def stub() -> Iterator[Stubber]:
    """A client of DynamoDB whose answers are written here."""
    with stubbed("dynamodb") as stub:
        yield stub


@pytest.mark.parametrize(
    "code",
    ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"],
)
def test_a_table_that_takes_no_more_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, stub: Stubber, code: str
) -> None:
    """Whatever it calls that: what is written is written in the end."""
    monkeypatch.setattr(whole_table, "_PAUSES", (0.0,) * 3)
    stub.add_client_error("batch_write_item", code)
    stub.add_response("batch_write_item", {})
    fill(Table(stub.client, "table"), [{"PK": "a", "SK": "b"}])
    stub.assert_no_pending_responses()
