"""What a command takes: wall time, CPU time of all its processes, and memory at the peak."""

import os
import re
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

STAT = Path("/proc/stat")
TICKS = os.sysconf("SC_CLK_TCK")
A_SAMPLE = 0.1
"""Seconds between two looks at memory."""

A_LOOK = 0.005
"""Seconds between two looks at what a watching process has told."""

PATIENCE = 300.0
"""Seconds after which a watching process is given up."""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and CPU time, and how many processors other programs had meanwhile."""

    wall: float
    cpu: float
    others: float


@dataclass(frozen=True)
class Command:
    """A command with where it runs, and with which environment."""

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]

    def start(self, log: Path) -> "subprocess.Popen[bytes]":
        """The command as a process, whose words go to a file."""
        with log.open("wb") as out:
            return subprocess.Popen(  # noqa: S603 - the programs that were installed to be measured
                self.words,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )


class Failed(Exception):
    """A command did not end well: its last words."""


def timed(command: Command, log: Path) -> Cost:
    """Runs a command to its end; raises Failed when it fails."""
    busy, children = _busy(), _children()
    began = time.monotonic()
    process = command.start(log)
    process.wait()
    wall = time.monotonic() - began
    cpu = _children() - children
    others = max(0.0, _busy() - busy - cpu) / wall
    _succeeded(process, command, log)
    return Cost(wall, cpu, others)


def peak(command: Command, log: Path) -> float:
    """The most memory that a command's processes have at once, in MB; shared pages count once.

    Looking costs time, so that a run is either timed or looked at.
    """
    most = 0.0
    process = command.start(log)
    while process.poll() is None:
        most = max(most, sum(map(_proportional, family(process.pid))))
        time.sleep(A_SAMPLE)
    _succeeded(process, command, log)
    return most * 1024 / 1e6


class Watcher:
    """A process that builds again whenever a file has changed, and says so."""

    def __init__(self, command: Command, log: Path, done: str) -> None:
        """Starts it, and waits for its first build; `done` is what it says after each."""
        self._log, self._done = log, re.compile(done.encode())
        self._process = command.start(log)
        self._builds = 0
        self.wait()

    def wait(self) -> None:
        """Ends when it has said once more that it is done; raises Failed when it does not."""
        until = time.monotonic() + PATIENCE
        while len(self._done.findall(self._log.read_bytes())) <= self._builds:
            if self._process.poll() is not None or time.monotonic() > until:
                raise Failed(f"it watches no more: {_last_words(self._log)}")
            time.sleep(A_LOOK)
        self._builds += 1

    def rest(self) -> None:
        """Ends when it has used no processor for half a second, and forgets what it said so far."""
        used = -1.0
        while used != (used := self._used()):
            time.sleep(0.5)
        self._builds = len(self._done.findall(self._log.read_bytes()))

    def timed(self, file: Path, text: str) -> Cost:
        """What it takes from the change of a file to its word that it is done."""
        self.rest()
        busy, used, began = _busy(), self._used(), time.monotonic()
        file.write_text(text, encoding="utf-8")
        self.wait()
        wall, cpu = time.monotonic() - began, self._used() - used
        return Cost(wall, cpu, max(0.0, _busy() - busy - cpu) / wall)

    def _used(self) -> float:
        return sum(map(_cpu, family(self._process.pid)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()


def family(pid: int) -> list[int]:
    """A process and all below it that are alive."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, task.read_text().split())
    return found


def _succeeded(process: "subprocess.Popen[bytes]", command: Command, log: Path) -> None:
    if process.returncode:
        raise Failed(f"{' '.join(command.words)}: {process.returncode}: {_last_words(log)}")


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _proportional(pid: int) -> int:
    """The KiB of a process, those that it shares counted in part (proc_pid_smaps(5))."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _cpu(pid: int) -> float:
    with suppress(OSError):
        # The fields after the name, which may hold spaces: utime and stime are the 14th and 15th.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def _busy() -> float:
    """The seconds that processors of this machine have worked, for anybody (proc_stat(5)).

    None where the system does not tell.
    """
    if not STAT.exists():
        return 0.0
    times = [int(each) for each in STAT.read_text().split("\n")[0].split()[1:9]]
    return (sum(times) - times[3] - times[4]) / TICKS
