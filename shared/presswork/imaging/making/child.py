"""The process in which hostile images are decoded: it knows no secret and may do next to nothing.

Started once, it loads Pillow and then forks for each image: what an image does to its process ends
with it. Messages come and go over sockets as JSON followed by bytes; nothing is unpickled.
"""

import fcntl
import importlib
import os
import resource
import signal
import socket
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict

from PIL import Image

from presswork.imaging.kinds import SVG, kind
from presswork.imaging.limits import Limits, Refused
from presswork.imaging.making.decode import is_large
from presswork.imaging.making.media import Order
from presswork.imaging.making.pipe import receive, send
from presswork.imaging.making.variants import render

_LONGEST_ORDER = 64 * 1024 * 1024


def main() -> None:
    """Serve the orders that arrive on the socket which is standard input, until it closes."""
    # Who asked may be gone by the time there is an answer; that is no news.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    Image.init()
    # What there is to say about an image is said in the answer.
    warnings.simplefilter("ignore")
    control = socket.socket(fileno=0)
    with tempfile.TemporaryFile() as turn:
        while True:
            _, sockets, _, _ = socket.recv_fds(control, 1, 1)
            if not sockets:
                return
            with socket.socket(fileno=sockets[0]) as sock:
                if os.fork() == 0:
                    control.close()
                    _watch(sock, turn.fileno())
                    os._exit(0)
            _reap()


def _reap() -> None:
    """Forget those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(sock: socket.socket, turn: int) -> None:
    """Have the work done by one more process, and tell how that one ended if it cannot."""
    worker = os.fork()
    if worker == 0:
        _work(sock, turn)
        os._exit(0)
    _, status = os.waitpid(worker, 0)
    if os.WIFSIGNALED(status):
        send(sock, {"refused": _reason(os.WTERMSIG(status))}, [])


def _reason(number: int) -> tuple[str, str]:
    if number in (signal.SIGXCPU, signal.SIGALRM):
        return "image.time", "Decoding the image takes too long; make it smaller."
    return "image.broken", f"The image ends its decoder: {signal.Signals(number).name}."


def _work(sock: socket.socket, turn: int) -> None:
    header, (data,) = receive(sock, _LONGEST_ORDER)
    order = Order(**{**header, "limits": Limits(**header["limits"])})
    if kind(data) == SVG:
        # Later, not even a module can be opened.
        importlib.import_module("presswork.imaging.making.svg")
    _confine(order.limits)
    try:
        with _one_at_a_time(turn) if is_large(data) else _any_time():
            # Should something else than work take the time, a clock ends it.
            signal.alarm(4 * order.limits.decoding)
            media = asdict(render(data, order))
    except Refused as refused:
        send(sock, {"refused": (refused.rule, refused.message)}, [])
    except MemoryError:
        message = "Decoding the image takes too much memory; make it smaller."
        send(sock, {"refused": ("image.memory", message)}, [])
    except Exception as error:  # noqa: BLE001  encoders fail on odd images, too
        send(sock, {"refused": ("image.broken", f"Nothing can be made of it: {error}.")}, [])
    else:
        files: Mapping[str, bytes] = media.pop("files")
        send(sock, {"media": {**media, "files": list(files)}}, list(files.values()))


def _confine(limits: Limits) -> None:
    """Bound memory and time, and open nothing from here on: no file, no socket."""
    _limit(resource.RLIMIT_AS, limits.memory)
    # The first limit ends the process by a signal that tells why, the second by any means.
    _limit(resource.RLIMIT_CPU, limits.decoding, limits.decoding + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    # Some systems know a limit by name only; macOS bounds no address space.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, soft if hard is None else hard))


@contextmanager
def _one_at_a_time(turn: int) -> Iterator[None]:
    fcntl.lockf(turn, fcntl.LOCK_EX)
    yield


@contextmanager
def _any_time() -> Iterator[None]:
    yield
