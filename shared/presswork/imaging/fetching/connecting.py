"""How names become addresses and addresses sockets, and the one way past the address check."""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from presswork.errors import Rejected
from presswork.imaging.fetching.urls import ascii_host
from presswork.imaging.limits import Refused

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]

_LAST_PORT = 65_535
_ENTRY = re.compile(
    r"(?P<host>\[[^\]]*\]|[^:\[\]]*):(?P<port>\d{0,5}):"
    r"(?P<address>\[[^\]]*\]|[^:\[\]]*):(?P<to>\d{0,5})",
    re.ASCII,
)


class PinnedAddress(str):
    """An address and port that the administrator appointed for a host: exempt from the check."""

    __slots__ = ("port",)
    port: int

    def __new__(cls, address: str, port: int) -> Self:
        """`address` is an IP literal."""
        appointed = super().__new__(cls, address)
        appointed.port = port
        return appointed


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver has for `host`, in its order, each once."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


def system_connect(address: str, port: int, timeout: float) -> socket.socket:
    """A socket connected to an IP literal."""
    return socket.create_connection((address, port), timeout)


@dataclass(frozen=True)
class Redirection:
    """One mapping; `host` or `port` None stands for any, `to` None for the port asked for."""

    host: str | None
    port: int | None
    address: str
    to: int | None

    def appoints(self, host: str, port: int) -> PinnedAddress | None:
        """Where a connection to `host` and `port` goes instead."""
        if self.host not in (None, host) or self.port not in (None, port):
            return None
        return PinnedAddress(self.address, port if self.to is None else self.to)


@dataclass(frozen=True)
class ConnectTo:
    """Hosts that are reached where the administrator says; the first match counts."""

    entries: tuple[Redirection, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `HOST:PORT:ADDR:PORT` entries, separated by commas or spaces.

        The form of curl's `--connect-to`, but ADDR must be an IP address; an empty HOST or first
        PORT matches any, an empty second PORT keeps the one asked for. Raises `Rejected`.
        """
        return cls(tuple(_entry(item) for item in re.split(r"[\s,]+", text) if item))

    def find(self, host: str, port: int) -> PinnedAddress | None:
        """The address appointed for `port` of `host`, a name as `ascii_host` gives it."""
        found = (entry.appoints(host, port) for entry in self.entries)
        return next((appointed for appointed in found if appointed is not None), None)


@dataclass(frozen=True)
class Network:
    """A `resolve` and a `connect` that follow a ConnectTo, and pass everything else on."""

    connect_to: ConnectTo
    onward: Resolve = system_resolve
    connect: Connect = system_connect

    @classmethod
    def of(cls, connect_to: str = "") -> Self:
        """The network for the setting `ConnectTo`; empty, it opens nothing that is not public."""
        return cls(ConnectTo.parse(connect_to))

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The appointed address, or what the onward resolver has."""
        appointed = self.connect_to.find(host, port)
        return self.onward(host, port) if appointed is None else (appointed,)


def _entry(text: str) -> Redirection:
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise _malformed(text, "it does not have four parts")
    try:
        host = ascii_host(match["host"].strip("[]")) if match["host"] else None
        address = str(ip_address(match["address"].strip("[]")))
    except (Refused, ValueError) as error:
        raise _malformed(text, str(error).rstrip(".")) from error
    ports = [int(match[part]) if match[part] else None for part in ("port", "to")]
    if any(port is not None and not 0 < port <= _LAST_PORT for port in ports):
        raise _malformed(text, "a port is out of range")
    return Redirection(host, ports[0], address, ports[1])


def _malformed(text: str, why: str) -> Rejected:
    return Rejected(
        "setting.connect_to",
        None,
        None,
        f"The ConnectTo entry {text!r} cannot be used: {why}.",
        "Write HOST:PORT:ADDRESS:PORT with an IP address, such as "
        "images.example:80:127.0.0.1:8000, an IPv6 address in brackets.",
    )
