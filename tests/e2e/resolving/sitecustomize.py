"""Names below `localhost` lead to loopback, as in browsers and curl: RFC 6761, section 6.3."""

import socket
from typing import Any

_resolve = socket.getaddrinfo


def _getaddrinfo(host: Any, *more: Any, **options: Any) -> Any:
    is_local = isinstance(host, str) and host.endswith(".localhost")
    return _resolve("127.0.0.1" if is_local else host, *more, **options)


socket.getaddrinfo = _getaddrinfo
