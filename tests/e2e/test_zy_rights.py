"""What the roles of the local cloud did in all tests before, held to the template."""

import sys
from pathlib import Path

import pytest

from e2e import rights
from e2e.local import Local
from template.rights import Grant, Use, grants, refused, table, unused
from template.stack import Stack

ALL = {file.name for file in Path(__file__).parent.glob("test_*.py")}


@pytest.fixture(scope="module")
def used(local: Local) -> set[Use]:
    """What roles did so far."""
    return set(rights.uses(local))


@pytest.fixture(scope="module")
def granted() -> list[Grant]:
    """What the template grants on the local cloud."""
    return grants(Stack({"MailFrom": "a@example.com", "LocalPort": "4566"}))


def test_no_role_did_what_it_may_not(granted: list[Grant], used: set[Use]) -> None:
    """Whatever a role did is granted to it."""
    assert used
    assert refused(granted, used) == []


def test_no_role_may_do_what_no_test_has_it_do(
    request: pytest.FixtureRequest, granted: list[Grant], used: set[Use]
) -> None:
    """Granted and never used: nothing, but for a reason; `-s` prints a line for each role."""
    if {item.path.name for item in request.session.items} < ALL:
        pytest.skip("a part of the tests makes use of a part of the rights")
    sys.stdout.write("\n".join(["", *table(granted, used, rights.REASONS), ""]))
    assert unused(granted, used, rights.REASONS) == []


def test_every_reason_is_needed(granted: list[Grant]) -> None:
    """A reason that excuses no right is to go."""
    for reason in rights.REASONS:
        assert any(reason.excuses(grant) for grant in granted), reason
