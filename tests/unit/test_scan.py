"""What the scanners of the template leave out is known, and each time it is said why."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LEFT_OUT = {".checkov.yaml": "skip-check", ".cfnlintrc.yaml": "ignore_checks"}


def rules(settings: str) -> list[str]:
    """The rules that a scanner leaves out."""
    found = yaml.safe_load((ROOT / settings).read_text(encoding="utf-8"))[LEFT_OUT[settings]]
    assert found
    return [str(rule) for rule in found]


@pytest.mark.parametrize("settings", LEFT_OUT)
def test_every_rule_that_is_left_out_has_its_reason(settings: str) -> None:
    """The line above it is a comment of its own."""
    lines = (ROOT / settings).read_text(encoding="utf-8").splitlines()
    places = {line.removeprefix("  - "): number for number, line in enumerate(lines)}
    for rule in rules(settings):
        assert lines[places[rule] - 1].startswith("  # "), rule


def test_what_is_left_out_is_told() -> None:
    """SECURITY.md names these rules, and no other."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    told = re.findall(r"`((?:CKV_AWS_|[A-Z]{1,2})\d+)`", text)
    assert sorted(told) == sorted(rule for settings in LEFT_OUT for rule in rules(settings))


def test_nothing_is_left_out_in_the_template_itself() -> None:
    """One place for each scanner: a comment in the template would be read over."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    assert not re.findall(r"checkov:|cfn-lint:|nosec", template)
