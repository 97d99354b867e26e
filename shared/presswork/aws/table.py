"""The one DynamoDB table, as typed values: get, query, and writes that belong together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Self, TypeVar, overload

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from presswork.aws.clients import client, variable
from presswork.aws.conflicts import Changed, make_way
from presswork.aws.parallel import in_parallel
from presswork.errors import RetryLater

__all__ = [
    "Attr",
    "Check",
    "ConditionBase",
    "Delete",
    "Item",
    "Put",
    "Table",
    "Update",
    "Wanted",
    "Write",
]

type_serializer = TypeSerializer()
type_deserializer = TypeDeserializer()

Item = Mapping[str, Any]
Read = TypeVar("Read")
Other = TypeVar("Other")
Third = TypeVar("Third")

MOST_READS = 100
"""What one read of several items takes (API Reference, "BatchGetItem")."""

MOST_WRITES = 100
"""What a transaction takes (Developer Guide, "Quotas")."""

MEETINGS = 12
"""How often a write may meet others on the same item, some four seconds in all."""

_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why a transaction is cancelled that may be done a moment later: botocore tries a throttled write
again, and no cancelled transaction (API Reference, "TransactWriteItems", cancellation reasons).
"""


@dataclass(frozen=True)
class Wanted(Generic[Read]):
    """An item that is to be read, and what is made of it, or of there being none."""

    pk: str
    sk: str
    read: Callable[[Item | None], Read]


@dataclass(frozen=True)
class Put:
    """Write a whole item."""

    item: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Update:
    """Set some attributes of an item; a dotted name is a path into a map."""

    pk: str
    sk: str
    values: Mapping[str, Any]
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Delete:
    """Take an item away."""

    pk: str
    sk: str
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Check:
    """Hold a transaction to a condition on an item that it does not write."""

    pk: str
    sk: str
    condition: ConditionBase


Write = Put | Update | Delete | Check


@dataclass
class _Expressions:
    """Numbered placeholders shared by the condition and the update of one request."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def condition(self, condition: ConditionBase) -> str:
        built = ConditionExpressionBuilder().build_expression(condition)
        self.names.update(built.attribute_name_placeholders)
        self.values.update(
            {k: _serialize(v) for k, v in built.attribute_value_placeholders.items()}
        )
        return str(built.condition_expression)

    def setting(self, values: Mapping[str, Any]) -> str:
        clauses = []
        for number, (path, value) in enumerate(values.items()):
            parts = []
            for depth, part in enumerate(path.split(".")):
                placeholder = f"#u{number}_{depth}"
                self.names[placeholder] = part
                parts.append(placeholder)
            self.values[f":u{number}"] = _serialize(value)
            clauses.append(f"{'.'.join(parts)} = :u{number}")
        return "SET " + ", ".join(clauses)

    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self.names:
            arguments["ExpressionAttributeNames"] = self.names
        if self.values:
            arguments["ExpressionAttributeValues"] = self.values
        return arguments


def _serialize(value: Any) -> Any:
    return type_serializer.serialize(value)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def _read(item: Mapping[str, Any]) -> Item:
    return {name: type_deserializer.deserialize(value) for name, value in item.items()}


@dataclass(frozen=True)
class Table:
    """The table: string keys PK and SK, on demand, TTL attribute `ttl`. All reads are strong."""

    client: Any
    name: str

    @classmethod
    def from_env(cls) -> Self:
        """The table named by TABLE_NAME."""
        return cls(client("dynamodb"), variable("TABLE_NAME"))

    def get(self, pk: str, sk: str) -> Item | None:
        """The item as it is now."""
        answer = self.client.get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def read(self, wanted: Wanted[Read]) -> Read:
        """What an item that is wanted says now."""
        return wanted.read(self.get(wanted.pk, wanted.sk))

    @overload
    def read_all(self, one: Wanted[Read], other: Wanted[Other], /) -> tuple[Read, Other]: ...
    @overload
    def read_all(
        self, one: Wanted[Read], other: Wanted[Other], third: Wanted[Third], /
    ) -> tuple[Read, Other, Third]: ...
    @overload
    def read_all(self, *wanted: Wanted[Any]) -> tuple[Any, ...]: ...
    def read_all(self, *wanted: Wanted[Any]) -> tuple[Any, ...]:
        """What several items that are wanted say now, in one call."""
        items = self.get_many(*((each.pk, each.sk) for each in wanted))
        return tuple(each.read(item) for each, item in zip(wanted, items, strict=True))

    def get_many(self, *keys: tuple[str, str]) -> list[Item | None]:
        """The items as they are now, in the order of their keys.

        Each is read strongly, and not all at one instant: 100 of them in one call, and such calls
        side by side.
        """
        left = [_key(pk, sk) for pk, sk in dict.fromkeys(keys)]
        parts = [left[at : at + MOST_READS] for at in range(0, len(left), MOST_READS)]
        found: dict[tuple[str, str], Item] = {}
        for part in in_parallel([partial(self._get_part, part) for part in parts]):
            found |= part
        return [found.get(key) for key in keys]

    def _get_part(self, left: list[dict[str, Any]]) -> dict[tuple[str, str], Item]:
        """The items that are there, by their keys.

        What DynamoDB leaves out of an answer is asked for again (API Reference, "BatchGetItem"),
        with RetryLater in the end.
        """
        found: dict[tuple[str, str], Item] = {}
        for asked in range(MEETINGS):
            about = {self.name: {"Keys": left, "ConsistentRead": True}}
            answer = self.client.batch_get_item(RequestItems=about)
            items = map(_read, answer["Responses"].get(self.name, ()))
            found |= {(item["PK"], item["SK"]): item for item in items}
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            if not left:
                return found
            make_way(asked)
        raise RetryLater("DynamoDB leaves items out of its answers")

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        between: tuple[str, str] | None = None,
        below: str | None = None,
        above: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Item]:
        """The items of a partition in SK's order: with a prefix, or within bounds."""
        condition, values = _within(pk, prefix, between)
        if below is not None:
            condition += " AND SK < :below"
            values[":below"] = {"S": below}
        elif above is not None:
            condition += " AND SK > :above"
            values[":above"] = {"S": above}
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            "ScanIndexForward": not newest_first,
        }
        left = limit
        while True:
            if left is not None:
                arguments["Limit"] = left
            answer = self.client.query(**arguments)
            yield from map(_read, answer["Items"])
            if left is not None:
                left -= len(answer["Items"])
            if "LastEvaluatedKey" not in answer or left == 0:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def count(
        self, pk: str, *, prefix: str = "", between: tuple[str, str] | None = None, limit: int
    ) -> int:
        """How many items a partition has with a prefix, or in between; `limit` at most."""
        condition, values = _within(pk, prefix, between)
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            "Select": "COUNT",
        }
        found = 0
        while True:
            answer = self.client.query(**arguments, Limit=limit - found)
            found += int(answer["Count"])
            if "LastEvaluatedKey" not in answer or found == limit:
                return found
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, *writes: Write) -> None:
        """All of the writes, or none: raises Changed when a condition does not hold.

        Meeting another transaction on the same item says nothing of the conditions, nor does a
        transaction that is throttled: it is tried again, and RetryLater in the end. A single write
        that is throttled is botocore's to repeat.
        """
        for met in range(MEETINGS):
            try:
                if len(writes) == 1:
                    self._write_one(writes[0])
                else:
                    self.client.transact_write_items(TransactItems=[self._entry(w) for w in writes])
            except ClientError as error:
                reasons = _reasons(error)
                if "ConditionalCheckFailed" in reasons:
                    raise Changed from error
                if not reasons & _PASSING:
                    raise
                make_way(met)
            else:
                return
        raise RetryLater("others wrote the same items for too long")

    def _write_one(self, write: Write) -> None:
        ((operation, arguments),) = self._entry(write).items()
        call = {
            "Put": self.client.put_item,
            "Update": self.client.update_item,
            "Delete": self.client.delete_item,
        }[operation]
        call(**arguments)

    def _entry(self, write: Write) -> dict[str, Any]:
        expressions = _Expressions()
        arguments: dict[str, Any] = {"TableName": self.name}
        if isinstance(write, Put):
            arguments["Item"] = {k: _serialize(v) for k, v in write.item.items()}
        else:
            arguments["Key"] = _key(write.pk, write.sk)
        if write.condition is not None:
            arguments["ConditionExpression"] = expressions.condition(write.condition)
        if isinstance(write, Update):
            arguments["UpdateExpression"] = expressions.setting(write.values)
        kind = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
        return {kind[type(write)]: arguments | expressions.arguments()}


def _within(
    pk: str, prefix: str, between: tuple[str, str] | None
) -> tuple[str, dict[str, dict[str, str]]]:
    """A condition on keys: those of a partition that begin so, or stand between two."""
    condition, values = "PK = :pk", {":pk": {"S": pk}}
    if prefix:
        condition += " AND begins_with(SK, :prefix)"
        values[":prefix"] = {"S": prefix}
    elif between is not None:
        condition += " AND SK BETWEEN :first AND :last"
        values |= {":first": {"S": between[0]}, ":last": {"S": between[1]}}
    return condition, values


def _reasons(error: ClientError) -> set[str]:
    """Why a write did not happen, in the words of TransactWriteItems' cancellation reasons."""
    code = error.response["Error"]["Code"].removesuffix("Exception")
    if code == "TransactionCanceled":
        return {reason.get("Code", "") for reason in error.response.get("CancellationReasons", [])}
    return {code} & {"ConditionalCheckFailed", "TransactionConflict"}  # botocore tries the others
