"""What the command line remembers of the tests stands apart from what it remembers of its user."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".caches"))
