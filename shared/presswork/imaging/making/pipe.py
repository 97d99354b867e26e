"""What goes between us and the process that decodes: JSON, then bytes as they are."""

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_LENGTH = struct.Struct("!I")


def send(sock: socket.socket, header: Mapping[str, Any], parts: Sequence[bytes]) -> None:
    """Write one message."""
    text = json.dumps({"header": header, "parts": [len(part) for part in parts]}).encode()
    sock.sendall(_LENGTH.pack(len(text)) + text)
    for part in parts:
        sock.sendall(part)


def receive(sock: socket.socket, at_most: int) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message; EOFError when it ends early, ValueError when it is longer than `at_most`.

    The other side may have been taken over: what it says is data, and no more than a size is
    believed.
    """
    text = json.loads(_read(sock, _LENGTH.unpack(_read(sock, _LENGTH.size, at_most))[0], at_most))
    lengths = [int(length) for length in text["parts"]]
    if sum(lengths) > at_most or any(length < 0 for length in lengths):
        raise ValueError("a message is too long")
    return text["header"], [_read(sock, length, at_most) for length in lengths]


def _read(sock: socket.socket, length: int, at_most: int) -> bytes:
    if length > at_most:
        raise ValueError("a message is too long")
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        count = sock.recv_into(view[at:])
        if not count:
            raise EOFError("a message ended early")
        at += count
    return bytes(data)
