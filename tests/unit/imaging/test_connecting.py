"""`ConnectTo` opens exactly what it names."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from presswork.errors import Rejected, RetryLater
from presswork.imaging import ConnectTo, Network, Refused, fetch

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]


@pytest.mark.parametrize(
    ("text", "host", "port", "expected"),
    [
        ("a.example:80:127.0.0.1:8000", "a.example", 80, ("127.0.0.1", 8000)),
        ("A.Example.:80:127.0.0.1:8000", "a.example", 80, ("127.0.0.1", 8000)),
        ("中国.example:80:127.0.0.1:8000", "xn--fiqs8s.example", 80, ("127.0.0.1", 8000)),
        ("a.example:80:[::1]:8000", "a.example", 80, ("::1", 8000)),
        ("[2606:4700::1]:80:127.0.0.1:8000", "2606:4700::1", 80, ("127.0.0.1", 8000)),
        ("a.example:80:127.0.0.1:", "a.example", 80, ("127.0.0.1", 80)),
        ("a.example::127.0.0.1:8000", "a.example", 443, ("127.0.0.1", 8000)),
        (":80:127.0.0.1:8000", "any.example", 80, ("127.0.0.1", 8000)),
        ("::127.0.0.1:8000", "any.example", 443, ("127.0.0.1", 8000)),
        ("b.example:80:127.0.0.1:1,a.example:80:127.0.0.1:2", "a.example", 80, ("127.0.0.1", 2)),
        ("a.example:80:127.0.0.1:1 ::127.0.0.1:2", "a.example", 80, ("127.0.0.1", 1)),
        ("  a.example:80:127.0.0.1:1 , ", "a.example", 80, ("127.0.0.1", 1)),
        ("a.example:80:127.0.0.1:8000", "a.example", 443, None),
        ("a.example:80:127.0.0.1:8000", "b.a.example", 80, None),
        ("", "a.example", 80, None),
    ],
)
def test_entries_are_matched(
    text: str, host: str, port: int, expected: tuple[str, int] | None
) -> None:
    """Empty parts match any, the first match counts, and names are compared as the network does."""
    found = ConnectTo.parse(text).find(host, port)
    assert (found if found is None else (str(found), found.port)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a.example",
        "a.example:80",
        "a.example:80:127.0.0.1",
        "a.example:80:127.0.0.1:8000:9",
        "a.example:http:127.0.0.1:8000",
        "a.example:80:localhost:8000",
        "a.example:80::8000",
        "a.example:80:::1:8000",
        "a.example:0:127.0.0.1:8000",
        "a.example:80:127.0.0.1:65536",
        "a.example:80:127.0.0.1:８０",
        "a..example:80:127.0.0.1:8000",
        "b.example:80:127.0.0.1:1;a.example:80:127.0.0.1:2",
    ],
)
def test_malformed_entries_are_rejected(text: str) -> None:
    """A setting that cannot be used says how to write it."""
    with pytest.raises(Rejected) as rejected:
        Network.of(text)
    assert rejected.value.rule == "setting.connect_to"
    assert "images.example:80:127.0.0.1:8000" in rejected.value.fix


def test_only_the_named_host_is_opened(origin: Origin, reply: Reply) -> None:
    """Other hosts, other ports of it, and loopback by its own name stay closed."""
    origin.answers["/"] = reply(b"data")
    opened = Network.of(f"images.example:80:127.0.0.1:{origin.port}")
    network = Network(opened.connect_to, onward=lambda *_: ["127.0.0.1"])
    for url in (
        "https://images.example/",
        "http://www.images.example/",
        "http://other.example/",
        "http://127.0.0.1/",
        "http://localhost/",
        f"http://images.example:{origin.port}/",
    ):
        with pytest.raises(Refused):
            fetch(url, resolve=network.resolve, connect=network.connect)
    assert origin.requests == []
    fetched = fetch("http://images.example/", resolve=network.resolve, connect=network.connect)
    assert fetched.data == b"data"


def test_an_empty_setting_opens_nothing() -> None:
    """Without entries, the resolver's loopback is refused."""
    network = Network(Network.of("").connect_to, onward=lambda *_: ["127.0.0.1"])
    with pytest.raises(Refused):
        fetch("http://images.example/", resolve=network.resolve, connect=network.connect)


def test_connect_gets_addresses_only() -> None:
    """A mapped host reaches `connect` as the address and port that the setting names."""
    asked: list[tuple[str, int]] = []

    def connect(address: str, port: int, _timeout: float) -> socket.socket:
        asked.append((address, port))
        raise ConnectionRefusedError

    mapping = ConnectTo.parse("images.example:80:127.0.0.1:8000")
    network = Network(mapping, onward=lambda *_: ["93.184.215.14"], connect=connect)
    for url in ("http://images.example/", "http://other.example/"):
        with pytest.raises(RetryLater):
            fetch(url, resolve=network.resolve, connect=network.connect)
    assert asked == [("127.0.0.1", 8000), ("93.184.215.14", 80)]


def test_the_guard_does_without_pillow() -> None:
    """Whoever only fetches or delivers does not load the image library."""
    code = "import presswork.imaging, sys; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
