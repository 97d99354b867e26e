"""Answers that mean harm end early, within the limits of time and size."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, fetch

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from presswork.imaging import Fetched
    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]

SMALL = Limits(body=100_000, header=8_192)
HASTY = Limits(silence=0.2, total=0.5)
IN_TIME = "timed out|took too long"
OK = b"HTTP/1.1 200 OK\r\n"


def get(
    origin: Origin, answer: bytes | Callable[[socket.socket], None], limits: Limits = SMALL
) -> Fetched:
    """What a fetch makes of an answer."""
    origin.answers["/"] = answer
    network = origin.network("evil.example")
    return fetch(
        "http://evil.example/", limits=limits, resolve=network.resolve, connect=network.connect
    )


def pour(start: bytes, pieces: Iterable[bytes]) -> Callable[[socket.socket], None]:
    """An answer that goes on as long as somebody listens."""

    def answer(sock: socket.socket) -> None:
        sock.sendall(start)
        for piece in pieces:
            sock.sendall(piece)

    return answer


ENDLESS = {
    "a body": (OK + b"\r\n", b"x" * 4096, "fetch.body"),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n",
               "fetch.body"),
    "header lines": (OK, b"X-Name: " + b"x" * 480 + b"\r\n", "fetch.header"),
    "one header line": (OK + b"X-Name: ", b"x" * 512, "fetch.header"),
    "a status line": (b"HTTP/1.1 200 ", b"x" * 512, "fetch.header"),
    "provisional answers": (b"", b"HTTP/1.1 100 Continue\r\nX-Name: v\r\n\r\n", "fetch.header"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "piece", "rule"), ENDLESS.values(), ids=list(ENDLESS))
def test_endless_answers(origin: Origin, start: bytes, piece: bytes, rule: str) -> None:
    """An answer without an end is refused as soon as it is too long."""
    with pytest.raises(Refused) as refused:
        get(origin, pour(start, itertools.repeat(piece)))
    assert refused.value.rule == rule


DRIPS = {
    "in the status line": b"",
    "in the headers": OK + b"X-Name: ",
    "in the body": OK + b"\r\n",
    "in the chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\n",
    "after the chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Name: ",
}


@pytest.mark.parametrize("start", DRIPS.values(), ids=list(DRIPS))
def test_slow_drips(origin: Origin, start: bytes) -> None:
    """A byte now and then keeps no connection open beyond the deadline."""

    def drip(sock: socket.socket) -> None:
        sock.sendall(start)
        for _ in range(400):
            origin.pause(0.05)
            sock.sendall(b"1")

    with pytest.raises(RetryLater, match=IN_TIME):
        get(origin, drip, HASTY)


@pytest.mark.parametrize("start", [b"", OK, OK + b"Content-Length: 9\r\n\r\nx"])
def test_silence(origin: Origin, start: bytes) -> None:
    """An origin that falls silent is left before it hangs up, and before the deadline."""

    def fall_silent(sock: socket.socket) -> None:
        sock.sendall(start)
        origin.pause(20)

    with pytest.raises(RetryLater, match=IN_TIME):
        get(origin, fall_silent, Limits(silence=0.2, total=60))


def test_redirects_share_the_deadline(origin: Origin, reply: Reply) -> None:
    """Slow redirects together take no longer than one slow answer."""

    def slow_redirect(sock: socket.socket) -> None:
        origin.pause(0.18)
        sock.sendall(reply(b"", status="302 Found", headers={"Location": "/"}))

    with pytest.raises(RetryLater, match=IN_TIME):
        get(origin, slow_redirect, HASTY)


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 ", OK + b"X-Name: "])
def test_a_line_longer_than_the_parser_takes(origin: Origin, start: bytes) -> None:
    """Whether the limit or the parser meets the end of its patience first, the answer is refused.

    Which one it is goes with the sizes in which the bytes happen to arrive.
    """
    patient = Limits(header=1_000_000)
    with pytest.raises(Refused) as caught:
        get(origin, pour(start, itertools.repeat(b"x" * 999)), patient)
    assert caught.value.rule == "fetch.header"


def test_more_headers_than_the_parser_takes(origin: Origin) -> None:
    """An answer of very many short headers is given up, too."""
    with pytest.raises(RetryLater, match="headers"):
        get(origin, pour(OK, itertools.repeat(b"A: b\r\n")))


def test_a_declared_length_beyond_the_limit(origin: Origin) -> None:
    """An answer that says it is too long is not read."""
    with pytest.raises(Refused) as refused:
        get(origin, OK + b"Content-Length: 100001\r\n\r\n")
    assert refused.value.rule == "fetch.body"


def test_the_limit_itself_is_allowed(origin: Origin, reply: Reply) -> None:
    """The largest body allowed arrives whole."""
    assert len(get(origin, reply(b"x" * SMALL.body)).data) == SMALL.body


def test_a_length_that_promises_too_much(origin: Origin) -> None:
    """An answer that ends before its length may be whole another time."""
    with pytest.raises(RetryLater):
        get(origin, OK + b"Content-Length: 100\r\n\r\nshort")


def test_chunks_that_end_early(origin: Origin) -> None:
    """So may one that ends within its chunks."""
    with pytest.raises(RetryLater):
        get(origin, OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nshort")


def test_a_length_that_promises_too_little(origin: Origin) -> None:
    """Nothing is read beyond the length; what follows could belong to another answer."""
    assert get(origin, OK + b"Content-Length: 4\r\n\r\ngood, and evil").data == b"good"


@pytest.mark.parametrize("length", [b"-1", b"many", b"1e9"])
def test_a_length_that_is_no_number(origin: Origin, length: bytes) -> None:
    """Such a length does not lift the limit."""
    start = OK + b"Content-Length: " + length + b"\r\n\r\n"
    with pytest.raises(Refused):
        get(origin, pour(start, itertools.repeat(b"x" * 4096)))


def test_a_compressed_answer_is_unpacked(origin: Origin, reply: Reply) -> None:
    """A server that compresses unasked is understood."""
    headers = {"Content-Encoding": "GZIP"}
    assert get(origin, reply(gzip.compress(b"data"), headers=headers)).data == b"data"


def test_a_compressed_answer_is_measured_unpacked(origin: Origin, reply: Reply) -> None:
    """A gzip bomb is refused without the memory it would take."""
    unpacked = 64 * 1024 * 1024
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(bytes(unpacked)) + packer.flush()
    assert len(bomb) < SMALL.body
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        get(origin, reply(bomb, headers={"Content-Encoding": "gzip"}))
    assert tracemalloc.get_traced_memory()[1] < unpacked / 16
    tracemalloc.stop()
    assert refused.value.rule == "fetch.body"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "br, none"])
def test_other_encodings_are_refused(origin: Origin, reply: Reply, encoding: str) -> None:
    """What was not asked for and cannot be bounded is not unpacked."""
    with pytest.raises(Refused) as refused:
        get(origin, reply(gzip.compress(b"data"), headers={"Content-Encoding": encoding}))
    assert refused.value.rule == "fetch.encoding"


@pytest.mark.parametrize("encoding", ["none", "UTF-8", "binary", "aws-chunked", "identity", ","])
def test_what_is_no_encoding_is_ignored(origin: Origin, reply: Reply, encoding: str) -> None:
    """A word that names no coding says nothing of a body, which is judged by its bytes."""
    image = reply(b"GIF89a", headers={"Content-Encoding": encoding})
    assert get(origin, image).data == b"GIF89a"


def test_a_compressed_answer_may_be_called_something_else_too(origin: Origin, reply: Reply) -> None:
    """S3 tells the coding of the upload together with that of the object."""
    headers = {"Content-Encoding": "aws-chunked,gzip"}
    assert get(origin, reply(gzip.compress(b"data"), headers=headers)).data == b"data"


def test_gzip_that_is_none(origin: Origin, reply: Reply) -> None:
    """An answer that lies about its encoding is refused."""
    with pytest.raises(Refused) as refused:
        get(origin, reply(b"plain", headers={"Content-Encoding": "gzip"}))
    assert refused.value.rule == "fetch.encoding"


@pytest.mark.parametrize(
    "answer",
    [b"", b"220 mail.example ESMTP\r\n", b"SSH-2.0-x\r\n", b"HTTP/9.9 200\r\n\r\n", b"\0" * 99],
)
def test_what_is_no_http(origin: Origin, answer: bytes) -> None:
    """Something else than a web server may be replaced by one."""
    with pytest.raises(RetryLater):
        get(origin, answer)


def test_a_type_that_lies(origin: Origin, reply: Reply) -> None:
    """A page called an image is a page; an image called a page is an image."""
    page = reply(b"<html><svg></svg>", headers={"Content-Type": "image/png"})
    assert get(origin, page).mime == "application/octet-stream"
    image = reply(b"GIF89a", headers={"Content-Type": "text/html"})
    assert get(origin, image).mime == "image/gif"


def test_a_validator_that_is_too_long(origin: Origin, reply: Reply) -> None:
    """A validator that would swell the state is not kept."""
    assert get(origin, reply(b"x", headers={"ETag": "x" * 1025})).etag is None
