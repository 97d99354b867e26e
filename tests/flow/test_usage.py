"""What `presswork cost` counts with is what the flow does, and what the template has."""

import json
from unittest.mock import patch

import pytest

from flow.metered import USAGE, Meter, MeteredCloud, measure, memory_sizes
from presswork_cli.cost.functions import measured_functions

MADE = "python bench/dollars.py --write"


@pytest.fixture
def meter() -> Meter:
    """A meter at work."""
    return Meter(stage="render")


def item(sort: str, bytes: int) -> dict[str, dict[str, str]]:
    """An item of about so many bytes."""
    return {"PK": {"S": "p"}, "SK": {"S": sort}, "a": {"S": "x" * bytes}}


def test_the_counts_are_those_of_the_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts at once and one by one, edits, deletes, an idle hour, and what the template asks."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    counted, _ = measure()
    assert counted == json.loads(USAGE.read_text(encoding="utf-8")), f"count anew: {MADE}"


def test_each_function_has_the_memory_of_the_template() -> None:
    """The share of a processor that its time is paid at."""
    assert measured_functions().memory == memory_sizes()


def test_a_write_costs_by_the_larger_item(meter: Meter) -> None:
    """1 KB is a unit, before or after; in a transaction it is two, a check as well."""
    table = MeteredCloud(meter).client("dynamodb")
    table.put_item(TableName="t", Item=item("a", 2000))
    assert meter.units["render"]["dynamodb.write_units"] == 2
    table.put_item(TableName="t", Item=item("a", 10))
    assert meter.units["render"]["dynamodb.write_units"] == 4
    about = {"TableName": "t", "Key": {"PK": {"S": "p"}, "SK": {"S": "a"}}}
    check = {"ConditionCheck": about | {"ConditionExpression": "attribute_exists(PK)"}}
    put = {"Put": {"TableName": "t", "Item": item("b", 1500)}}
    table.transact_write_items(TransactItems=[check, put])
    assert meter.units["render"]["dynamodb.write_units"] == 4 + 2 * (1 + 2)


def test_a_read_costs_by_what_is_read(meter: Meter) -> None:
    """4 KB is a unit: each item of a batch by itself, a query as a whole, an absent item too."""
    table = MeteredCloud(meter).client("dynamodb")
    with patch.object(meter, "stage", None):
        for name in "abc":
            table.put_item(TableName="t", Item=item(name, 1000))
    keys = [{"PK": {"S": "p"}, "SK": {"S": name}} for name in "abcd"]
    table.batch_get_item(RequestItems={"t": {"Keys": keys, "ConsistentRead": True}})
    assert meter.units["render"]["dynamodb.read_units"] == 4
    table.query(
        TableName="t",
        ConsistentRead=True,
        Select="COUNT",
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": "p"}},
    )
    assert meter.units["render"]["dynamodb.read_units"] == 5
    table.get_item(TableName="t", Key=keys[3], ConsistentRead=True)
    assert meter.units["render"]["dynamodb.read_units"] == 6


def test_each_call_has_its_unit(meter: Meter) -> None:
    """PUT and LIST are writes to S3, HEAD is a read, DELETE is free; paths are paid."""
    cloud = MeteredCloud(meter)
    s3, edge = cloud.client("s3"), cloud.client("cloudfront")
    with patch.object(meter, "stage", None):
        s3.create_bucket(Bucket="site")
    s3.put_object(Bucket="site", Key="a", Body=b"a")
    s3.head_object(Bucket="site", Key="a")
    s3.list_objects_v2(Bucket="site")
    s3.delete_object(Bucket="site", Key="a")
    paths = {"Quantity": 2, "Items": ["/a", "/b"]}
    edge.create_invalidation(
        DistributionId="E1", InvalidationBatch={"Paths": paths, "CallerReference": "r"}
    )
    assert meter.units["render"] == {
        "calls": 5,
        "s3.writes": 2,
        "s3.reads": 1,
        "s3.deletes": 1,
        "cloudfront.invalidation_paths": 2,
    }
