"""What a URL must look like before anything is asked of the network on its behalf."""

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from presswork.imaging.fetching.addresses import not_public
from presswork.imaging.limits import Refused

_LONGEST = 8192
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
# RFC 6761, RFC 6762, RFC 7686, RFC 8375, and the name ICANN reserved for private networks.
_LOCAL_NAMES = ("localhost", "local", "internal", "onion", "home.arpa")
# What browsers encode in a path or query (URL Standard, "percent-encoded bytes").
_TO_ENCODE = re.compile(r"[^!#-;=?-_a-z|~]")


@dataclass(frozen=True)
class Target:
    """Where a request goes: `host` as `ascii_host` gives it, `path` encoded and with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The site of the target, with a slash at the end."""
        return f"{self.scheme}://{self.authority}/"

    @property
    def url(self) -> str:
        """The URL that is requested."""
        return self.origin + self.path[1:]


def locate(url: str, ports: tuple[int, ...]) -> Target:
    """The target of `url`; `Refused` when its text alone tells that it leads nowhere public."""
    if len(url) > _LONGEST:
        raise Refused("fetch.url", f"The URL has more than {_LONGEST} characters.")
    try:
        parts = urlsplit(url.strip())
        scheme, name, port = parts.scheme, parts.hostname, parts.port
        path = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
    except ValueError as error:
        raise Refused("fetch.url", f"{url!r} is no valid URL: {error}.") from error
    if scheme not in _DEFAULT_PORTS:
        raise Refused("fetch.scheme", f"{url!r} is neither http nor https.")
    if "@" in parts.netloc:
        raise Refused("fetch.userinfo", "The URL holds a user name or password.")
    if not name:
        raise Refused("fetch.host", f"{url!r} names no host.")
    port = _DEFAULT_PORTS[scheme] if port is None else port
    if port not in ports:
        raise Refused("fetch.port", f"Port {port} of {name!r} is not open to fetches.")
    host = ascii_host(name)
    _check_host(host)
    return Target(scheme, host, port, path)


def ascii_host(name: str) -> str:
    """A host as the network knows it: ASCII, lower case, no final dot, IPv6 without brackets."""
    if ":" in name:
        return name.lower()
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise Refused("fetch.host", f"{name!r} is no valid host name: {error}.") from error
    if not _NAME.fullmatch(host):
        raise Refused("fetch.host", f"{name!r} is no valid host name.")
    return host


def _check_host(host: str) -> None:
    if any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        raise Refused("fetch.host", f"{host!r} is a name of private networks.")
    literal = _literal(host)
    if literal is not None and (why := not_public(literal)):
        raise Refused("fetch.address", f"{host!r} is the address {literal}: {why}.")


def _literal(host: str) -> str | None:
    """The address that a host spells out, also as inet_aton reads it (octal, hex, short)."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host if ":" in host else None


def _encoded(text: str) -> str:
    return _TO_ENCODE.sub(lambda match: quote(match[0]), text)
