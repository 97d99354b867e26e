"""What functions import when they start: time that readers of a new post wait for."""

import ast
import gc

import pytest

from presswork import startup
from starts import STAGES, folder, imports, listed

POWERTOOLS = "aws_lambda_powertools.utilities"
LATE = {
    *("PIL", "asyncio", "bs4", "jinja2", "lxml", "math_core", "pygments"),
    *(f"{POWERTOOLS}.{name}" for name in ("batch", "data_classes", "idempotency")),
}
"""What is imported when there is work for it, but for what each request to one function needs."""
EARLY = {"webhook": {f"{POWERTOOLS}.idempotency"}}


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_imports_what_is_listed(stage: str) -> None:
    """`make imports` writes the lists: a new name in one is a choice, with its price in time."""
    found, names = imports(stage), set(listed(stage))
    new = {name: f"imported by {importer}" for name, importer in found.items() if name not in names}
    assert new == {}
    assert names - set(found) == set(), "no longer imported: run `make imports`"


@pytest.mark.parametrize("stage", STAGES)
def test_what_few_messages_need_is_imported_when_it_is_needed(stage: str) -> None:
    """Nobody waits for templates, a tree of HTML or Pillow before there is work for them."""
    names = set(listed(stage))
    assert names & LATE == EARLY.get(stage, set())
    assert "presswork.telemetry" in names


@pytest.mark.parametrize("stage", STAGES)
def test_a_start_looks_for_no_garbage(stage: str) -> None:
    """It begins before anything else is imported, and is done when all is there."""
    _, *body = ast.parse((folder(stage) / "app.py").read_text()).body
    assert [ast.unparse(statement) for statement in (*body[:2], body[-1])] == [
        "from presswork import startup",
        "startup.begin()",
        "startup.done()",
    ]


def test_garbage_is_looked_for_again_when_a_start_is_done() -> None:
    """And no more among what was there by then."""
    was_enabled = gc.isenabled()
    try:
        startup.begin()
        assert not gc.isenabled()
        startup.done()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        (gc.enable if was_enabled else gc.disable)()
