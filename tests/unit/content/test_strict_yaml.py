"""Front matter as people mean it."""

import json
from typing import Any

import pytest
import yaml

from presswork.content.front_matter import strict_yaml
from presswork.errors import Rejected
from unit.content.reading import OPEN, read, refusal


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("'true'", "true"),
        ("12:30", "12:30"),
        ("017", "017"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("3.10", "3.10"),
        ("3.1", 3.1),
        ("1e3", "1e3"),
        ("-7", -7),
        ("-0", "-0"),
        ("+7", "+7"),
        (".inf", ".inf"),
        ("12345678901234567890", "12345678901234567890"),
        ("2021-11-21", "2021-11-21"),
        ("2021-11-21 18:10:05 +8", "2021-11-21 18:10:05 +8"),
        ("~", None),
        ("null", None),
        ("", None),
        ("'~'", "~"),
        ("=", "="),
        ("[a, [no, 1]]", ["a", ["no", 1]]),
        ("{on: off}", {"on": "off"}),
        ("|\n  a\n  b", "a\nb\n"),
        ("a\u2028b", "a b"),
    ],
)
def test_values(spelled: str, value: Any) -> None:
    """Plain values are text unless they are true, false, nothing, or a number in plain form."""
    found = strict_yaml.load(f"key: {spelled}\n", area="x")["key"].value
    assert found == value
    assert type(found) is type(value)


def test_the_slow_loader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml, PyYAML's own loader gives the same values and places."""
    text = "a: [no, 1, {b: ~}]\n'c': |\n  d\ne: 3.10\n"
    fast = strict_yaml.load(text, area="x", first_line=7)
    monkeypatch.setattr(strict_yaml, "LOADER", yaml.SafeLoader)
    assert strict_yaml.load(text, area="x", first_line=7) == fast
    assert (fast["e"].line, fast["e"].column) == (10, 1)


def test_aliases_repeat_a_value() -> None:
    """An anchor within bounds is what it stands for."""
    assert read(a="&x [1, 2]", b="*x", site=OPEN).post.extra == {"a": [1, 2], "b": [1, 2]}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefg", "bcdefgh", strict=True)
)
TOWER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("matter", "rule", "line", "column"),
    [
        ("a: 1\na: 2", "duplicate-key", 4, 1),
        ("a:\n  b: 1\n  'b': 2", "duplicate-key", 5, 3),
        ("a: !!python/object/apply:os.system [x]", "tag", 3, 4),
        ("a: !x y", "tag", 3, 4),
        ("? [a]\n: b", "key", 3, 3),
        ("- a\n- b", "mapping", 3, 1),
        ("just words", "mapping", 3, 1),
        ("a: *nobody", "alias", 3, 4),
        ("a: &a [*a]", "alias", 3, 8),
        (BOMB, "nodes", 7, 8),
        (TOWER, "depth", 7, 17),
        ("a: " + "[" * 40 + "]" * 40, "depth", 3, 35),
        ("a: [" + "x," * 10_000 + "]", "nodes", 3, None),
        ("a: b\n\tc: d", "yaml", 4, None),
        ("title: one: two", "yaml", 3, 11),
        ("a: 1\nb: @home", "yaml", 4, 4),
        ("a: 'open\nb: 1", "yaml", 3, 4),
        ("a: [1, 2\nb: 3", "yaml", 4, None),
        ("a: x\x07y", "character", 3, 5),
        ("a: 1\n--- # more\nb: 2", "documents", 4, 1),
    ],
)
def test_refused(matter: str, rule: str, line: int, column: int | None) -> None:
    """What YAML would act on, or cannot read, is rejected at its place in the file."""
    rejected = refusal(f"\n---\n{matter}\n---\n")
    assert (rejected.rule, rejected.line) == (f"frontmatter.{rule}", line)
    assert column is None or rejected.column == column


def test_unknown_keys_that_are_public_are_kept() -> None:
    """What no one here knows is kept as it was written, and can be written as JSON."""
    front = {"comments": "false", "weight": "3.10", "toc": "{depth: 2}", "note": ""}
    extra = read(site=OPEN, **front).post.extra
    assert extra == {"comments": False, "weight": "3.10", "toc": {"depth": 2}, "note": None}
    assert json.loads(json.dumps(extra)) == extra


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        (r'"\ud83d\ude00 smile"', "😀 smile"),
        (r'["\uD83D\uDE00", "\ud83c\udf0a"]', ["😀", "🌊"]),
        (r'{"\ud83d\ude00": 1}', {"😀": 1}),
        (r'"\\ud83d \ud83d\ude00"', r"\ud83d 😀"),
        (r"""'\ud83d\ude00 "x"'""", r'\ud83d\ude00 "x"'),
    ],
)
def test_a_character_in_two_escapes(spelled: str, value: Any) -> None:
    """JSON escapes a character beyond U+FFFF in two halves; between double quotes they are one."""
    text = f'a: "\\ud83d\\ude00"\nkey: {spelled}\n'
    assert strict_yaml.load(text, area="x")["key"].value == value


@pytest.mark.parametrize(
    "halves",
    [r"\ud83d", r"\ude00", r"\ud83d\ude00 \ude00", r"\ude00\ud83d", r"\ud83d\ude00 \\ud83d\ude00"],
)
def test_half_a_character(halves: str) -> None:
    """A half without the other is no character, and rejected."""
    with pytest.raises(Rejected):
        strict_yaml.load(f'key: "{halves}"\n', area="x")


def test_many_strings_of_characters_in_two_escapes() -> None:
    """Each such string takes a pass: there is an end of them."""
    text = ", ".join([r'"\ud83d\ude00"'] * 40)
    with pytest.raises(Rejected):
        strict_yaml.load(f"key: [{text}]\n", area="x")
