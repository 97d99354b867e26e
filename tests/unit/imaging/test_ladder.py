"""Where an image is looked for, in which order, and when the search ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import ConnectTo, Guard, Limits, Refused, Rung, Try, climb, rungs
from presswork.post import ImageRef

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]

GIF = b"GIF89a and more"
PROXIED = ImageRef(
    url="http://images.example/a.gif",
    seen=("https://proxy.example/?http://images.example/a.gif", "http://images.example/a.gif"),
)


def only(origin: Origin, *hosts: str) -> Guard:
    """A guard for the http port of `hosts`; everything else is refused by the network."""

    def nowhere(host: str, _port: int) -> Sequence[str]:
        raise ConnectionRefusedError(f"{host} is closed")

    entries = " ".join(f"{host}:80:127.0.0.1:{origin.port}" for host in hosts)
    return Guard(ConnectTo.parse(entries), onward=nowhere)


def test_the_order_of_the_rungs() -> None:
    """The origin comes first, with encryption, then with its Referer; proxies come last."""
    assert rungs(PROXIED) == (
        Rung("https://images.example/a.gif"),
        Rung("http://images.example/a.gif"),
        Rung("https://images.example/a.gif", referred=True),
        Rung("http://images.example/a.gif", referred=True),
        Rung("https://proxy.example/?http://images.example/a.gif"),
    )


def test_an_https_origin_is_not_asked_in_the_clear() -> None:
    """Whoever wrote https gets no less, unless the source also spells http."""
    ref = ImageRef(url="https://images.example/a.gif", seen=("//images.example/a.gif",))
    assert rungs(ref) == (
        Rung("https://images.example/a.gif"),
        Rung("https://images.example/a.gif", referred=True),
    )
    both = ref.model_copy(update={"seen": ("http://images.example/a.gif",)})
    assert Rung("http://images.example/a.gif") in rungs(both)


def test_spellings_that_cannot_be_asked_for() -> None:
    """A relative or embedded spelling is no rung, and there are never more than eight."""
    seen = ("/a.gif", "a.gif", "data:image/gif;base64,AA", "", "//cdn.example/a.gif")
    ref = ImageRef(url="https://images.example/a.gif", seen=seen)
    assert [rung.url for rung in rungs(ref)][2:] == ["https://cdn.example/a.gif"]
    many = tuple(f"https://proxy.example/{number}" for number in range(99))
    assert len(rungs(ImageRef(url="https://images.example/a.gif", seen=many))) == 8


def test_an_origin_without_https(origin: Origin, reply: Reply) -> None:
    """An image that is served in the clear only is found as it is spelled."""
    origin.answers["/a.gif"] = reply(GIF, headers={"ETag": '"1"'})
    guarded = only(origin, "images.example")
    found = climb(PROXIED, resolve=guarded.resolve, connect=guarded.connect)
    assert (found.data, found.mime, found.etag) == (GIF, "image/gif", '"1"')
    assert found.url == "http://images.example/a.gif"
    assert [(t.url, t.referred) for t in found.tries] == [
        ("https://images.example/a.gif", False),
        ("http://images.example/a.gif", False),
    ]
    assert found.tries[-1].outcome == "found"


def test_an_origin_that_wants_its_referer(origin: Origin, reply: Reply) -> None:
    """Hotlink protection is answered with the origin's own site."""

    def protected(sock: socket.socket) -> None:
        welcome = "Referer: http://images.example/" in origin.requests[-1].splitlines()
        sock.sendall(reply(GIF) if welcome else reply(b"", status="403 Forbidden"))

    origin.answers["/a.gif"] = protected
    guarded = only(origin, "images.example")
    found = climb(PROXIED, resolve=guarded.resolve, connect=guarded.connect)
    assert found.tries[-2:] == (
        Try("http://images.example/a.gif", referred=False, outcome="status 403"),
        Try("http://images.example/a.gif", referred=True, outcome="found"),
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b"<html>Gone"),
        ("206 Partial Content", GIF),
        ("404 Not Found", GIF),
        ("500 Oops", b""),
    ],
)
def test_a_dead_origin_is_found_in_a_proxy(
    origin: Origin, reply: Reply, status: str, body: bytes
) -> None:
    """A page, a part, an error or a missing image at one rung sends the search to the next."""
    origin.answers["/a.gif"] = reply(body, status=status)
    origin.answers["/?http://images.example/a.gif"] = reply(GIF)
    ref = PROXIED.model_copy(
        update={"seen": ("http://proxy.example/?http://images.example/a.gif",)}
    )
    guarded = only(origin, "images.example", "proxy.example")
    found = climb(ref, resolve=guarded.resolve, connect=guarded.connect)
    assert found.url == "http://proxy.example/?http://images.example/a.gif"


def test_an_unreachable_origin_is_not_asked_with_a_referer(origin: Origin) -> None:
    """A Referer is of use only to a server that answers."""
    guarded = only(origin)
    with pytest.raises(RetryLater) as later:
        climb(PROXIED, resolve=guarded.resolve, connect=guarded.connect)
    assert str(later.value).count("closed") == 3


def test_a_refused_rung_does_not_end_the_search(origin: Origin, reply: Reply) -> None:
    """An origin that the guard forbids may still be had through a proxy."""
    origin.answers["/a.gif"] = reply(GIF)
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=("http://proxy.example/a.gif",))
    guarded = only(origin, "proxy.example")
    found = climb(ref, resolve=guarded.resolve, connect=guarded.connect)
    assert found.url == "http://proxy.example/a.gif"


def test_when_every_rung_is_refused(origin: Origin) -> None:
    """An image that no rule lets in is refused, not owed."""
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=("http://localhost/a.gif",))
    guarded = only(origin)
    with pytest.raises(Refused):
        climb(ref, resolve=guarded.resolve, connect=guarded.connect)


def test_when_one_rung_may_do_better_later(origin: Origin, reply: Reply) -> None:
    """An image that was missing anywhere is owed, for the longest pause that was asked for."""
    origin.answers["/b.gif"] = reply(b"", status="503 Busy", headers={"Retry-After": "7"})
    origin.answers["/c.gif"] = reply(b"", status="503 Busy", headers={"Retry-After": "9"})
    seen = ("http://proxy.example/b.gif", "http://proxy.example/c.gif")
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=seen)
    guarded = only(origin, "proxy.example")
    with pytest.raises(RetryLater) as later:
        climb(ref, resolve=guarded.resolve, connect=guarded.connect)
    assert later.value.after == 9
    assert "503" in str(later.value)


def test_a_missing_image_is_owed(origin: Origin) -> None:
    """A 404 is no last word."""
    guarded = only(origin, "images.example")
    ref = ImageRef(url="http://images.example/none.gif", seen=())
    with pytest.raises(RetryLater, match="status 404") as later:
        climb(ref, resolve=guarded.resolve, connect=guarded.connect)
    assert later.value.after is None


def test_an_image_of_another_kind_is_found(origin: Origin, reply: Reply) -> None:
    """A drawing is an image; whether it is taken over is decided by whoever makes it."""
    origin.answers["/a.gif"] = reply(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    guarded = only(origin, "images.example")
    found = climb(PROXIED, resolve=guarded.resolve, connect=guarded.connect)
    assert found.mime == "image/svg+xml"


def test_the_deadline_covers_all_rungs(origin: Origin) -> None:
    """However many rungs there are, the search ends in time, and the image is owed."""
    many = tuple(f"http://slow.example/{number}" for number in range(8))
    ref = ImageRef(url="https://slow.example/a.gif", seen=many)

    def slow(_sock: socket.socket) -> None:
        origin.pause(2)

    origin.answers.update({f"/{number}": slow for number in range(8)})
    guarded = only(origin, "slow.example")
    began = time.monotonic()
    with pytest.raises(RetryLater, match="no time left"):
        climb(ref, deadline=0.3, resolve=guarded.resolve, connect=guarded.connect)
    assert time.monotonic() - began < 0.8


def test_the_limits_hold_for_each_rung(origin: Origin, reply: Reply) -> None:
    """A rung that takes too long by the limits leaves the rest of the time to the others."""

    def slow(_sock: socket.socket) -> None:
        origin.pause(2)

    origin.answers["/a.gif"] = slow
    origin.answers["/b.gif"] = reply(GIF)
    ref = ImageRef(url="http://images.example/a.gif", seen=("http://images.example/b.gif",))
    guarded = only(origin, "images.example")
    limits = Limits(silence=0.1)
    found = climb(ref, limits=limits, resolve=guarded.resolve, connect=guarded.connect)
    assert found.url == "http://images.example/b.gif"
