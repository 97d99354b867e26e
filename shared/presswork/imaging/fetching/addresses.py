"""Which IP addresses belong to the public internet.

The networks are those of the IANA special-purpose address registries for IPv4 and IPv6.
`ipaddress` alone is no judge: its `is_global` holds for multicast, for `fec0::/10`, and for forms
that carry the IPv4 address of a loopback or private host inside.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_V4 = {
    IPv4Network("0.0.0.0/8"): "this network",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "carrier-grade NAT",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "protocol assignments",
    IPv4Network("192.0.2.0/24"): "documentation",
    IPv4Network("192.88.99.0/24"): "6to4 relay",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("198.18.0.0/15"): "benchmarking",
    IPv4Network("198.51.100.0/24"): "documentation",
    IPv4Network("203.0.113.0/24"): "documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("255.255.255.255/32"): "broadcast",
    IPv4Network("240.0.0.0/4"): "reserved",
}
_NOT_PUBLIC_V6 = {
    IPv6Network("::/128"): "unspecified",
    IPv6Network("::1/128"): "loopback",
    IPv6Network("::/96"): "IPv4-compatible",
    IPv6Network("64:ff9b:1::/48"): "local-use NAT64",
    IPv6Network("100::/64"): "discard-only",
    IPv6Network("2001::/32"): "Teredo",
    IPv6Network("2001::/23"): "protocol assignments",
    IPv6Network("2001:db8::/32"): "documentation",
    IPv6Network("2002::/16"): "6to4",
    IPv6Network("3fff::/20"): "documentation",
    IPv6Network("fc00::/7"): "unique local",
    IPv6Network("fe80::/10"): "link-local",
    IPv6Network("fec0::/10"): "site-local",
    IPv6Network("ff00::/8"): "multicast",
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# The one prefix whose addresses reach the IPv4 host they carry (RFC 6052, section 2.1).
_NAT64 = IPv6Network("64:ff9b::/96")


def not_public(address: str) -> str | None:
    """Why `address`, an IP literal, is no host of the public internet; None when it is one.

    An IPv4 address carried by an IPv6 one (mapped, or behind NAT64) is judged itself. Other
    carrying forms (IPv4-compatible, 6to4, Teredo) are obsolete and never public.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return "not an IP address"
    if isinstance(ip, IPv6Address):
        carried = _carried(ip)
        if carried is None:
            return _why_not_v6(ip)
        ip = carried
    return _why_not_v4(ip)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _why_not_v4(ip: IPv4Address) -> str | None:
    return next((why for network, why in _NOT_PUBLIC_V4.items() if ip in network), None)


def _why_not_v6(ip: IPv6Address) -> str | None:
    # A scope names an interface of this machine, whatever the prefix.
    if ip.scope_id is not None:
        return "bound to an interface"
    for network, why in _NOT_PUBLIC_V6.items():
        if ip in network:
            return why
    return None if ip in _GLOBAL_UNICAST else "reserved"
