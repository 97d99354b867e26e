"""Fetching from origins that behave, and the rules of redirects, conditions and mapped hosts."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import Limits, Network, Refused, Validators, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]

PNG = b"\x89PNG\r\n\x1a\n and more"


def test_an_image_is_fetched(origin: Origin, reply: Reply) -> None:
    """What an origin sends arrives whole, typed by its bytes, with its validators."""
    headers = {"Content-Type": "text/html", "ETag": '"1"', "Last-Modified": "yesterday"}
    origin.answers["/a.png?size=1"] = reply(PNG, headers=headers)
    network = origin.network("images.example")
    fetched = fetch(
        "http://Images.Example/a.png?size=1#top", resolve=network.resolve, connect=network.connect
    )
    assert fetched.url == "http://images.example/a.png?size=1"
    assert (fetched.status, fetched.data, fetched.mime) == (200, PNG, "image/png")
    assert (fetched.etag, fetched.last_modified, fetched.hops) == ('"1"', "yesterday", ())


def test_the_request_says_little(origin: Origin, reply: Reply) -> None:
    """A request names its host and its sender, wants no encoding, and carries no cookie."""
    origin.answers["/%E5%9B%BE%20%22.png?%E5%90%8D=1"] = reply(PNG)
    network = origin.network("images.example")
    fetch(
        'http://images.example:443/图 ".png?名=1',
        resolve=network.resolve,
        connect=network.connect,
        referer="http://images.example/",
    )
    head = dict(line.split(": ", 1) for line in origin.requests[0].splitlines()[1:])
    assert head.pop("User-Agent").startswith("Presswork/")
    assert head == {
        "Host": "images.example:443",
        "Accept": "image/*,*/*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Referer": "http://images.example/",
    }


def test_a_condition_is_passed_on(origin: Origin, reply: Reply) -> None:
    """Validators make the request conditional; 304 is an answer without data."""
    origin.answers["/a.png"] = reply(b"", status="304 Not Modified", headers={"ETag": '"2"'})
    network = origin.network("images.example")
    fetched = fetch(
        " http://images.example/a.png \n",
        resolve=network.resolve,
        connect=network.connect,
        validators=Validators(etag='"1"', last_modified="Sun, 21 Nov 2021 18:10:05 GMT"),
    )
    assert (fetched.status, fetched.data, fetched.etag) == (304, b"", '"2"')
    assert 'If-None-Match: "1"' in origin.requests[0]
    assert "If-Modified-Since: Sun, 21 Nov 2021 18:10:05 GMT" in origin.requests[0]


def test_redirects_are_followed(origin: Origin, reply: Reply) -> None:
    """Three redirects are followed, each resolved anew, absolute, relative and not encoded."""
    asked: list[str] = []
    network = origin.network("one.example", "two.example")

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return network.resolve(host, port)

    def moved(to: str, status: str) -> bytes:
        return reply(b"elsewhere", status=status).replace(
            b"\r\n\r\n", f"\r\nLocation: {to}\r\n\r\n".encode(), 1
        )

    origin.answers["/1"] = moved("http://two.example/2", "301 Moved")
    origin.answers["/2"] = moved("//one.example/b/3", "307 Moved")
    origin.answers["/b/3"] = moved("../图.png", "302 Found")
    origin.answers["/%E5%9B%BE.png"] = reply(PNG)
    fetched = fetch("http://one.example/1", resolve=resolve, connect=network.connect)
    assert fetched.data == PNG
    assert fetched.url == "http://one.example/%E5%9B%BE.png"
    assert fetched.hops == (
        "http://one.example/1",
        "http://two.example/2",
        "http://one.example/b/3",
    )
    assert asked == ["one.example", "two.example", "one.example", "one.example"]


@pytest.mark.parametrize(
    ("location", "rule"),
    [
        ("/again", "fetch.redirects"),
        ("http://127.0.0.1/", "fetch.address"),
        ("http://inside.example/", "fetch.address"),
        ("http://localhost/", "fetch.host"),
        ("http://images.example:8080/", "fetch.port"),
        ("http://user@images.example/", "fetch.userinfo"),
        ("file:///etc/passwd", "fetch.scheme"),
        ("http://[", "fetch.url"),
    ],
)
def test_redirects_are_judged(origin: Origin, reply: Reply, location: str, rule: str) -> None:
    """A redirect may lead nowhere that a URL may not, and not round in circles."""
    origin.answers["/again"] = reply(b"", status="302 Found", headers={"Location": location})
    network = origin.network("images.example")

    def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == "inside.example" else network.resolve(host, port)

    with pytest.raises(Refused) as refused:
        fetch("http://images.example/again", resolve=resolve, connect=network.connect)
    assert refused.value.rule == rule
    assert len(origin.requests) == (4 if rule == "fetch.redirects" else 1)


@pytest.mark.parametrize("status", ["300 Choices", "302 Found", "304 Not Modified", "404 Gone"])
def test_other_answers_are_final(origin: Origin, reply: Reply, status: str) -> None:
    """A status that asks for nothing is handed on, its page unread; so is a redirect to nowhere."""
    origin.answers["/a"] = reply(b"page", status=status)
    network = origin.network("images.example")
    fetched = fetch("http://images.example/a", resolve=network.resolve, connect=network.connect)
    assert (fetched.status, fetched.data) == (int(status[:3]), b"")


@pytest.mark.parametrize("status", ["429 Too Many", "500 Oops", "503 Busy", "599 Odd"])
def test_busy_servers_are_asked_later(origin: Origin, reply: Reply, status: str) -> None:
    """429 and 5xx are no verdict, and Retry-After says when to come back."""
    origin.answers["/a"] = reply(b"", status=status, headers={"Retry-After": "120"})
    network = origin.network("images.example")
    with pytest.raises(RetryLater) as later:
        fetch("http://images.example/a", resolve=network.resolve, connect=network.connect)
    assert later.value.after == 120


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (format_datetime(datetime.now(UTC) + timedelta(hours=1)), 600, 3600),
        ("Sun, 21 Nov 2021 18:10:05 GMT", 0, 0),
        ("Sun, 21 Nov 2021 18:10:05", 0, 0),
    ],
    ids=["ahead", "past", "without a zone"],
)
def test_retry_after_may_be_a_date(
    origin: Origin, reply: Reply, value: str, low: float, high: float
) -> None:
    """A date says how long to wait from now, one that is past not to wait at all."""
    origin.answers["/a"] = reply(b"", status="503 Busy", headers={"Retry-After": value})
    network = origin.network("images.example")
    with pytest.raises(RetryLater) as later:
        fetch("http://images.example/a", resolve=network.resolve, connect=network.connect)
    assert later.value.after is not None
    assert low <= later.value.after <= high


@pytest.mark.parametrize(
    "value",
    ["soon", "-5", "", "²", "Mon, 01 Jan 2024 00:00:00 +99999999999999"],
)
def test_retry_after_may_be_nonsense(origin: Origin, reply: Reply, value: str) -> None:
    """What no one can read is as good as nothing."""
    origin.answers["/a"] = reply(b"", status="503 Busy").replace(
        b"\r\n\r\n", f"\r\nRetry-After: {value}\r\n\r\n".encode("latin-1"), 1
    )
    network = origin.network("images.example")
    with pytest.raises(RetryLater) as later:
        fetch("http://images.example/a", resolve=network.resolve, connect=network.connect)
    assert later.value.after is None


def test_nobody_listens() -> None:
    """A connection that is refused may be accepted another day."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    network = Network.of(f"images.example:80:127.0.0.1:{port}")
    with pytest.raises(RetryLater):
        fetch("http://images.example/", resolve=network.resolve, connect=network.connect)


def test_chunked_answers_are_read(origin: Origin) -> None:
    """An answer of unknown length comes in chunks, or ends with the connection."""
    origin.answers["/chunks"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"8;name=value\r\n\x89PNG\r\n\x1a\n\r\n9\r\n and more\r\n0\r\nTrailer: x\r\n\r\n"
    )
    origin.answers["/until-the-end"] = b"HTTP/1.0 200 OK\r\n\r\n" + PNG
    network = origin.network("images.example")
    for path in origin.answers:
        fetched = fetch(
            f"http://images.example{path}", resolve=network.resolve, connect=network.connect
        )
        assert fetched.data == PNG


@pytest.mark.parametrize("ahead", ["103 Early Hints", "102 Processing", "100 Continue"])
def test_what_comes_ahead_of_an_answer_is_read_past(
    origin: Origin, reply: Reply, ahead: str
) -> None:
    """An informational answer is none: the image is the one behind it, however many there are."""
    hint = f"HTTP/1.1 {ahead}\r\nLink: </a.css>; rel=preload\r\n\r\n".encode()
    origin.answers["/a"] = 2 * hint + reply(PNG)
    network = origin.network("images.example")
    fetched = fetch("http://images.example/a", resolve=network.resolve, connect=network.connect)
    assert (fetched.status, fetched.data) == (200, PNG)


def test_the_address_check_guards_real_sockets(origin: Origin, reply: Reply) -> None:
    """A name that leads to loopback reaches nothing there, though something listens."""
    origin.answers["/"] = reply(PNG)

    def connect(_address: str, _port: int, timeout: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", origin.port), timeout)

    with pytest.raises(Refused):
        fetch("http://evil.example/", resolve=lambda *_: ["127.0.0.1"], connect=connect)
    assert origin.requests == []
    fetched = fetch("http://good.example/", resolve=lambda *_: ["93.184.215.14"], connect=connect)
    assert fetched.data == PNG


def test_limits_have_the_documented_defaults() -> None:
    """The bounds of a fetch and of an image are those that the documentation names."""
    assert Limits() == Limits(
        body=10_485_760,
        header=65_536,
        connect=3,
        silence=5,
        total=15,
        redirects=3,
        ports=(80, 443),
        pixels=25_000_000,
        frames=100,
        animation=50_000_000,
        memory=402_653_184,
        decoding=10,
    )
