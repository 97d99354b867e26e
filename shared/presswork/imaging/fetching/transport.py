"""One HTTP request to one checked address, within bounds of time and size.

The standard library's HTTP parser runs on a stream of our own, because only there a deadline holds
against an answer that arrives byte by byte, in its headers as in its body.
"""

import http.client
import io
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import Message
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast

from presswork.errors import RetryLater
from presswork.imaging.fetching.addresses import not_public
from presswork.imaging.fetching.connecting import Connect, PinnedAddress, Resolve
from presswork.imaging.fetching.urls import Target
from presswork.imaging.limits import Limits, Refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 64 * 1024
_CODINGS = frozenset(
    {
        *("aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip"),
        *("x-compress", "x-gzip", "zstd"),
    }
)
"""What a Content-Encoding can be (IANA's registry of HTTP content codings) that changes a body."""


@dataclass(frozen=True)
class Request:
    """What is asked of a target; the Host header and the length of the body are added."""

    method: str
    target: Target
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """A final answer; `body` is decoded, and empty unless a GET succeeded."""

    status: int
    headers: Message
    body: bytes

    @property
    def successful(self) -> bool:
        """Whether the status is one of the 200s."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Deadline:
    """An instant after which nothing more is waited for."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def patience(self) -> float:
        """Seconds left, 0 when there are none."""
        return max(0.0, self._at - time.monotonic())

    def left(self, at_most: float = float("inf")) -> float:
        """Seconds left, at most `at_most`; TimeoutError when there are none."""
        if not (left := self.patience):
            raise TimeoutError("the whole request took too long")
        return min(left, at_most)


def send(
    request: Request,
    *,
    limits: Limits,
    deadline: Deadline,
    resolve: Resolve,
    connect: Connect,
) -> Answer:
    """Send one request and read its answer; redirects are not followed.

    Raises `Refused` for an address that is not public and for an answer beyond the limits,
    `RetryLater` for whatever the network did.
    """
    target = request.target
    try:
        addresses = _checked(_resolved(resolve, target, deadline), target)
        with closing(_connected(connect, addresses, target, limits, deadline)) as plain:
            plain.settimeout(deadline.left(limits.silence))
            with closing(_secured(plain, target)) as sock:
                return _exchange(request, _Wire(sock, limits, deadline), limits)
    except http.client.LineTooLong as error:
        raise _long_header() from error
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise RetryLater(f"{target.host} could not be asked: {reason}.") from error


def _resolved(resolve: Resolve, target: Target, deadline: Deadline) -> Sequence[str]:
    """The answers of `resolve`, asked in a thread: the system's resolver knows no deadline."""
    outcome: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(resolve(target.host, target.port))
        except Exception as error:  # noqa: BLE001  raised again by whoever waits
            outcome.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = outcome.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("its name was not resolved in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _checked(answers: Sequence[str], target: Target) -> Sequence[str]:
    """The addresses to connect to; one that is not public refuses the host."""
    for answer in answers:
        if not isinstance(answer, PinnedAddress) and (why := not_public(answer)):
            raise Refused("fetch.address", f"{target.host!r} leads to {answer}: {why}.")
    return [a if isinstance(a, PinnedAddress) else str(ip_address(a)) for a in answers]


def _connected(
    connect: Connect, addresses: Sequence[str], target: Target, limits: Limits, deadline: Deadline
) -> socket.socket:
    failure: OSError = OSError("its name has no address")
    for address in addresses:
        port = address.port if isinstance(address, PinnedAddress) else target.port
        try:
            return connect(address, port, deadline.left(limits.connect))
        except OSError as error:
            failure = error
    raise failure


def _secured(plain: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return plain
    return _tls().wrap_socket(plain, server_hostname=target.host)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _exchange(request: Request, wire: "_Wire", limits: Limits) -> Answer:
    target = request.target
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0
    # `http.client` asks no more of a socket than what `_Wire` has.
    connection.sock = cast("socket.socket", wire)
    connection.response_class = _FinalResponse
    headers = {"Host": target.authority, **request.headers}
    connection.request(request.method, target.path, request.body, headers)
    response = connection.getresponse()
    wire.headers_end()
    answer = Answer(response.status, response.headers, b"")
    if request.method == "GET" and answer.successful:
        return replace(answer, body=_body(response, limits.body))
    return answer


class _FinalResponse(http.client.HTTPResponse):
    """An answer without those that come ahead of it, such as 103 Early Hints."""

    def begin(self) -> None:
        """Reads status and headers; of informational answers `http.client` skips 100 alone."""
        super().begin()
        while self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = None  # type: ignore[assignment]  # with headers `begin` reads nothing
            super().begin()


class _Wire:
    """What the HTTP parser sees of a socket."""

    def __init__(self, sock: socket.socket, limits: Limits, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._incoming = _Incoming(sock, limits, deadline)

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._incoming)

    def headers_end(self) -> None:
        self._incoming.header_left = None

    def close(self) -> None:
        """Nothing: whoever opened the socket closes it."""


class _Incoming(io.RawIOBase):
    """The bytes of a socket; a wait ends after `silence` seconds, and at the deadline."""

    def __init__(self, sock: socket.socket, limits: Limits, deadline: Deadline) -> None:
        self._sock = sock
        self._silence = limits.silence
        self._deadline = deadline
        self.header_left: int | None = limits.header

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self.header_left is not None and self.header_left <= 0:
            raise _long_header()
        self._sock.settimeout(self._deadline.left(self._silence))
        count = self._sock.recv_into(buffer)
        if self.header_left is not None:
            self.header_left -= count
        return count


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    if response.length is not None and response.length > limit:
        raise _too_long(limit)
    decode = _decoder(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    while piece := response.read(_PIECE):
        body += decode(piece, limit - len(body) + 1)
        if len(body) > limit:
            raise _too_long(limit)
    # `read` with a size is silent about an answer that ends before its Content-Length.
    if response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _decoder(encoding: str) -> Callable[[bytes, int], bytes]:
    """How to undo a Content-Encoding; we ask for none, but some servers compress all the same.

    What is no coding says nothing of the body: `UTF-8`, `none`, or S3's `aws-chunked`, which stays
    behind when the coding is undone.
    """
    named = (name.strip().lower() for name in encoding.split(","))
    codings = [name for name in named if name in _CODINGS]
    if not codings:
        return lambda piece, _: piece
    if codings not in (["gzip"], ["x-gzip"]):
        raise Refused("fetch.encoding", f"The answer is encoded as {encoding!r}, unasked.")
    unzip = zlib.decompressobj(wbits=31)

    def decode(piece: bytes, at_most: int) -> bytes:
        try:
            return unzip.decompress(piece, at_most)
        except zlib.error as error:
            raise Refused("fetch.encoding", "The answer is no valid gzip.") from error

    return decode


def _long_header() -> Refused:
    return Refused("fetch.header", "The answer's headers are too long.")


def _too_long(limit: int) -> Refused:
    return Refused("fetch.body", f"The answer has more than {limit} bytes.")
