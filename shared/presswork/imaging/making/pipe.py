"""What goes between us and the process that decodes: JSON, then bytes as they are."""

import json
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

_LENGTH = struct.Struct("!I")


def send(sock: socket.socket, header: Mapping[str, Any], parts: Sequence[bytes]) -> None:
    """Write one message."""
    text = json.dumps({"header": header, "parts": [len(part) for part in parts]}).encode()
    sock.sendall(_LENGTH.pack(len(text)) + text)
    for part in parts:
        sock.sendall(part)


def receive(
    sock: socket.socket, at_most: int, ends: float | None = None
) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message; EOFError when it ends early, ValueError when it is longer than `at_most`.

    The other side may have been taken over: what it says is data, and no more than a size is
    believed. TimeoutError when the clock of `time.monotonic` comes to `ends`.
    """

    def read(length: int) -> bytes:
        return _read(sock, length, at_most, ends)

    text = json.loads(read(_LENGTH.unpack(read(_LENGTH.size))[0]))
    lengths = [int(length) for length in text["parts"]]
    if sum(lengths) > at_most or any(length < 0 for length in lengths):
        raise ValueError("a message is too long")
    return text["header"], [read(length) for length in lengths]


def _read(sock: socket.socket, length: int, at_most: int, ends: float | None) -> bytes:
    if length > at_most:
        raise ValueError("a message is too long")
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        if ends is not None:
            sock.settimeout(max(0.001, ends - time.monotonic()))
        count = sock.recv_into(view[at:])
        if not count:
            raise EOFError("a message ended early")
        at += count
    return bytes(data)
