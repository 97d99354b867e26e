"""Which addresses are public, and that no other is ever connected to."""

import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, deliver, fetch
from presswork.imaging.addresses import not_public

A, B, SIX = "93.184.215.14", "151.101.1.140", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"

NOT_PUBLIC = {
    "0.0.0.0": "this network",
    "0.1.2.3": "this network",
    "10.0.0.1": "private",
    "10.255.255.255": "private",
    "100.64.0.1": "carrier-grade NAT",
    "100.127.255.254": "carrier-grade NAT",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "169.254.169.254": "link-local",
    "169.254.170.2": "link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "protocol assignments",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4 relay",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "IPv4-compatible",
    "::8.8.8.8": "IPv4-compatible",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:7f00:1": "loopback",
    "::ffff:169.254.169.254": "link-local",
    "::ffff:0:127.0.0.1": "reserved",
    "64:ff9b::127.0.0.1": "loopback",
    "64:ff9b::10.0.0.1": "private",
    "64:ff9b::a9fe:a9fe": "link-local",
    "64:ff9b:1::127.0.0.1": "local-use NAT64",
    "64:ff9b:1::8.8.8.8": "local-use NAT64",
    "100::1": "discard-only",
    "2001::1": "Teredo",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "Teredo",
    "2001:2::1": "protocol assignments",
    "2001:10::1": "protocol assignments",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4",
    "2002:a00:1::1": "6to4",
    "2002:808:808::1": "6to4",
    "3fff::1": "documentation",
    "5f00::1": "reserved",
    "fc00::1": "unique local",
    "fd00:ec2::254": "unique local",
    "fe80::1": "link-local",
    "fe80::1%1": "bound to an interface",
    "2606:4700::1%1": "bound to an interface",
    "fec0::1": "site-local",
    "feff::1": "site-local",
    "ff02::1": "multicast",
    "ff0e::1": "multicast",
    "4000::1": "reserved",
    "localhost": "not an IP address",
    "example.com": "not an IP address",
    "": "not an IP address",
}
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    A,
    B,
    SIX,
    "2001:4860:4860::8888",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
)


@pytest.mark.parametrize(("address", "why"), NOT_PUBLIC.items())
def test_addresses_that_are_not_public(address: str, why: str) -> None:
    """Every special-purpose network is named, also where an IPv6 address carries an IPv4 one."""
    assert not_public(address) == why


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    """Neighbours of special networks and translated public addresses stay public."""
    assert not_public(address) is None


NAMES: dict[str, Sequence[str]] = {
    "site.example": [A],
    "two.example": [A, B],
    "six.example": [SIX, A],
    "nat64.example": [f"64:ff9b::{A}"],
    "xn--fiqs8s.example": [A],
    "my_host.example": [A],
    "single": [A],
    "inside.example": ["10.1.2.3"],
    "mixed.example": [A, "127.0.0.1"],
    "mixed6.example": [SIX, "::1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "compatible.example": ["::127.0.0.1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "teredo.example": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "localnat64.example": ["64:ff9b:1::a00:1"],
    "site-local.example": ["fec0::1"],
    "scoped.example": ["fe80::1%eth0"],
    "multicast.example": ["239.1.1.1"],
    "zero.example": ["0.0.0.0"],
    "alias.example": ["localhost"],
    "nowhere.example": [],
}

ATTACKS = {
    # The host is an address.
    "http://127.0.0.1/": "fetch.address",
    "http://127.0.0.1:80/": "fetch.address",
    "http://127.1/": "fetch.address",
    "http://127.0.1/": "fetch.address",
    "http://0/": "fetch.address",
    "http://0x7f.0.0.1/": "fetch.address",
    "http://0x7f000001/": "fetch.address",
    "http://0177.0.0.1/": "fetch.address",
    "http://0177.1/": "fetch.address",
    "http://017700000001/": "fetch.address",
    "http://2130706433/": "fetch.address",
    "http://2852039166/latest/meta-data/": "fetch.address",
    "http://127.0.0.1./": "fetch.address",
    "http://①②⑦.⓪.⓪.①/": "fetch.address",
    "http://１２７。０。０。１/": "fetch.address",
    "http://169.254.169.254/latest/meta-data/": "fetch.address",
    "http://169.254.170.2/v2/credentials/": "fetch.address",
    "http://192.168.0.1/": "fetch.address",
    "http://[::1]/": "fetch.address",
    "http://[::]/": "fetch.address",
    "http://[0:0:0:0:0:0:0:1]/": "fetch.address",
    "http://[::ffff:127.0.0.1]/": "fetch.address",
    "http://[::ffff:7f00:1]/": "fetch.address",
    "http://[::127.0.0.1]/": "fetch.address",
    "http://[64:ff9b::127.0.0.1]/": "fetch.address",
    "http://[64:ff9b:1::127.0.0.1]/": "fetch.address",
    "http://[2002:7f00:1::]/": "fetch.address",
    "http://[fe80::1]/": "fetch.address",
    "http://[fe80::1%25lo]/": "fetch.address",
    "http://[fec0::1]/": "fetch.address",
    "http://[fd00:ec2::254]/latest/": "fetch.address",
    "http://[ff02::1]/": "fetch.address",
    "https://127.0.0.1/": "fetch.address",
    # The host is a name that leads to one.
    "http://inside.example/": "fetch.address",
    "http://mixed.example/": "fetch.address",
    "http://mixed6.example/": "fetch.address",
    "http://metadata.example/": "fetch.address",
    "http://mapped.example/": "fetch.address",
    "http://compatible.example/": "fetch.address",
    "http://sixtofour.example/": "fetch.address",
    "http://teredo.example/": "fetch.address",
    "http://localnat64.example/": "fetch.address",
    "http://site-local.example/": "fetch.address",
    "http://scoped.example/": "fetch.address",
    "http://multicast.example/": "fetch.address",
    "http://zero.example/": "fetch.address",
    "http://alias.example/": "fetch.address",
    # The name itself is a private one, or none.
    "http://localhost/": "fetch.host",
    "http://LOCALHOST/": "fetch.host",
    "http://localhost./": "fetch.host",
    "http://ｌｏｃａｌｈｏｓｔ/": "fetch.host",
    "http://a.localhost/": "fetch.host",
    "http://printer.local/": "fetch.host",
    "http://instance-data.ec2.internal/": "fetch.host",
    "http://metadata.google.internal/": "fetch.host",
    "http://hidden.onion/": "fetch.host",
    "http://nas.home.arpa/": "fetch.host",
    "http://127%2e0%2e0%2e1/": "fetch.host",
    "http://localhost%00.site.example/": "fetch.host",
    "http://a..site.example/": "fetch.host",
    "http://site.example../": "fetch.host",
    "http:///etc/passwd": "fetch.host",
    "http://site.example\\.inside.example/": "fetch.host",
    "http://site example/": "fetch.host",
    f"http://{'a' * 64}.example/": "fetch.host",
    f"http://{'é' * 64}.example/": "fetch.host",
    # The rest of the URL.
    "http://user@site.example/": "fetch.userinfo",
    "http://user:secret@site.example/": "fetch.userinfo",
    "http://site.example@127.0.0.1/": "fetch.userinfo",
    "http://site.example\\@127.0.0.1/": "fetch.userinfo",
    "http://@site.example/": "fetch.userinfo",
    "http://site.example:22/": "fetch.port",
    "http://site.example:8080/": "fetch.port",
    "http://site.example:0/": "fetch.port",
    "http://site.example:9001/": "fetch.port",
    "http://site.example:80:80/": "fetch.url",
    "http://site.example:99999/": "fetch.url",
    "http://site.example:８０/": "fetch.url",
    "http://[::1/": "fetch.url",
    "http://[site.example]/": "fetch.url",
    "http://site.example／evil.example/": "fetch.url",
    "http://site.example/\ud800": "fetch.url",
    "http://site.example/" + "a" * 9000: "fetch.url",
    "file:///etc/passwd": "fetch.scheme",
    "ftp://site.example/": "fetch.scheme",
    "gopher://127.0.0.1:6379/_INFO": "fetch.scheme",
    "data:image/png;base64,AAAA": "fetch.scheme",
    "javascript:alert(1)": "fetch.scheme",
    "//site.example/": "fetch.scheme",
    "site.example/a.png": "fetch.scheme",
    "": "fetch.scheme",
}

LAWFUL = {
    "http://site.example/": (A, 80),
    "HTTP://SITE.EXAMPLE/": (A, 80),
    "https://site.example/": (A, 443),
    "http://site.example:443/": (A, 443),
    "https://site.example:/": (A, 443),
    "http://site.example./": (A, 80),
    "http://site.example?q": (A, 80),
    "http://site.example#f": (A, 80),
    "  http://site.example/  ": (A, 80),
    "http://site.example/a b.png": (A, 80),
    "http://site.example/图片.png?名=一": (A, 80),
    "http://site.example/?http://127.0.0.1/": (A, 80),
    "http://site.example/a@b:c": (A, 80),
    "http://中国.example/": (A, 80),
    "http://my_host.example/": (A, 80),
    "http://single/": (A, 80),
    "http://two.example/": (A, 80),
    "http://six.example/": (SIX, 80),
    "http://nat64.example/": (f"64:ff9b::{A}", 80),
    f"http://{A}/": (A, 80),
    "http://0135.184.215.14/": (A, 80),
    "http://1572394766/": (A, 80),
    f"http://[{SIX}]/": (SIX, 80),
    "http://[2606:2800:021F:CB07:6820:80DA:AF6B:8B2C]/": (SIX, 80),
    "http://[::ffff:8.8.8.8]/": ("::ffff:8.8.8.8", 80),
}


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


def test_a_rebinding_name_is_asked_once() -> None:
    """What was judged is what is connected to: the resolver is not asked a second time."""
    answers = iter([[A], ["127.0.0.1"]])
    net = Net()
    with pytest.raises(RetryLater):
        fetch("http://rebind.example/", resolve=lambda *_: next(answers), connect=net.connect)
    assert net.connected == [(A, 80)]
    assert next(answers) == ["127.0.0.1"]


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
