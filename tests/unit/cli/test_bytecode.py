"""Bytecode in the package: used as it is, and the same for the same code."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local.sam import add_bytecode

CODE = "SAID = 'compiled'\n\ndef is_one(word):\n    return word in {'a', 'b', 'c', 'd'}\n"


def built(folder: Path, code: str = CODE) -> Path:
    """What `sam build` may have made: a function and a layer."""
    for name in ("ParseFunction/app.py", "SharedLayer/python/presswork/site.py"):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(code)
    return folder


def bytecode(folder: Path) -> dict[str, str]:
    """The sums of all bytecode below a folder."""
    found = sorted(folder.rglob("*.pyc"))
    return {str(pyc.relative_to(folder)): sha256(pyc.read_bytes()).hexdigest() for pyc in found}


def test_equal_code_is_equal_bytecode_wherever_it_was_built(tmp_path: Path) -> None:
    """A deployment of unchanged code uploads nothing new."""
    one, two = built(tmp_path / "one"), built(tmp_path / "deeper" / "two")
    add_bytecode(sys.executable, one)
    add_bytecode(sys.executable, two)
    tag = sys.implementation.cache_tag
    assert list(bytecode(one)) == [
        f"ParseFunction/__pycache__/app.{tag}.pyc",
        f"SharedLayer/python/presswork/__pycache__/site.{tag}.pyc",
    ]
    assert bytecode(one) == bytecode(two)


def test_bytecode_is_used_without_a_look_at_the_source(tmp_path: Path) -> None:
    """Whatever dates the files of a package get on their way, nothing is compiled again."""
    folder = built(tmp_path / "build") / "ParseFunction"
    add_bytecode(sys.executable, folder)
    (folder / "app.py").write_text("SAID = 'read'\n")
    code = [sys.executable, "-c", "import app; print(app.SAID)"]
    assert subprocess.check_output(code, cwd=folder, text=True).strip() == "compiled"


def test_what_is_no_python_is_told(tmp_path: Path) -> None:
    """A package that no worker could import is not deployed."""
    with pytest.raises(Failure, match=r"app\.py"):
        add_bytecode(sys.executable, built(tmp_path, "def f(:\n"))
