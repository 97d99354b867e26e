"""What is no longer needed goes at once, and is removed later."""

import time
from pathlib import Path

from presswork_cli.local import rubbish
from presswork_cli.local.layout import Layout


def folder(path: Path) -> Path:
    """A folder with a file."""
    (path / "deep").mkdir(parents=True)
    (path / "deep" / "file").touch()
    return path


def is_empty(layout: Layout) -> bool:
    """Whether all was removed within a minute."""
    for _ in range(600):
        if not list(layout.rubbish.iterdir()):
            return True
        time.sleep(0.1)
    return False


def test_it_is_gone_at_once_and_its_space_comes_back(tmp_path: Path) -> None:
    """A new folder may take its place right away; the old one is removed in the background."""
    layout = Layout(state=tmp_path)
    old = folder(layout.scratch)
    rubbish.discard(layout, old)
    assert not old.exists()
    folder(old)
    assert is_empty(layout)
    assert (old / "deep" / "file").exists()


def test_what_an_earlier_removal_left_goes_along(tmp_path: Path) -> None:
    """A machine that was switched off meanwhile keeps nothing for ever."""
    layout = Layout(state=tmp_path)
    folder(layout.rubbish / "left")
    rubbish.discard(layout)
    assert is_empty(layout)


def test_what_is_not_there_needs_no_removal(tmp_path: Path) -> None:
    """A first `up` has nothing to discard."""
    layout = Layout(state=tmp_path)
    rubbish.discard(layout, tmp_path / "never")
    assert is_empty(layout)
