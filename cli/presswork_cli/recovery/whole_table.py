"""The table as a whole: for an operator who takes its state away or brings it back."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from presswork.aws.table import Item, Table, type_deserializer, type_serializer
from presswork_cli.failure import Exit, Failure
from presswork_cli.recovery.promises import SITE, key_of

_BATCH = 25
"""As many as BatchWriteItem takes."""
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
}
"""Amazon DynamoDB Developer Guide, "Diagnosing throttling"."""

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""Seconds to wait for a table that is asked for too much at a time."""


def every_item(table: Table) -> Iterator[Item]:
    """Every item, read strongly; Failure when there is no such table."""
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, ConsistentRead=True)
    try:
        for page in pages:
            for item in page["Items"]:
                yield {name: type_deserializer.deserialize(value) for name, value in item.items()}
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise Failure(
            f"there is no table {table.name}, or it is not ready: `aws dynamodb describe-table` "
            "says which",
            Exit.USAGE,
        ) from error


def holds_state(table: Table) -> bool:
    """Whether there is more than a stack has that nobody ever published on."""
    return any(item["PK"] != "SITE" for item in every_item(table))


def clear(table: Table) -> None:
    """Takes everything away but the item of the site."""
    keys = (key_of(item) for item in every_item(table))
    _write(
        table,
        (
            {"DeleteRequest": {"Key": {"PK": {"S": pk}, "SK": {"S": sk}}}}
            for pk, sk in keys
            if (pk, sk) != SITE
        ),
    )


def fill(table: Table, items: Iterable[Item]) -> None:
    """Writes items, over whatever stands in their place."""
    _write(
        table,
        (
            {"PutRequest": {"Item": {n: type_serializer.serialize(v) for n, v in item.items()}}}
            for item in items
        ),
    )


def _write(table: Table, requests: Iterable[dict[str, Any]]) -> None:
    remaining = iter(requests)
    while batch := list(islice(remaining, _BATCH)):
        _write_batch(table, batch)


def _write_batch(table: Table, batch: list[dict[str, Any]]) -> None:
    for pause in _PAUSES:
        try:
            answer = table.client.batch_write_item(RequestItems={table.name: batch})
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
        else:
            batch = answer.get("UnprocessedItems", {}).get(table.name, [])
        if not batch:
            return
        time.sleep(pause)
    raise Failure(
        "the table takes no more for now: give the command again, it goes on", Exit.NO_CLOUD
    )
