"""How hosts are treated: few connections at once, and pauses observed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import HostThrottle, Limits, fetch

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]


def test_few_connections_to_a_host(origin: Origin, reply: Reply) -> None:
    """However many fetches there are at once, a host has no more than its connections open."""
    open_now, most, lock = 0, 0, threading.Lock()
    two_at_once = threading.Barrier(2)

    def slow(sock: socket.socket) -> None:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        two_at_once.wait(timeout=60)
        origin.pause(0.02)  # a third would come
        with lock:
            open_now -= 1
        sock.sendall(reply(b"data"))

    origin.answers["/"] = slow
    network = origin.network("one.example")
    shared = HostThrottle(connections=2)

    def get(_: int) -> bytes:
        return fetch(
            "http://one.example/",
            limits=Limits(silence=60, total=60),
            resolve=network.resolve,
            connect=network.connect,
            throttle=shared,
        ).data

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(get, range(12))) == [b"data"] * 12
    assert most == 2


def test_hosts_do_not_wait_for_each_other() -> None:
    """A host that is busy delays no other; waiting for it ends in time."""
    shared = HostThrottle(connections=1)
    with (
        shared.turn("one.example", 1),
        shared.turn("two.example", 1),
        pytest.raises(RetryLater, match="busy"),
        shared.turn("one.example", 0.1),
    ):
        pytest.fail("two at once")


def test_a_turn_ends_however_its_work_ends() -> None:
    """Neither a failure nor a pause keeps a connection."""
    shared = HostThrottle(connections=1)
    for failure in (ValueError(), RetryLater("no", None)):
        with pytest.raises(type(failure)), shared.turn("one.example", 0):
            raise failure
    with shared.turn("one.example", 0):
        pass


def test_a_pause_ends() -> None:
    """After its pause a host is asked again; meanwhile what is left of it is told."""
    now = 0.0
    shared = HostThrottle(stopwatch=lambda: now)
    with pytest.raises(RetryLater), shared.turn("one.example", 0):
        raise RetryLater("busy", 60)
    now = 59.0
    with pytest.raises(RetryLater) as later, shared.turn("one.example", 5):
        pytest.fail("asked within the pause")
    assert later.value.after == 1
    now = 60.0
    with shared.turn("one.example", 0):
        pass


def test_redirects_at_the_end_of_the_time(origin: Origin, reply: Reply) -> None:
    """A redirect that comes as the time ends leads to a retry, not to another error."""

    def late(sock: socket.socket) -> None:
        origin.pause(0.2)
        sock.sendall(reply(b"", status="302 Found", headers={"Location": "/"}))

    origin.answers["/"] = late
    network = origin.network("one.example")
    with pytest.raises(RetryLater):
        fetch(
            "http://one.example/",
            limits=Limits(total=0.21, silence=1),
            resolve=network.resolve,
            connect=network.connect,
        )
