"""Origins on loopback that answer as they are told, byte by byte where need be."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from presswork.imaging import Network
from presswork.imaging.making import parent
from presswork.imaging.making.workshop import Workshop

if TYPE_CHECKING:
    import ssl

Answer = bytes | Callable[[socket.socket], None]


class Origin:
    """A web server of one thread per connection; `requests` are the heads it was sent."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.tls: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.01)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def network(self, *hosts: str) -> Network:
        """A network that finds `hosts` here, at the ports of http and https."""
        entries = (f"{host}:{port}:127.0.0.1:{self.port}" for host in hosts for port in (80, 443))
        return Network.of(" ".join(entries))

    def paths(self) -> list[str]:
        """The paths it was asked for, in order."""
        return [request.split(" ", 2)[1] for request in self.requests]

    def close(self) -> None:
        """Stop, and wait until every connection is done."""
        self._over.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the test."""
        if self._over.wait(seconds):
            raise ConnectionAbortedError

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                self._start(self._answer, self._listener.accept()[0])

    def _answer(self, plain: socket.socket) -> None:
        plain.settimeout(5)
        with suppress(OSError), plain, self._secured(plain) as sock:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = sock.recv(65536)
                if not piece:
                    return
                head += piece
            text, _, body = head.partition(b"\r\n\r\n")
            request = text.decode("latin-1")
            length = _header(request, "content-length")
            while length is not None and len(body) < int(length):
                body += sock.recv(65536)
            self.requests.append(request)
            self.bodies.append(body)
            answer = self.answers.get(self.paths()[-1], reply(b"", status="404 Not Found"))
            if callable(answer):
                answer(sock)
            else:
                sock.sendall(answer)

    def _secured(self, plain: socket.socket) -> socket.socket:
        return plain if self.tls is None else self.tls.wrap_socket(plain, server_side=True)


def _header(request: str, name: str) -> str | None:
    for line in request.splitlines():
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def reply(
    body: bytes, *, status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole HTTP answer."""
    fields = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@pytest.fixture(name="reply")
def _reply() -> Callable[..., bytes]:
    return reply


@pytest.fixture
def origin() -> Iterator[Origin]:
    """One origin; a network is needed to reach it."""
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """Processes of the test's own behind `make`."""
    workshop = Workshop()
    monkeypatch.setattr(parent, "_workshop", workshop)
    yield workshop
    workshop.close()
