"""Key conditions of DynamoDB, made ready once for all the items of a partition.

MiniStack reads a query's condition anew for each item, token by token, and a list has a thousand.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Mapping[str, Any]]
Item = Mapping[str, Any]
Holds = Callable[[Item], bool]

ANY = "ConditionExpression"

_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_TERM = re.compile(
    r"(?:(?P<name>\w+) (?P<operator>=|<|<=|>|>=) (?P<value>:\w+)"
    r"|begins_with\((?P<whose>\w+), (?P<prefix>:\w+)\)"
    r"|(?P<between>\w+) BETWEEN (?P<first>:\w+) AND (?P<last>:\w+))"
    r"(?: AND |\Z)"
)


def compiled(expression: str, values: Values) -> Holds | None:
    """Whether an item is within a key condition on texts; None for a condition on anything else."""
    at, holds = 0, None
    while at < len(expression):
        term = _TERM.match(expression, at)
        test = _test(term.groupdict(), values) if term else None
        if term is None or test is None:
            return None
        holds = test if holds is None else _both(holds, test)
        at = term.end()
    return holds


def _both(one: Holds, other: Holds) -> Holds:
    return lambda item: one(item) and other(item)


def _test(term: Mapping[str, str | None], values: Values) -> Holds | None:
    """One of the conditions; each is on an attribute that every item of a table has, or none is."""
    bounds = [_text(values, term[name]) for name in ("value", "prefix", "first", "last")]
    value, prefix, first, last = bounds
    name = term["name"] or term["whose"] or term["between"] or ""
    if prefix is not None:
        return lambda item: item[name]["S"].startswith(prefix)
    if first is not None and last is not None:
        return lambda item: first <= item[name]["S"] <= last
    if value is not None:
        compare = _COMPARE[term["operator"] or "="]
        return lambda item: compare(item[name]["S"], value)
    return None


def _text(values: Values, reference: str | None) -> str | None:
    text = values.get(reference or "", {}).get("S")
    return text if isinstance(text, str) else None


class Evaluation:
    """Stands in for MiniStack's evaluation of a condition.

    The first item of a query is judged by MiniStack itself, with all that it holds against a
    condition; those after it by the condition made ready.
    """

    def __init__(self, evaluate: Callable[..., bool]) -> None:
        self._evaluate = evaluate
        self._newest: tuple[str, Values, Holds | None] = "", {}, None

    def __call__(
        self, expression: str, item: Item, values: Values, names: Any, slot: str = ANY
    ) -> bool:
        """Whether a condition holds for an item."""
        if slot != "KeyConditionExpression":
            return self._evaluate(expression, item, values, names, slot)
        known, known_values, holds = self._newest
        if known_values is values and known == expression and holds is not None:
            return holds(item)
        answer = self._evaluate(expression, item, values, names, slot)
        self._newest = expression, values, compiled(expression, values)
        return answer
