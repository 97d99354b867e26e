"""Where an image is looked for, in which order, and when the search ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from presswork.errors import RetryLater
from presswork.imaging import (
    AllRefused,
    Candidate,
    ConnectTo,
    HostThrottle,
    Limits,
    Missing,
    Network,
    Try,
    Validators,
    candidates,
    fetch_first,
)
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


def only(origin: Origin, *hosts: str) -> Network:
    """A network for the http port of `hosts`; everything else is refused by the network."""

    def nowhere(host: str, _port: int) -> Sequence[str]:
        raise ConnectionRefusedError(f"{host} is closed")

    entries = " ".join(f"{host}:80:127.0.0.1:{origin.port}" for host in hosts)
    return Network(ConnectTo.parse(entries), onward=nowhere)


def test_the_order_of_the_rungs() -> None:
    """The origin comes first, with encryption, then with its Referer; proxies come last."""
    assert candidates(PROXIED) == (
        Candidate("https://images.example/a.gif"),
        Candidate("http://images.example/a.gif"),
        Candidate("https://images.example/a.gif", referred=True),
        Candidate("http://images.example/a.gif", referred=True),
        Candidate("https://proxy.example/?http://images.example/a.gif"),
    )


def test_an_https_origin_may_be_asked_in_the_clear() -> None:
    """Certificates lapse: what is spelled with https only is tried without, but after it."""
    ref = ImageRef(url="https://images.example/a.gif", seen=("//images.example/a.gif",))
    assert candidates(ref) == (
        Candidate("https://images.example/a.gif"),
        Candidate("http://images.example/a.gif"),
        Candidate("https://images.example/a.gif", referred=True),
        Candidate("http://images.example/a.gif", referred=True),
    )


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://images.example/photo.php", "http://images.example/photo.php?v=2"),
        ("http://images.example/photo.php?id=7", "http://Images.example/photo.php?id=7&t=1"),
    ],
)
def test_the_query_that_an_author_wrote(url: str, written: str) -> None:
    """It is asked for first, since a cache-buster may choose the picture; then without."""
    asked = [candidate.url for candidate in candidates(ImageRef(url=url, seen=(written,)))]
    assert asked[0].partition(":")[2] == written.partition(":")[2]
    assert asked[-1] == url


def test_a_small_form_is_no_other_query() -> None:
    """A parameter that is no cache-buster asks for another image: the canonical one comes first."""
    ref = ImageRef(url="https://images.example/a.png", seen=("https://images.example/a.png?w=9",))
    assert candidates(ref)[0].url == ref.url


def test_spellings_that_cannot_be_asked_for() -> None:
    """A relative or embedded spelling is no candidate, and there are never more than eight."""
    seen = ("/a.gif", "a.gif", "data:image/gif;base64,AA", "", "//cdn.example/a.gif")
    ref = ImageRef(url="https://images.example/a.gif", seen=seen)
    assert [candidate.url for candidate in candidates(ref)][4:] == ["https://cdn.example/a.gif"]
    many = tuple(f"https://proxy.example/{number}" for number in range(99))
    assert len(candidates(ImageRef(url="https://images.example/a.gif", seen=many))) == 8


def test_an_origin_without_https(origin: Origin, reply: Reply) -> None:
    """An image that is served in the clear only is found as it is spelled."""
    origin.answers["/a.gif"] = reply(GIF, headers={"ETag": '"1"'})
    network = only(origin, "images.example")
    found = fetch_first(PROXIED, resolve=network.resolve, connect=network.connect)
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
    network = only(origin, "images.example")
    found = fetch_first(PROXIED, resolve=network.resolve, connect=network.connect)
    assert found.tries[-2:] == (
        Try("http://images.example/a.gif", referred=False, outcome="status 403", status=403),
        Try("http://images.example/a.gif", referred=True, outcome="found", status=200),
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
    """A page, a part, an error or a missing image at one candidate sends the search to the next."""
    origin.answers["/a.gif"] = reply(body, status=status)
    origin.answers["/?http://images.example/a.gif"] = reply(GIF)
    ref = PROXIED.model_copy(
        update={"seen": ("http://proxy.example/?http://images.example/a.gif",)}
    )
    network = only(origin, "images.example", "proxy.example")
    found = fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert found.url == "http://proxy.example/?http://images.example/a.gif"


def test_an_unreachable_origin_is_not_asked_with_a_referer(origin: Origin) -> None:
    """A Referer is of use only to a server that answers."""
    network = only(origin)
    with pytest.raises(RetryLater) as later:
        fetch_first(PROXIED, resolve=network.resolve, connect=network.connect)
    assert str(later.value).count("closed") == 3


def test_a_refused_rung_does_not_end_the_search(origin: Origin, reply: Reply) -> None:
    """An origin that the network forbids may still be had through a proxy."""
    origin.answers["/a.gif"] = reply(GIF)
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=("http://proxy.example/a.gif",))
    network = only(origin, "proxy.example")
    found = fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert found.url == "http://proxy.example/a.gif"


def test_when_every_rung_is_refused(origin: Origin) -> None:
    """An image that no rule lets in is refused by the first rule, not owed; the tries are told."""
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=("http://localhost/a.gif",))
    network = only(origin)
    with pytest.raises(AllRefused) as barred:
        fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert barred.value.rule == "fetch.address"
    assert [t.url for t in barred.value.tries] == [
        "https://127.0.0.1/a.gif",
        "http://127.0.0.1/a.gif",
        "http://localhost/a.gif",
    ]


def test_when_one_rung_may_do_better_later(origin: Origin, reply: Reply) -> None:
    """An image that was missing anywhere is owed, for the longest pause that was asked for."""
    origin.answers["/b.gif"] = reply(b"", status="503 Busy", headers={"Retry-After": "7"})
    origin.answers["/c.gif"] = reply(b"", status="503 Busy", headers={"Retry-After": "9"})
    seen = ("http://proxy.example/b.gif", "http://proxy.example/c.gif")
    ref = ImageRef(url="http://127.0.0.1/a.gif", seen=seen)
    network = only(origin, "proxy.example")
    with pytest.raises(RetryLater) as later:
        fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert later.value.after == 9
    assert "503" in str(later.value)


def test_a_missing_image_is_owed(origin: Origin) -> None:
    """A 404 is no last word."""
    network = only(origin, "images.example")
    ref = ImageRef(url="http://images.example/none.gif", seen=())
    with pytest.raises(Missing, match="status 404") as missing:
        fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert missing.value.after is None
    assert [(t.url, t.referred, t.status) for t in missing.value.tries] == [
        ("https://images.example/none.gif", False, None),
        ("http://images.example/none.gif", False, 404),
        ("http://images.example/none.gif", True, 404),
    ]


@pytest.mark.parametrize(
    ("origin_says", "proxy_says", "gone"),
    [
        ("404 Not Found", "410 Gone", True),
        ("410 Gone", "404 Not Found", True),
        ("404 Not Found", "403 Forbidden", False),
        ("403 Forbidden", "404 Not Found", False),
        ("404 Not Found", "503 Busy", False),
        ("404 Not Found", "200 OK", False),
    ],
)
def test_an_image_that_is_gone(
    origin: Origin, reply: Reply, origin_says: str, proxy_says: str, *, gone: bool
) -> None:
    """It is gone when every host says so; a forbidden place has no say in it."""
    origin.answers["/a.gif"] = reply(b"", status=origin_says)
    origin.answers["/b.gif"] = reply(b"", status=proxy_says)
    seen = ("http://proxy.example/b.gif", "http://127.0.0.1/a.gif")
    network = only(origin, "images.example", "proxy.example")
    with pytest.raises(Missing) as missing:
        fetch_first(
            ImageRef(url="https://images.example/a.gif", seen=seen),
            resolve=network.resolve,
            connect=network.connect,
        )
    assert missing.value.gone is gone


def test_a_later_visit_is_conditional(origin: Origin, reply: Reply) -> None:
    """The validators of the URL that was asked go back to it alone; 304 says unchanged."""

    def conditional(sock: socket.socket) -> None:
        known = 'If-None-Match: "1"' in origin.requests[-1].splitlines()
        status = "304 Not Modified" if known else "200 OK"
        sock.sendall(reply(b"" if known else GIF, status=status, headers={"ETag": '"1"'}))

    origin.answers["/?http://images.example/a.gif"] = conditional
    ref = PROXIED.model_copy(
        update={"seen": ("http://proxy.example/?http://images.example/a.gif",)}
    )
    network = only(origin, "images.example", "proxy.example")
    first = fetch_first(ref, resolve=network.resolve, connect=network.connect)
    assert (first.data, first.unchanged) == (GIF, False)
    again = fetch_first(
        ref,
        resolve=network.resolve,
        connect=network.connect,
        validators={first.asked: Validators(first.etag, first.last_modified)},
    )
    assert (again.data, again.unchanged, again.etag) == (b"", True, '"1"')
    assert again.tries[-1].outcome == "unchanged"
    asked = [r for r in origin.requests if "If-None-Match" in r]
    assert [r.split(" ", 2)[1] for r in asked] == ["/?http://images.example/a.gif"]


def test_unchanged_is_no_answer_to_a_plain_request(origin: Origin, reply: Reply) -> None:
    """A 304 that nobody asked for leaves the image missing."""
    origin.answers["/a.gif"] = reply(b"", status="304 Not Modified")
    network = only(origin, "images.example")
    with pytest.raises(Missing):
        fetch_first(PROXIED, resolve=network.resolve, connect=network.connect)


def test_a_host_that_asked_for_a_pause_is_left_alone(origin: Origin, reply: Reply) -> None:
    """Neither the next candidate nor the next image asks a host before its Retry-After is over."""
    busy = reply(b"", status="429 Slow down", headers={"Retry-After": "70"})
    origin.answers.update({"/a.gif": busy, "/b.gif": reply(GIF)})
    network = only(origin, "images.example")
    shared = HostThrottle()
    for name in ("a", "b"):
        with pytest.raises(Missing, match=r"429|pause") as missing:
            fetch_first(
                ImageRef(url=f"http://images.example/{name}.gif", seen=()),
                resolve=network.resolve,
                connect=network.connect,
                throttle=shared,
            )
        assert missing.value.after == pytest.approx(70, abs=2)
    assert origin.paths() == ["/a.gif"]


def test_an_image_of_another_kind_is_found(origin: Origin, reply: Reply) -> None:
    """A drawing is an image; whether it is taken over is decided by whoever makes it."""
    origin.answers["/a.gif"] = reply(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    network = only(origin, "images.example")
    found = fetch_first(PROXIED, resolve=network.resolve, connect=network.connect)
    assert found.mime == "image/svg+xml"


def test_the_deadline_covers_all_rungs(origin: Origin) -> None:
    """However many candidates there are, the search ends in time, and the image is owed."""
    many = tuple(f"http://slow.example/{number}" for number in range(8))
    ref = ImageRef(url="https://slow.example/a.gif", seen=many)

    def slow(_sock: socket.socket) -> None:
        origin.pause(2)

    origin.answers.update({f"/{number}": slow for number in range(8)})
    network = only(origin, "slow.example")
    with pytest.raises(RetryLater, match="no time left"):
        fetch_first(ref, deadline=0.3, resolve=network.resolve, connect=network.connect)


def test_the_limits_hold_for_each_rung(origin: Origin, reply: Reply) -> None:
    """A candidate that takes too long by the limits leaves the rest of the time to the others."""

    def slow(_sock: socket.socket) -> None:
        origin.pause(60)

    origin.answers["/a.gif"] = slow
    origin.answers["/b.gif"] = reply(GIF)
    ref = ImageRef(url="http://images.example/a.gif", seen=("http://images.example/b.gif",))
    network = only(origin, "images.example")
    limits = Limits(silence=0.5)
    found = fetch_first(
        ref, deadline=4.5, limits=limits, resolve=network.resolve, connect=network.connect
    )
    assert found.url == "http://images.example/b.gif"
