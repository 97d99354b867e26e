"""Which addresses are public, and that no other is ever connected to."""

import random
import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, deliver, fetch
from presswork.imaging.fetching.addresses import not_public
from unit.imaging.attacks import ATTACKS, LAWFUL, NAMES, NOT_PUBLIC, PUBLIC, REDIRECTS, SIX, A, B


@pytest.mark.parametrize(("address", "why"), NOT_PUBLIC.items())
def test_addresses_that_are_not_public(address: str, why: str) -> None:
    """Every special-purpose network is named, also where an IPv6 address carries an IPv4 one."""
    assert not_public(address) == why


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    """Neighbours of special networks and translated public addresses stay public."""
    assert not_public(address) is None


class Net:
    """A resolver that knows `NAMES` and reads literals as the system does; nothing is reachable."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connected: list[tuple[str, int]] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name or literal."""
        self.asked.append(host)
        if host in NAMES:
            return NAMES[host]
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
        return [str(sockaddr[0]) for *_, sockaddr in found]

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """Record the attempt, and fail."""
        assert 0 < timeout <= 3
        self.connected.append((address, port))
        raise ConnectionRefusedError("nothing listens")


@pytest.mark.parametrize(("url", "rule"), ATTACKS.items())
def test_attacks_are_refused_before_a_socket_opens(url: str, rule: str) -> None:
    """No way of writing a URL leads to an address that is not public."""
    net = Net()
    with pytest.raises(Refused) as refused:
        fetch(url, resolve=net.resolve, connect=net.connect)
    assert refused.value.rule == rule
    assert net.connected == []
    with pytest.raises(Refused):
        deliver(url, b"{}", {}, resolve=net.resolve, connect=net.connect)
    assert net.connected == []


@pytest.mark.parametrize(("url", "where"), LAWFUL.items())
def test_lawful_oddities_are_connected_to(url: str, where: tuple[str, int]) -> None:
    """An odd but lawful URL is fetched from the first public address of its host."""
    net = Net()
    with pytest.raises(RetryLater, match="nothing listens"):
        fetch(url, resolve=net.resolve, connect=net.connect)
    address, port = net.connected[0]
    assert (ip_address(address), port) == (ip_address(where[0]), where[1])
    assert len(net.asked) == 1


def test_every_address_is_tried() -> None:
    """When the first address does not answer, the next one is asked."""
    net = Net()
    with pytest.raises(RetryLater):
        fetch("http://two.example/", resolve=net.resolve, connect=net.connect)
    assert net.connected == [(A, 80), (B, 80)]


def test_a_name_without_address_may_get_one() -> None:
    """A name that has no address, or no answer, is no reason to give up."""
    net = Net()
    for host in ("nowhere.example", "unknown.example"):
        with pytest.raises(RetryLater):
            fetch(f"http://{host}/", resolve=net.resolve, connect=net.connect)
    assert net.connected == []


def answered(text: str) -> socket.socket:
    """A connection on which an answer stands already."""
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(text.encode("latin-1"))
        # What is asked must find room; nobody reads it.
        theirs.shutdown(socket.SHUT_WR)
        return _Held(ours.detach(), theirs.detach())


class _Held(socket.socket):
    """A socket that keeps its other end open for as long as it is."""

    def __init__(self, ours: int, theirs: int) -> None:
        super().__init__(fileno=ours)
        self._theirs = socket.socket(fileno=theirs)

    def close(self) -> None:
        self._theirs.close()
        super().close()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_answers_of_the_resolver(address: str) -> None:
    """One answer that is not public refuses the host, wherever it stands among the others."""
    for answers in ([address], [A, address], [address, A], [A, B, SIX, address]):
        net = Net()
        with pytest.raises(Refused) as refused:
            fetch("http://x.example/", resolve=lambda *_, a=answers: a, connect=net.connect)
        assert refused.value.rule == "fetch.address"
        assert net.connected == []


@pytest.mark.parametrize("url", REDIRECTS)
def test_redirects_to_attacks(url: str) -> None:
    """Nor does a redirect lead there: only the public host that redirects is connected to."""
    net = Net()

    def connect(address: str, port: int, _timeout: float) -> socket.socket:
        net.connected.append((address, port))
        location = url.encode().decode("latin-1")
        return answered(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n")

    with pytest.raises(Refused):
        fetch("http://site.example/", resolve=net.resolve, connect=connect)
    assert net.connected == [(A, 80)]


def test_a_rebinding_name_is_asked_once() -> None:
    """What was judged is what is connected to: the resolver is not asked a second time."""
    answers = iter([[A], ["127.0.0.1"]])
    net = Net()
    with pytest.raises(RetryLater):
        fetch("http://rebind.example/", resolve=lambda *_: next(answers), connect=net.connect)
    assert net.connected == [(A, 80)]
    assert next(answers) == ["127.0.0.1"]


def test_a_thousand_tries_of_rebinding() -> None:
    """A name that answers otherwise each time it is asked, also between redirects, gains nothing.

    Every address that `connect` was given is one of the public ones, and came from the one answer
    that was asked for that hop.
    """
    chance = random.Random(7)
    public, private = (A, B, SIX), ("127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1")
    given: list[list[str]] = []
    connected: list[str] = []

    def resolve(_host: str, _port: int) -> Sequence[str]:
        answers = [chance.choice(public) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.5:
            answers.insert(chance.randint(0, len(answers)), chance.choice(private))
        given.append(answers)
        return answers

    def connect(address: str, _port: int, _timeout: float) -> socket.socket:
        assert address in given[-1]
        connected.append(address)
        return answered(
            chance.choice(["HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "HTTP/1.1 404 No\r\n\r\n"])
        )

    refused = 0
    for _ in range(1000):
        try:
            fetch("http://rebind.example/", resolve=resolve, connect=connect)
        except Refused as error:
            refused += error.rule == "fetch.address"
    assert set(connected) <= set(public)
    # Hops: each answer was either connected to or refused.
    assert len(connected) + refused == len(given)
    assert refused > 300
    assert len(connected) > 500


def test_the_tables_are_long_enough() -> None:
    """Attacks and lawful oddities are many, each with its verdict."""
    assert len(ATTACKS) + len(NOT_PUBLIC) >= 150
    assert len(LAWFUL) >= 20


def test_a_slow_resolver_meets_the_deadline() -> None:
    """Resolving a name counts towards the time of the whole fetch."""
    gate = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        gate.wait(5)
        return [A]

    net = Net()
    with pytest.raises(RetryLater, match="not resolved in time"):
        fetch(
            "http://slow.example/",
            limits=Limits(total=0.1),
            resolve=resolve,
            connect=net.connect,
        )
    gate.set()
    assert net.connected == []
