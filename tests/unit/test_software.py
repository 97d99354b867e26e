"""The digest of what makes bytes changes with the package and with its libraries."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from presswork import software
from presswork.content import Site, parse
from presswork.state import BuildId

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "shared" / "presswork"
MAKE_NO_BYTES = {"aws-lambda-powertools", "standardwebhooks", "urllib3"}
POST = b"---\ntitle: A\ndate: 2026-01-02\n---\nWords.\n"


def digest_of(folder: Path) -> str:
    """The digest that a copy of the package computes of itself."""
    command = [sys.executable, "-c", "from presswork import software; print(software.digest())"]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def copy_of(folder: Path) -> Path:
    """A copy of the package, as a deployment makes one."""
    shutil.copytree(PACKAGE, folder / "presswork", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_copy_has_the_same_digest(tmp_path: Path) -> None:
    """A layer and a clone are one software, with bytecode beside it or without."""
    assert digest_of(copy_of(tmp_path)) == software.digest()
    assert re.fullmatch(r"[0-9a-f]{16}", software.digest())


def test_any_file_of_the_package_counts(tmp_path: Path) -> None:
    """A template counts as code does: both make bytes."""
    folder = copy_of(tmp_path)
    seen = {digest_of(folder)}
    for name in ("slugs.py", "site/theme/default/base.html"):
        with (folder / "presswork" / name).open("a") as file:
            file.write("\n")
        seen.add(digest_of(folder))
    assert len(seen) == 3


def test_each_library_of_the_layer_counts_or_makes_no_bytes() -> None:
    """A library that is added to the layer is added to the digest, or to this list."""
    lines = (REPOSITORY / "requirements" / "layer.in").read_text().splitlines()
    named = {re.split(r"[<>=\s]", line)[0] for line in lines if line and not line.startswith("#")}
    assert {name.lower() for name in software.LIBRARIES} == named - MAKE_NO_BYTES


def test_a_new_version_of_a_library_is_new_software(monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes a new build, and of no post a new revision: nothing is announced."""
    build, post = BuildId(), parse(POST, "posts/a.md", Site()).post
    monkeypatch.setattr(software, "version", lambda name: f"{name} 99")
    software.digest.cache_clear()
    try:
        assert BuildId() != build
        assert parse(POST, "posts/a.md", Site()).post == post
    finally:
        software.digest.cache_clear()
