"""Making variants of an image in a process of its own, which is started once and asked often."""

import atexit
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from presswork.errors import RetryLater
from presswork.imaging.limits import DEFAULTS, Limits, Refused
from presswork.imaging.making.media import FORMATS, QUALITY, WIDTHS, Media, Order
from presswork.imaging.making.pipe import receive, send

# All variants of an image; they are smaller than their originals but for odd cases.
_LONGEST_ANSWER = 64 * 1024 * 1024
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from presswork.imaging.making.child import main; main()"
)
# Where Lambda's Python finds its own library; nothing else of the environment goes along.
_PASSED_ON = ("LD_LIBRARY_PATH",)
# Longer than any image may take, even if it waits for others.
_PATIENCE = 300.0
_NAME = re.compile(r"\d{1,5}\.[a-z]{3,4}|#[0-9a-f]{6}", re.ASCII)


def make(
    data: bytes,
    *,
    limits: Limits = DEFAULTS,
    widths: Sequence[int] = WIDTHS,
    formats: Sequence[str] = FORMATS,
    quality: int = QUALITY,
) -> Media:
    """What `variants.render` makes of an image, in a process without secrets and within limits.

    As many images are made at once as there are processors. Raises `Refused`, and `RetryLater` when
    the process itself is lost.
    """
    order = Order(limits, tuple(widths), tuple(formats), quality)
    try:
        with _places:
            answer, parts = _maker.ask(order, data)
        if "refused" not in answer:
            return _media(answer["media"], hashlib.sha256(data).hexdigest(), parts)
        rule, message = answer["refused"]
    except OSError as error:
        raise RetryLater(f"The process that makes images was lost: {error}.") from error
    except (EOFError, ValueError, TypeError, KeyError) as error:
        raise Refused("image.broken", f"The image confuses its decoder: {error}.") from error
    raise Refused(str(rule), str(message))


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


class _Maker:
    """The process that forks for each image; started when it is first needed, or lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def ask(self, order: Order, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to an order; OSError without a process, EOFError without an answer."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = self._hand_over(theirs)
            ours.settimeout(_PATIENCE)
            try:
                send(ours, asdict(order), [data])
                return receive(ours, _LONGEST_ANSWER)
            except EOFError as error:
                if process.poll() is not None:
                    raise ConnectionResetError("it ended") from error
                raise

    def close(self) -> None:
        """End the process; it serves what it has begun."""
        with self._lock:
            if self._control is not None and self._process is not None:
                self._control.close()
                self._process.wait()
            self._control = self._process = None

    def _hand_over(self, sock: socket.socket) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._control is None or self._process is None:
                self._control, self._process = self._started()
            elif self._process.poll() is not None:
                self._control.close()
                self._control, self._process = self._started()
            socket.send_fds(self._control, [b"!"], [sock.fileno()])
            return self._process

    def _started(self) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603  our own interpreter, our own words
                [sys.executable, "-I", "-S", "-c", _START, json.dumps(sys.path)],
                stdin=theirs.fileno(),
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        return ours, process


_maker = _Maker()
_places = threading.BoundedSemaphore(os.cpu_count() or 1)
atexit.register(_maker.close)
