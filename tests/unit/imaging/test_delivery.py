"""Outbound hooks reach their receiver, or say whether to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, deliver

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_a_hook_is_delivered(origin: Origin, reply: Reply, status: str) -> None:
    """The receiver gets the body and the headers as they are given, once."""
    origin.answers["/hook?a=b"] = reply(b"thanks", status=status)
    network = origin.network("hooks.example")
    answered = deliver(
        "http://hooks.example/hook?a=b",
        b'{"a": 1}',
        {"Content-Type": "application/json", "webhook-id": "7"},
        resolve=network.resolve,
        connect=network.connect,
    )
    assert answered == int(status[:3])
    assert origin.bodies == [b'{"a": 1}']
    head = origin.requests[0].splitlines()
    assert head[0] == "POST /hook?a=b HTTP/1.1"
    assert {"Host: hooks.example", "Content-Type: application/json", "webhook-id: 7"} <= set(head)
    assert "Content-Length: 8" in head


@pytest.mark.parametrize("status", ["301 Moved", "307 Moved", "400 Bad", "401 Who", "410 Gone"])
def test_a_receiver_that_does_not_want_it(origin: Origin, reply: Reply, status: str) -> None:
    """A redirect is not followed, and a refusal is final."""
    origin.answers["/"] = reply(b"", status=status, headers={"Location": "/elsewhere"})
    network = origin.network("hooks.example")
    with pytest.raises(Refused) as refused:
        deliver("http://hooks.example/", b"", {}, resolve=network.resolve, connect=network.connect)
    assert refused.value.rule == "hook.status"
    assert origin.paths() == ["/"]


@pytest.mark.parametrize("status", ["429 Slow down", "500 Oops", "503 Busy"])
def test_a_receiver_that_is_busy(origin: Origin, reply: Reply, status: str) -> None:
    """A busy receiver is asked again when it says so."""
    origin.answers["/"] = reply(b"", status=status, headers={"Retry-After": "30"})
    network = origin.network("hooks.example")
    with pytest.raises(RetryLater) as later:
        deliver("http://hooks.example/", b"", {}, resolve=network.resolve, connect=network.connect)
    assert later.value.after == 30


def test_a_receiver_that_does_not_answer(origin: Origin) -> None:
    """Silence ends the delivery in time."""

    def silent(_sock: socket.socket) -> None:
        origin.pause(20)

    origin.answers["/"] = silent
    network = origin.network("hooks.example")
    with pytest.raises(RetryLater, match="timed out"):
        deliver(
            "http://hooks.example/",
            b"{}",
            {},
            limits=Limits(silence=0.1, total=60),
            resolve=network.resolve,
            connect=network.connect,
        )


def test_an_endless_answer_is_not_read(origin: Origin) -> None:
    """A receiver's answer costs nothing beyond its status."""

    def endless(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 4096)

    origin.answers["/"] = endless
    network = origin.network("hooks.example")
    answered = deliver(
        "http://hooks.example/", b"{}", {}, resolve=network.resolve, connect=network.connect
    )
    assert answered == 200
