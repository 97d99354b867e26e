"""What is remembered for MiniStack; it has an environment of its own, so functions stand in."""

import json
from types import SimpleNamespace

from presswork_cli.local.cached_ministack import remember, remember_documents, replace


def test_equal_texts_are_worked_out_once() -> None:
    """A condition is parsed once, not for every item of a partition."""
    worked: list[tuple[str, ...]] = []

    def tokens(*texts: str) -> list[str]:
        worked.append(texts)
        return [*"".join(texts)]

    module = SimpleNamespace(tokens=tokens)
    remember(module, "tokens")
    assert [module.tokens("a = b", "slot") for _ in range(3)] == [[*"a = bslot"]] * 3
    assert module.tokens("a = b", "other") == [*"a = bother"]
    assert worked == [("a = b", "slot"), ("a = b", "other")]


def test_who_changes_an_answer_changes_his_own() -> None:
    """A list is a copy each time."""

    def letters(text: str) -> list[str]:
        return [*text]

    module = SimpleNamespace(tokens=letters, parse=letters)
    remember(module, "tokens")
    remember_documents(module, "parse")
    for answer in (module.tokens, module.parse):
        first = answer("ab")
        first.append("more")
        assert answer("ab") == ["a", "b"]


def test_a_policy_is_parsed_once_as_long_as_it_says_the_same() -> None:
    """A document counts by what it says, as text and as JSON; one that is changed counts anew."""
    worked: list[str] = []

    def parse(document: str) -> list[str]:
        worked.append(document)
        return [json.loads(document)["Statement"]]

    module = SimpleNamespace(parse=parse)
    remember_documents(module, "parse")
    policy = {"Statement": "one"}
    assert module.parse(policy) == module.parse(json.dumps(policy)) == ["one"]
    policy["Statement"] = "two"
    assert module.parse(policy) == ["two"]
    assert len(worked) == 2


def test_an_absent_answer_is_an_answer() -> None:
    """A condition without a fault is not looked through again."""
    asked: list[str] = []
    module = SimpleNamespace(fault=asked.append)
    remember(module, "fault")
    assert [module.fault("a"), module.fault("a"), asked] == [None, None, ["a"]]


def test_what_stands_in_for_a_function_is_made_of_it() -> None:
    """It may ask the function that it replaces."""
    module = SimpleNamespace(one=lambda: 1)
    replace(module, "one", lambda one: lambda: one() + 1)
    assert module.one() == 2
