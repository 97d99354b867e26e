"""DynamoDB in memory, as far as the flow uses it: the same answers as the real part, only sooner.

Expressions are those of the DynamoDB Developer Guide, "Condition and filter expressions"; sizes are
those of "Quotas in Amazon DynamoDB".
"""

import operator
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]
Test = Callable[[Item], bool]

_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
PAGE = 1024 * 1024
MOST_WRITES = 100
MOST_READS = 100
"""Keys of a batch: DynamoDB API Reference, "BatchGetItem"."""
LONGEST_PK, LONGEST_SK = 2048, 1024
"""Bytes of a key's parts, of which none is empty."""
LARGEST_ITEM = 400 * 1024
"""Bytes of an item, the names of its attributes included."""
LARGEST_TRANSACTION = 4 * 1024 * 1024
"""Bytes of the items of a transaction."""
_TOKENS = re.compile(r"\s*([#:]\w+(?:\.#\w+)*|\w+|<>|<=|>=|[=<>(),])")


def failed(code: str, operation: str, **more: object) -> ClientError:
    """An error as botocore raises it."""
    error: Any = {"Error": {"Code": code, "Message": code}, **more}
    return ClientError(error, operation)


class Expression:
    """A condition: AND, OR, NOT, comparisons and functions; read once, held against any item."""

    def __init__(self, text: str, names: Mapping[str, str], values: Mapping[str, Any]) -> None:
        self._tokens = _TOKENS.findall(text)
        self._at = 0
        self._names, self._values = names, values
        self.holds = self._any()
        assert self._at == len(self._tokens), f"not understood: {self._tokens[self._at :]}"

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _any(self) -> Test:
        tests = [self._all()]
        while self._peek() == "OR":
            self._next()
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._peek() == "AND":
            self._next()
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def _one(self) -> Test:
        token = self._next()
        if token == "NOT":
            inner = self._one()
            return lambda item: not inner(item)
        if token == "(":
            inner = self._any()
            assert self._next() == ")"
            return inner
        if self._peek() == "(":
            return self._function(token)
        left, sign = self._value(token), self._next()
        if sign == "BETWEEN":
            low = self._value(self._next())
            assert self._next() == "AND"
            high = self._value(self._next())
            return lambda item: (
                _compare(left(item), ">=", low(item)) and _compare(left(item), "<=", high(item))
            )
        right = self._value(self._next())
        return lambda item: _compare(left(item), sign, right(item))

    def _function(self, name: str) -> Test:
        self._next()
        first, *more = [self._value(self._next())]
        while self._next() == ",":
            more.append(self._value(self._next()))
        if name == "attribute_exists":
            return lambda item: first(item) is not None
        if name == "attribute_not_exists":
            return lambda item: first(item) is None
        assert name == "begins_with", name
        (start,) = more
        return lambda item: (
            (text := first(item)) is not None
            and str(plain(text)).startswith(str(plain(start(item))))
        )

    def _value(self, token: str) -> Callable[[Item], Any]:
        if token.startswith(":"):
            value = self._values[token]
            return lambda _: value
        path = [self._names.get(part, part) for part in token.split(".")]
        if len(path) == 1:
            return lambda item: item.get(path[0])
        return lambda item: _at(item, path)


def _at(item: Item, path: list[str]) -> Any:
    value: Any = {"M": item}
    for name in path:
        value = value.get("M", {}).get(name) if value else None
    return value


def _compare(left: Any, sign: str, right: Any) -> bool:
    if left is None or right is None:
        return sign == "<>" and left is not right
    if sign in ("=", "<>"):
        return (plain(left) == plain(right)) is (sign == "=")
    if left.keys() != right.keys():
        return False
    return bool(_ORDER[sign](plain(left), plain(right)))


def plain(value: Mapping[str, Any]) -> Any:
    """A value of DynamoDB, fit to be compared with another of its type."""
    ((kind, content),) = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "L":
        return [plain(each) for each in content]
    if kind == "M":
        return {name: plain(each) for name, each in content.items()}
    return None if kind == "NULL" else content


def size(value: Any) -> int:
    """About the bytes of an item, a value, or a piece of one."""
    if isinstance(value, Mapping):
        return sum(len(key) + size(each) for key, each in value.items())
    if isinstance(value, list):
        return sum(map(size, value))
    return len(value.encode()) if isinstance(value, str) else 1


class MemoryTable:
    """One table with the keys PK and SK; whoever gets an item does not change it."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Item]] = {}
        self._order: dict[str, list[str]] = {}
        self._sizes: dict[Key, int] = {}

    def restore(self, other: "MemoryTable") -> None:
        """Has what another one has."""
        self._items = {pk: dict(items) for pk, items in other._items.items()}
        self._order = {pk: list(order) for pk, order in other._order.items()}
        self._sizes = dict(other._sizes)

    def get_item(self, *, Key: Item, **_: object) -> Item:
        """The item, if it is there."""
        _check(*_key(Key), "GetItem")
        item = self._at(_key(Key))
        return {} if item is None else {"Item": item}

    def batch_get_item(self, *, RequestItems: Item) -> Item:
        """The items of those keys that are there; DynamoDB API Reference, "BatchGetItem"."""
        ((table, about),) = RequestItems.items()
        keys = [_key(key) for key in about["Keys"]]
        if len(keys) > MOST_READS or len(set(keys)) < len(keys):
            raise failed("ValidationException", "BatchGetItem")
        for key in keys:
            _check(*key, "BatchGetItem")
        found = [item for key in keys if (item := self._at(key)) is not None]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def put_item(self, **request: Any) -> Item:
        """Writes an item whole."""
        self._apply("PutItem", [{"Put": request}])
        return {}

    def update_item(self, **request: Any) -> Item:
        """Sets attributes of an item, which is made if it is not there."""
        self._apply("UpdateItem", [{"Update": request}])
        return {}

    def delete_item(self, **request: Any) -> Item:
        """Takes an item away."""
        self._apply("DeleteItem", [{"Delete": request}])
        return {}

    def transact_write_items(self, *, TransactItems: list[Item]) -> Item:
        """All of the writes, or none."""
        operation = "TransactWriteItems"
        keys = [_target(*next(iter(entry.items()))) for entry in TransactItems]
        if len(keys) > MOST_WRITES or len(set(keys)) < len(keys):
            raise failed("ValidationException", operation)
        self._apply(operation, TransactItems)
        return {}

    def query(self, **request: Any) -> Item:
        """A page of a partition, in the order of SK or against it."""
        values = request["ExpressionAttributeValues"]
        condition = Expression(request["KeyConditionExpression"], {}, values)
        pk = values[":pk"]["S"]
        _check(pk, "any", "Query")
        keys = self._order.get(pk, [])
        start = request.get("ExclusiveStartKey")
        forward = request.get("ScanIndexForward", True)
        keys = keys if forward else keys[::-1]
        after = start["SK"]["S"] if start else None
        found: list[Item] = []
        read = 0
        for sk in keys:
            if after is not None and (sk <= after if forward else sk >= after):
                continue
            item = self._items[pk][sk]
            if not condition.holds({"PK": {"S": pk}, "SK": {"S": sk}}):
                continue
            if read > PAGE or len(found) == request.get("Limit"):
                last = found[-1]
                more = {"LastEvaluatedKey": {"PK": last["PK"], "SK": last["SK"]}}
                return _counted(found, request) | more
            found.append(item)
            read += self._sizes[pk, sk]
        return _counted(found, request)

    def everything(self) -> Iterator[Item]:
        """All items, for a test that looks behind."""
        for partition in self._items.values():
            yield from partition.values()

    def _at(self, key: Key) -> Item | None:
        return self._items.get(key[0], {}).get(key[1])

    def _apply(self, operation: str, entries: list[Item]) -> None:
        writes = [next(iter(entry.items())) for entry in entries]
        reasons = []
        seen: Item = {}
        for kind, request in writes:
            text = request.get("ConditionExpression")
            item = self._at(_target(kind, request)) or {}
            if request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
                seen = {"Item": item}
            names = request.get("ExpressionAttributeNames", {})
            values = request.get("ExpressionAttributeValues", {})
            holds = text is None or Expression(text, names, values).holds(item)
            reasons.append({"Code": "None" if holds else "ConditionalCheckFailed"})
        if any(reason["Code"] != "None" for reason in reasons):
            if operation == "TransactWriteItems":
                code = "TransactionCanceledException"
                raise failed(code, operation, CancellationReasons=reasons)
            raise failed("ConditionalCheckFailedException", operation, **seen)
        made = [
            (kind, _target(kind, request), self._made(kind, request)) for kind, request in writes
        ]
        for _, key, item in made:
            _check(*key, operation)
            if size(item) > LARGEST_ITEM:
                raise failed("ValidationException", operation)
        if sum(size(item) for _, _, item in made) > LARGEST_TRANSACTION:
            raise failed("ValidationException", operation)
        for kind, key, item in made:
            self._write(kind, key, item)

    def _made(self, kind: str, request: Item) -> Item:
        if kind == "Update":
            key = _target(kind, request)
            item = self._at(key) or {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
            return _updated(item, request)
        return request["Item"] if kind == "Put" else {}

    def _write(self, kind: str, key: Key, item: Item) -> None:
        if kind in ("Put", "Update"):
            self._set(key, item)
        elif kind == "Delete" and self._at(key) is not None:
            pk, sk = key
            del self._items[pk][sk]
            order = self._order[pk]
            del order[bisect_left(order, sk)]

    def _set(self, key: Key, item: Item) -> None:
        pk, sk = key
        partition = self._items.setdefault(pk, {})
        if sk not in partition:
            insort(self._order.setdefault(pk, []), sk)
        partition[sk] = item
        self._sizes[key] = size(item)


def _counted(found: list[Item], request: Item) -> Item:
    """A page of a query: its items and their number, or the number alone."""
    items = {} if request.get("Select") == "COUNT" else {"Items": found}
    return {**items, "Count": len(found)}


def _check(pk: str, sk: str, operation: str) -> None:
    if not 0 < len(pk.encode()) <= LONGEST_PK or not 0 < len(sk.encode()) <= LONGEST_SK:
        raise failed("ValidationException", operation)


def _target(kind: str, request: Item) -> Key:
    return _key(request["Item"] if kind == "Put" else request["Key"])


def _key(item: Item) -> Key:
    return item["PK"]["S"], item["SK"]["S"]


def _updated(item: Item, request: Item) -> Item:
    """A copy after SET with paths and values, which is all that the flow asks for."""
    made = dict(item)
    names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
    setting, _, rest = request["UpdateExpression"].partition(" ")
    assert setting == "SET", setting
    for clause in rest.split(", "):
        path, _, value = clause.partition(" = ")
        *above, last = [names[part] for part in path.split(".")]
        target = made
        for name in above:
            if "M" not in target.get(name, {}):
                raise failed("ValidationException", "UpdateItem")
            target[name] = {"M": dict(target[name]["M"])}
            target = target[name]["M"]
        target[last] = values[value]
    return made
