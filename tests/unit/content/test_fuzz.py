"""Posts that were damaged at random: each is read or rejected, and soon.

`FUZZ` says for how many seconds: 8, or 60 in `.ci/run` and 600 in `make soak`. `FUZZ_SEED` repeats
the damages of a run that failed, whose message names it.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ALLOWED
from unit.content import fuzz

SECONDS = float(os.environ.get("FUZZ", "8"))
SEED = int(os.environ.get("FUZZ_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
PATIENCE = 120.0
"""Seconds after which a post is taken for one that is never read to its end."""

TESTS = Path(__file__).parents[2]
OTHERS = TESTS.parent.parent / "shared" / "corpus"


def _watch(command: list[str], seconds: float, last: Path) -> None:
    """Fails with the post that a process was reading when it failed or was still reading."""
    try:
        done = subprocess.run(command, timeout=seconds, capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        pytest.fail(f"FUZZ_SEED={SEED}: never read to its end: {last.read_bytes()[:3_000]!r}")
    if done.returncode:
        pytest.fail(f"{done.stderr[-10_000:]}\n{done.returncode}: {last.read_bytes()[:3_000]!r}")


def _hold(folder: Path, last: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        fuzz.__file__,
        str(folder),
        str(SECONDS / 2),
        str(SEED),
        str(last),
    ]
    _watch(command, SECONDS / 2 + PATIENCE, last)


def test_damaged_samples_are_read_or_rejected(tmp_path: Path) -> None:
    """The project's own posts of every dialect, damaged."""
    _hold(TESTS, tmp_path / "last")


def test_damaged_posts_of_others_are_read_or_rejected(tmp_path: Path) -> None:
    """Real blogs, damaged."""
    if not OTHERS.is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    _hold(OTHERS, tmp_path / "last")


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is raised inside of parse fails the test with what is needed to repeat it."""

    def raises(*_: object) -> str:
        raise KeyError("x")

    monkeypatch.setattr("presswork.content.body.Body.html", raises)
    with pytest.raises(KeyError) as caught:
        fuzz.hold([b"text"], 5, 7, tmp_path / "last")
    assert "FUZZ_SEED=7" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    "does", ["import time; time.sleep(60)", "import os; os.abort()", "raise KeyError"]
)
def test_what_is_never_read_to_its_end_would_be_seen(tmp_path: Path, does: str) -> None:
    """A process that hangs, dies or raises fails the test with the post that it was reading."""
    last = tmp_path / "last"
    last.write_bytes(b"the post")
    with pytest.raises(pytest.fail.Exception, match="the post"):
        _watch([sys.executable, "-c", does], 2, last)
