"""A command without a folder takes the one where one stands."""

import json
from pathlib import Path

import pytest

from unit.cli.test_app import run
from unit.cli.test_uploads import folder_of


def posts(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    """The posts of a command's answer to programs."""
    return json.loads(run(capsys, *words, "--json")[1])["posts"]


def test_where_one_stands_need_not_be_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` and `build` take the folder as `serve` does."""
    monkeypatch.chdir(folder_of(tmp_path / "blog", "posts/a.md"))
    for command, *options in (("check",), ("build", "--out", "../out", "--no-cache")):
        unnamed = posts(capsys, command, *options)
        assert unnamed == posts(capsys, command, ".", *options)
        assert unnamed
