"""The processes that decode hostile images: they know no secret and may do next to nothing.

The first loads Pillow and then forks those that decode; itself it sees no image. Messages come and
go over sockets as JSON followed by bytes; nothing is unpickled.
"""

import fcntl
import importlib
import os
import resource
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from PIL import Image

from presswork.imaging.kinds import SVG, kind
from presswork.imaging.limits import Limits, Refused
from presswork.imaging.making.decode import is_large
from presswork.imaging.making.media import Order
from presswork.imaging.making.pipe import receive, send
from presswork.imaging.making.processes import ALIVE, FORK, NUMBER
from presswork.imaging.making.variants import render

_LONGEST_ORDER = 64 * 1024 * 1024
# A process that once needed more memory is not kept: it may not have given all of it back.
_MOST_MEMORY = 96 * 1024 * 1024
# More than the process that forks has ever open.
_MOST_FILES = 256
_UNITS_OF_MEMORY = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Forks as it is told on the socket which is standard input, until that closes."""
    # Who asked may be gone by the time there is an answer; that is no news.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    Image.init()
    # What there is to say about an image is said in the answer.
    warnings.simplefilter("ignore")
    control = socket.socket(fileno=0)
    with tempfile.TemporaryFile() as turn:
        while True:
            order, sockets, _, _ = socket.recv_fds(control, 1, 1)
            if not order:
                return
            if order == FORK:
                number = _forked(sockets[0], turn.fileno())
            else:
                number = _ending(NUMBER.unpack(control.recv(NUMBER.size, socket.MSG_WAITALL))[0])
            control.sendall(NUMBER.pack(number))


def _forked(sock: int, turn: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            # Neither the control socket nor anything else goes along.
            os.dup2(turn, 3)
            os.dup2(sock, 0)
            os.closerange(4, _MOST_FILES)
            _serve(socket.socket(fileno=0), 3)
        finally:
            os._exit(0)
    os.close(sock)
    return pid


def _ending(pid: int) -> int:
    """How a process ended that was killed if it did not by itself."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _serve(sock: socket.socket, turn: int) -> None:
    """Makes one image after the other, until nobody asks any more."""
    confined = False
    while True:
        try:
            header, (data,) = receive(sock, _LONGEST_ORDER)
        except EOFError:
            return
        order = Order(**{**header, "limits": Limits(**header["limits"])})
        if not confined:
            if kind(data) == SVG:
                # Later, not even a module can be opened.
                importlib.import_module("presswork.imaging.making.svg")
            _confine(order.limits)
            confined = True
        answer, parts = _answer(data, order, turn)
        send(sock, answer, parts)


def _answer(data: bytes, order: Order, turn: int) -> tuple[Mapping[str, Any], Sequence[bytes]]:
    try:
        with _worked(order.limits), _turn(data, turn), _waited(order.limits):
            media = asdict(render(data, order))
    except Refused as refused:
        return {"refused": (refused.rule, refused.message)}, []
    except MemoryError:
        message = "Decoding the image takes too much memory; make it smaller."
        return {"refused": ("image.memory", message)}, []
    except Exception as error:  # noqa: BLE001  encoders fail on odd images, too
        return {"refused": ("image.broken", f"Nothing can be made of it: {error}.")}, []
    files: Mapping[str, bytes] = media.pop("files")
    told = {**media, "files": list(files)}
    return {"media": told, "worn": _is_worn(order.limits)}, list(files.values())


def _confine(limits: Limits) -> None:
    """Bound memory and time, and open nothing from here on: no file, no socket."""
    _limit(resource.RLIMIT_AS, limits.memory)
    # One that has used the time of an image is not kept, so none needs more than that of two. The
    # first limit ends the process by a signal that tells why, the second by any means.
    most = 2 * limits.decoding + 1
    _limit(resource.RLIMIT_CPU, most, most + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    # Some systems know a limit by name only; macOS bounds no address space.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, soft if hard is None else hard))


@contextmanager
def _worked(limits: Limits) -> Iterator[None]:
    """Ends the process when this image has had its time of the processor."""
    signal.setitimer(signal.ITIMER_PROF, limits.decoding)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _waited(limits: Limits) -> Iterator[None]:
    """Ends the process by the clock, should something else than work take the time."""
    signal.alarm(ALIVE * limits.decoding)
    try:
        yield
    finally:
        signal.alarm(0)


@contextmanager
def _turn(data: bytes, turn: int) -> Iterator[None]:
    """Lets images that need much memory be made one at a time."""
    if not is_large(data):
        yield
        return
    fcntl.lockf(turn, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(turn, fcntl.LOCK_UN)


def _is_worn(limits: Limits) -> bool:
    """Whether another image is better made by a process that starts afresh."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    too_long = used.ru_utime + used.ru_stime > limits.decoding
    return too_long or used.ru_maxrss * _UNITS_OF_MEMORY > _MOST_MEMORY
