"""What the local cloud saves while it runs: when, whole or not at all, and apart from it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local import saved, saving
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.local.orphan import Orphan
from presswork_cli.local.saving import AT_LATEST, EVERY, QUIET, Saver, may_change, watched, write

_PROGRAM = """
import fcntl, importlib.util, os, sys, time
spec = importlib.util.spec_from_file_location("saving", sys.argv[1])
saving = importlib.util.module_from_spec(spec)
spec.loader.exec_module(saving)
lock = open("lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
state = ["as it was"]

def save():
    while not os.path.exists("go"):
        time.sleep(0.01)
    open("saved.new", "w").write(state[0])
    os.rename("saved.new", "saved")

saver = saving.Saver(save)
saver.ask()
saver.look()
state[0] = "as it is"
print("forked", flush=True)
sys.stdin.read()
"""


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds since some moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at zero."""
    return Clock()


@pytest.fixture
def saver(clock: Clock) -> Saver:
    """A saver that is never let begin."""
    return Saver(lambda: None, clock)


def _one(_folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "table.json", b'{"a": 1}'


def test_nothing_is_saved_where_nothing_changed(saver: Saver, clock: Clock) -> None:
    """A cloud that only answers questions writes nothing."""
    clock.now = 10 * AT_LATEST
    assert not saver.is_due()


def test_a_change_is_saved_once_it_is_quiet(saver: Saver, clock: Clock) -> None:
    """A second after the last change, and not amid many."""
    saver.changed()
    clock.now = QUIET / 2
    assert not saver.is_due()
    saver.changed()
    clock.now += QUIET / 2
    assert not saver.is_due()
    clock.now += QUIET / 2
    assert saver.is_due()


def test_what_never_becomes_quiet_is_saved_all_the_same(saver: Saver, clock: Clock) -> None:
    """A burst of minutes is saved once a minute."""
    while clock.now < AT_LATEST:
        saver.changed()
        assert not saver.is_due()
        clock.now += QUIET / 2
    assert saver.is_due()


def test_saves_are_seconds_apart(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next begins ten seconds after the last began, however little changes."""
    saver = Saver(lambda: None, clock)
    monkeypatch.setattr(os, "fork", lambda: 4_000_000)
    saver.changed()
    clock.now = QUIET
    saver.look()
    monkeypatch.setattr(os, "waitpid", lambda pid, _: (pid, 0))
    saver.changed()
    clock.now = EVERY
    saver.look()
    assert not saver.is_due()
    clock.now += QUIET
    assert saver.is_due()
    saver.ask()
    clock.now = EVERY
    assert saver.is_due()


def test_a_save_that_failed_is_begun_again(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was to save counts as changed."""
    saver = Saver(lambda: None, clock)
    monkeypatch.setattr(os, "fork", lambda: 4_000_000)
    saver.changed()
    clock.now = QUIET
    saver.look()
    monkeypatch.setattr(os, "waitpid", lambda pid, _: (pid, 256))
    saver.look()
    clock.now += EVERY
    assert saver.is_due()


def test_a_save_holds_one_moment_and_no_lock(tmp_path: Path) -> None:
    """What changes after its beginning is not in it; the lock ends with the cloud all the same."""
    program = [sys.executable, "-c", _PROGRAM, saving.__file__]
    with subprocess.Popen(
        program, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as cloud:
        assert cloud.stdout is not None
        assert cloud.stdout.readline() == b"forked\n"
        cloud.kill()
    free = "import fcntl; fcntl.flock(open('lock'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    subprocess.run([sys.executable, "-c", free], cwd=tmp_path, check=True, timeout=60)
    (tmp_path / "go").touch()
    wait = "import os, time\nwhile not os.path.exists('saved'): time.sleep(0.01)"
    subprocess.run([sys.executable, "-c", wait], cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "saved").read_text() == "as it was"


def test_the_two_newest_saves_are_kept(tmp_path: Path) -> None:
    """Older ones go, and so does what a kill left half written."""
    (tmp_path / ".2026-01-01T00-00-00.000000Z").mkdir()
    for run in "abc":
        write(_one, tmp_path, run, ended=False)
    kept = [json.loads((each / saving.ABOUT).read_bytes())["run"] for each in _saves(tmp_path)]
    assert (kept, sorted(tmp_path.glob(".2*"))) == (["b", "c"], [])


def test_a_save_that_breaks_off_is_none(tmp_path: Path) -> None:
    """A service whose state cannot be written leaves the save before it the newest."""
    write(_one, tmp_path, "a", ended=False)

    def breaks(folder: Path) -> Iterator[tuple[str, bytes]]:
        yield from _one(folder)
        raise TypeError

    with pytest.raises(TypeError):
        write(breaks, tmp_path, "b", ended=False)
    found = saved.find(tmp_path)
    assert found.save is not None
    assert (found.save.about.run, found.damage) == ("a", ())


def test_only_an_end_in_order_is_one(tmp_path: Path) -> None:
    """A save tells the run that it ended; one made on the way ends none."""
    write(_one, tmp_path, "a", ended=False)
    write(_one, tmp_path, "b", ended=True)
    newest = saved.find(tmp_path).save
    assert newest is not None
    assert (newest.is_end_of("a"), newest.is_end_of("b")) == (False, True)
    assert saved.find(tmp_path / "nothing") == saved.Found(None)


@pytest.mark.parametrize("spoilt", [b"", b'{"a": 2}', None])
def test_a_damaged_file_is_named_and_the_save_before_is_taken(
    tmp_path: Path, spoilt: bytes | None
) -> None:
    """Cut short, altered or away: never taken for an empty cloud."""
    write(_one, tmp_path, "a", ended=True)
    write(_one, tmp_path, "b", ended=True)
    _spoil(_saves(tmp_path)[1] / "table.json", spoilt)
    found = saved.find(tmp_path)
    assert found.save is not None
    assert found.save.about.run == "a"
    assert [str(_saves(tmp_path)[1] / "table.json") in each for each in found.damage] == [True]


def test_where_no_save_is_sound_nothing_begins(tmp_path: Path) -> None:
    """Every damaged file is named, and the ways out."""
    for run in "ab":
        write(_one, tmp_path, run, ended=True)
    _spoil(_saves(tmp_path)[0] / "table.json", None)
    _spoil(_saves(tmp_path)[1] / saving.ABOUT, b"{")
    with pytest.raises(Failure, match=r"about\.json is damaged.*table\.json.*down --wipe"):
        saved.find(tmp_path)


def test_the_ways_out_stand_in_the_manual(tmp_path: Path) -> None:
    """docs/mistakes.md quotes what is said when the only save is damaged."""
    saves = tmp_path / "saves"
    write(_one, saves, "a", ended=True)
    (save,) = _saves(saves)
    _spoil(save / saving.ABOUT, b"{")
    with pytest.raises(Failure) as raised:
        saved.find(saves)
    told = raised.value.message.replace(f"{tmp_path}/", "").replace(
        save.name, "2026-11-29T10-00-00.000000Z"
    )
    assert told in (REPOSITORY / "docs" / "mistakes.md").read_text(encoding="utf-8")


def test_the_form_of_before_is_no_empty_cloud(tmp_path: Path) -> None:
    """What MiniStack itself wrote at its end is said to be of an earlier version."""
    (tmp_path / "dynamodb.json").write_text("{}")
    with pytest.raises(Failure, match="earlier version"):
        saved.find(tmp_path)


@pytest.mark.parametrize(
    ("method", "target", "changes"),
    [
        ("GET", "", False),
        ("HEAD", "", False),
        ("PUT", "", True),
        ("DELETE", "", True),
        ("POST", "DynamoDB_20120810.GetItem", False),
        ("POST", "DynamoDB_20120810.TransactWriteItems", True),
        ("POST", "AmazonSQS.SendMessage", True),
        ("POST", "AmazonSSM.DescribeParameters", False),
    ],
)
def test_questions_change_nothing(method: str, target: str, changes: bool) -> None:
    """What only reads is no reason to save."""
    headers = [(b"x-amz-target", target.encode())] if target else []
    assert may_change({"type": "http", "method": method, "headers": headers}) is changes


def test_a_change_counts_once_it_is_made(saver: Saver, clock: Clock) -> None:
    """A request counts at its end, also one that fails: before it, a save would not hold it."""

    async def fails(*_: Any) -> None:
        clock.now = 5.0
        raise ValueError

    request = {"type": "http", "method": "PUT", "headers": []}
    with pytest.raises(ValueError):  # noqa: PT011 - its own
        asyncio.run(watched(fails, saver, _unseen())(request, None, None))  # type: ignore[arg-type]
    assert not saver.is_due()
    clock.now += QUIET
    assert saver.is_due()


def test_a_cloud_that_serves_looks_for_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saver: Saver
) -> None:
    """While requests are served, a cloud whose record goes away is ended."""
    monkeypatch.setattr(saving, "_LOOK", 0.0)
    record, ended = tmp_path / "cloud.json", asyncio.Event()
    record.write_text('{"run": "one"}')
    orphan = Orphan(record, "one", ended.set)
    orphan.look()

    async def serves(*_: Any) -> None:
        record.unlink()
        await asyncio.wait_for(ended.wait(), 20)

    asyncio.run(watched(serves, saver, orphan)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert ended.is_set()


def _unseen() -> Orphan:
    return Orphan(Path("nothing"), "one")


def _saves(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))


def _spoil(path: Path, data: bytes | None) -> None:
    path.unlink() if data is None else path.write_bytes(data)
