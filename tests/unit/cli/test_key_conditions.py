"""Conditions on keys, made ready once for all the items of a partition."""

from typing import Any

import pytest

from presswork_cli.local.key_conditions import Evaluation, compiled

VALUES = {
    ":pk": {"S": "a"},
    ":first": {"S": "2"},
    ":last": {"S": "6"},
    ":below": {"S": "4"},
    ":prefix": {"S": "3"},
    ":number": {"N": "3"},
}
KEY = "KeyConditionExpression"


def item(sk: object, pk: str = "a") -> dict[str, dict[str, str]]:
    """An item with these keys."""
    return {"PK": {"S": pk}, "SK": {"S": str(sk)}}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("PK = :pk", "01234567"),
        ("PK = :pk AND SK < :below", "0123"),
        ("PK = :pk AND SK <= :below", "01234"),
        ("PK = :pk AND SK > :below", "567"),
        ("PK = :pk AND SK >= :below", "4567"),
        ("PK = :pk AND SK BETWEEN :first AND :last", "23456"),
        ("PK = :pk AND begins_with(SK, :prefix)", "3"),
        ("PK = :pk AND SK BETWEEN :first AND :last AND SK < :below", "23"),
    ],
)
def test_a_condition_finds_what_it_says(condition: str, found: str) -> None:
    """Each form that the table asks in, and no item of another partition."""
    holds = compiled(condition, VALUES)
    assert holds is not None
    assert "".join(str(n) for n in range(8) if holds(item(n))) == found
    assert not holds(item(3, pk="b"))


@pytest.mark.parametrize(
    "condition",
    [
        "#pk = :pk",
        "PK = :pk OR SK = :below",
        "(PK = :pk)",
        "PK = :absent",
        "PK = :pk AND SK = :number",
        "PK = :pk AND size(SK) > :below",
        "PK = :pk AND SK BETWEEN :first AND :absent",
        "PK = :pk trailing",
    ],
)
def test_any_other_condition_is_left_to_ministack(condition: str) -> None:
    """What is not understood to its end is not judged here."""
    assert compiled(condition, VALUES) is None


class Judge:
    """Stands in for MiniStack's evaluation, and notes what it was asked."""

    def __init__(self, *, answer: bool = True) -> None:
        self.asked: list[Any] = []
        self.answer = answer

    def __call__(self, expression: str, item: Any, *about: Any) -> bool:
        """Its answer."""
        _values, _names, slot = about
        self.asked.append((expression, item["SK"]["S"], slot))
        return self.answer


def test_ministack_judges_the_first_item_of_each_query() -> None:
    """All that it holds against a condition is said; those after it are judged here."""
    judge = Judge()
    evaluate = Evaluation(judge)
    for values in ({**VALUES}, {**VALUES, ":below": {"S": "2"}}):
        found = [evaluate("SK < :below", item(n), values, {}, KEY) for n in range(4)]
        assert found == [True, *(str(n) < values[":below"]["S"] for n in (1, 2, 3))]
    assert judge.asked == [("SK < :below", "0", KEY)] * 2


def test_conditions_of_writes_are_left_to_ministack() -> None:
    """It is asked for every one of them, and for filters."""
    judge = Judge(answer=False)
    evaluate = Evaluation(judge)
    assert evaluate("SK < :below", item(1), VALUES, {}, KEY) is False
    answers = [evaluate("SK < :below", item(1), VALUES, {}, slot) for slot in ("Filter", "Any")]
    assert answers == [False, False]
    assert evaluate("SK < :below", item(1), VALUES, {}) is False
    assert len(judge.asked) == 4


def test_a_condition_that_is_not_understood_is_judged_by_ministack_each_time() -> None:
    """No item is judged twice by half."""
    judge = Judge()
    evaluate = Evaluation(judge)
    assert all(evaluate("#sk < :below", item(n), VALUES, {"#sk": "SK"}, KEY) for n in range(4))
    assert len(judge.asked) == 4
