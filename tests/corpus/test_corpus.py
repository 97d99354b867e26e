"""Small posts, one for each dialect and quirk, each beside what it must be read as.

`<name>.<suffix>` is a source, `<name>.<suffix>.expected.json` says what comes of it: an object with
any of `site` (settings), `key` and `uploaded` (what `parse` is given besides the bytes), and either
`error` (all of it) or any of `post` (the fields named, no others), `text`, `repairs` and
`warnings` (how often each rule was applied, or broken; all of them).
"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from presswork.content import Parsed, Site, parse
from presswork.errors import Rejected
from presswork.post import Error

HERE = Path(__file__).parent
EXPECTED = ".expected.json"
SOURCES = sorted(
    path.relative_to(HERE).as_posix().removesuffix(EXPECTED) for path in HERE.rglob(f"*{EXPECTED}")
)


def comes_of(source: Path, given: dict[str, Any]) -> dict[str, Any]:
    """What parsing gives, in the form of an expectation, with all that could be expected."""
    uploaded = given.get("uploaded")
    try:
        parsed = parse(
            source.read_bytes(),
            given.get("key", f"posts/{source.name}"),
            Site.model_validate(given.get("site", {})),
            uploaded=datetime.fromisoformat(uploaded) if uploaded else None,
        )
    except Rejected as rejected:
        return {"error": Error.of(rejected).model_dump(mode="json")}
    return {
        "post": parsed.post.model_dump(mode="json"),
        "text": parsed.text,
        "repairs": {repair.rule: repair.count for repair in parsed.repairs},
        "warnings": dict(_warned(parsed)),
    }


def _warned(parsed: Parsed) -> Counter[str]:
    warned: Counter[str] = Counter()
    for each in parsed.warnings:
        warned[each.rule] += each.count
    return warned


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_read_as_it_is_meant(name: str) -> None:
    """The post, or the error, is the expected one."""
    expected = json.loads((HERE / f"{name}{EXPECTED}").read_text(encoding="utf-8"))
    given = {key: expected.pop(key, None) for key in ("site", "key", "uploaded")}
    actual = comes_of(HERE / name, {key: value for key, value in given.items() if value})
    assert actual.keys() >= expected.keys()
    if "post" in expected:
        actual["post"] = {field: actual["post"][field] for field in expected["post"]}
    assert {part: actual[part] for part in expected} == expected


def test_every_source_has_an_expectation() -> None:
    """No file stands here untested."""
    files = {path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.is_file()}
    ours = {name for name in files if "__pycache__" not in name and not name.endswith(".py")}
    assert ours == {each for name in SOURCES for each in (name, f"{name}{EXPECTED}")}
