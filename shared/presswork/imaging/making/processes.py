"""The processes that decode: one that is started and stays ready, and those that it forks."""

import hashlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from presswork.imaging.limits import Refused
from presswork.imaging.making.media import Media, Order
from presswork.imaging.making.pipe import receive, send

MOST_IMAGES = 32
"""How many images one process makes at most."""

FORK, ENDED = b"!", b"?"
NUMBER = struct.Struct("!i")
"""What goes over the control socket: an order, and a number in answer."""

ALIVE = 4
"""How many times an image's time on a processor it may take by the clock."""

# All variants of an image; they are smaller than their originals but for odd cases.
_LONGEST_ANSWER = 64 * 1024 * 1024
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from presswork.imaging.making.child import main; main()"
)
# Where Lambda's Python finds its own library; nothing else of the environment goes along.
_PASSED_ON = ("LD_LIBRARY_PATH",)
# To be started and to fork takes less, on any machine.
_PATIENCE = 60.0
# What comes beside the clock of an image: an answer on its way, a machine that is busy.
_GRACE = 5.0
_NAME = re.compile(r"\d{1,5}\.[a-z]{3,4}|#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, eq=False)
class _Ready:
    """A process that forks, and the socket on which it is told to."""

    control: socket.socket
    process: "subprocess.Popen[bytes]"


class Maker:
    """A process that makes images one after the other, and is never believed.

    Its time by the clock is kept here, whatever it does with the clocks of its own.
    """

    def __init__(self, sock: socket.socket, pid: int, starter: "Starter") -> None:
        self.pid = pid
        self._sock, self._starter = sock, starter
        self._made, self._worn = 0, False

    @property
    def is_worn(self) -> bool:
        """Whether it is to make no more images."""
        return self._worn or self._made >= MOST_IMAGES

    def make(self, order: Order, data: bytes) -> Media:
        """The variants of an image; raises `Refused`, OSError if nobody knows what became of it."""
        self._made += 1
        # Another image that needs much memory may be made before it.
        seconds = 2 * ALIVE * order.limits.decoding + _GRACE
        try:
            answer, parts = self._asked(order, data, time.monotonic() + seconds)
            if "refused" not in answer:
                self._worn = bool(answer["worn"])
                return _media(answer["media"], hashlib.sha256(data).hexdigest(), parts)
            rule, message = answer["refused"]
        except TimeoutError as error:
            raise too_slow() from error
        except (EOFError, OSError) as error:
            raise self._how_it_ended() from error
        except (ValueError, TypeError, KeyError) as error:
            raise _confused(str(error)) from error
        raise Refused(str(rule), str(message))

    def end(self) -> None:
        """Ends the process, whatever it is at."""
        self._sock.close()
        self._starter.ended(self.pid)

    def _asked(
        self, order: Order, data: bytes, ends: float
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        self._sock.settimeout(max(0.001, ends - time.monotonic()))
        send(self._sock, asdict(order), [data])
        return receive(self._sock, _LONGEST_ANSWER, ends)

    def _how_it_ended(self) -> Refused:
        number = self._starter.ended(self.pid)
        if number is None:
            raise ConnectionResetError("it ended")
        if number >= 0:
            return _confused("it says nothing")
        if -number in (signal.SIGPROF, signal.SIGXCPU, signal.SIGALRM):
            return too_slow()
        name = signal.Signals(-number).name
        return Refused("image.broken", f"The image ends its decoder: {name}.")


class Starter:
    """The process that forks the others; started when it is first needed, or lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: _Ready | None = None
        self._forked: dict[int, _Ready] = {}

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The process, if there is one."""
        return None if self._ready is None else self._ready.process

    def fork(self) -> Maker:
        """One more process; OSError when there cannot be one."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                ready = self._started()
                socket.send_fds(ready.control, [FORK], [theirs.fileno()])
                pid = _number(ready.control)
            except OSError:
                ours.close()
                raise
            self._forked[pid] = ready
        return Maker(ours, pid, self)

    def ended(self, pid: int) -> int | None:
        """How a process ended, which is killed if it did not: minus a signal; None if lost."""
        with self._lock:
            ready = self._forked.pop(pid, None)
            if ready is None or ready is not self._ready or ready.process.poll() is not None:
                return None
            # Its parent is there and has not waited for it yet: the number is no other's.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            try:
                ready.control.sendall(ENDED + NUMBER.pack(pid))
                return _number(ready.control)
            except OSError:
                return None

    def close(self) -> None:
        """Ends the process; the others end with what they have begun."""
        with self._lock:
            if self._ready is not None:
                self._ready.control.close()
                self._ready.process.wait()
            self._ready = None

    def _started(self) -> _Ready:
        if self._ready is not None:
            if self._ready.process.poll() is None:
                return self._ready
            self._ready.control.close()
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603  our own interpreter, our own words
                [sys.executable, "-I", "-S", "-c", _START, json.dumps(sys.path)],
                stdin=theirs.fileno(),
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        ours.settimeout(_PATIENCE)
        self._ready = _Ready(ours, process)
        return self._ready


def too_slow() -> Refused:
    """An image that takes its process for too long."""
    return Refused("image.time", "Decoding the image takes too long; make it smaller.")


def _confused(why: str) -> Refused:
    return Refused("image.broken", f"The image confuses its decoder: {why}.")


def _number(control: socket.socket) -> int:
    data = b""
    while len(data) < NUMBER.size:
        piece = control.recv(NUMBER.size - len(data))
        if not piece:
            raise ConnectionResetError("it ended")
        data += piece
    number: int = NUMBER.unpack(data)[0]
    return number


def _media(told: dict[str, Any], hash: str, parts: Sequence[bytes]) -> Media:
    """The child's answer, checked: nothing it says becomes a name or a number unseen."""
    names = [str(name) for name in told["files"]]
    if not all(_NAME.fullmatch(name) for name in (*names, told["placeholder"])):
        raise ValueError("it names what cannot be")
    return Media(
        hash=hash,
        width=int(told["width"]),
        height=int(told["height"]),
        animated=bool(told["animated"]),
        truncated=bool(told["truncated"]),
        files=dict(zip(names, parts, strict=True)),
        placeholder=str(told["placeholder"]),
    )
