"""Signatures of requests, by the rules of Standard Webhooks 1.0.0.

The standard's own library signs what we send. It can neither tell why a signature does not hold nor
check bytes that are no UTF-8, so what others send is checked here; the tests hold one to the other.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from presswork.patterns import late

TOLERANCE = timedelta(minutes=5)

_HEADERS = ("webhook", "svix")
"""What the three headers begin with: in the standard, and at Svix, where it comes from."""
_BEGIN = "whsec_"
_LEAST, _MOST = 16, 64
"""Bytes of a secret. Standard Webhooks, "Signature scheme", asks for 24; Svix's example has 18."""
_TIMESTAMP = late(r"[0-9]{1,12}")
_NOBODY = secrets.token_bytes(_LEAST)
"""Stands for a secret that there is not, so that its refusal takes as long; nobody knows it."""


class Cause(StrEnum):
    """Why a request is not taken for its sender's."""

    MISSING = "missing signature"
    STALE = "stale signature"
    WRONG = "wrong signature"
    UNKNOWN = "unknown source"
    MALFORMED = "malformed secret"


class Unauthorized(Exception):
    """A request whose sender is not known; the cause is for the log, and never for the sender."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True)
class Signed:
    """What a request says of its signature: fresh, and not checked yet."""

    id: str
    timestamp: str
    signatures: tuple[bytes, ...]

    @classmethod
    def read(cls, headers: Mapping[str, str], now: datetime) -> "Signed":
        """The signature in a request's headers, whose names are in lower case.

        Raises Unauthorized where there is none, or where it is older or newer than five minutes.
        """
        for begin in _HEADERS:
            id, timestamp, given = (
                headers.get(f"{begin}-{name}", "") for name in ("id", "timestamp", "signature")
            )
            signatures = tuple(_signatures(given))
            if id and signatures and _TIMESTAMP.fullmatch(timestamp):
                break
        else:
            raise Unauthorized(Cause.MISSING)
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
            raise Unauthorized(Cause.STALE)
        return cls(id, timestamp, signatures)

    def check(self, body: bytes, stored: str | None) -> None:
        """Holds the signature to the secrets that are stored, with blanks between: any may fit.

        Raises Unauthorized. Every secret is held to every signature, whatever fitted before.
        """
        keys = [_key(secret) for secret in (stored or "").split()]
        content = f"{self.id}.{self.timestamp}.".encode(errors="replace") + body
        fits = [
            hmac.compare_digest(hmac.digest(key or _NOBODY, content, hashlib.sha256), signature)
            for key in (keys or [None])
            for signature in self.signatures
        ]
        if any(fits):
            return
        if stored is None:
            raise Unauthorized(Cause.UNKNOWN)
        raise Unauthorized(Cause.MALFORMED if None in (keys or [None]) else Cause.WRONG)


def _signatures(text: str) -> Iterator[bytes]:
    """The signatures of version 1 in a header; those of other versions are left out."""
    for each in text.split(" "):
        version, _, signature = each.partition(",")
        if version == "v1":
            decoded = _decoded(signature)
            if decoded:
                yield decoded


def _key(secret: str) -> bytes | None:
    """The bytes that a secret stands for, None where it is malformed."""
    text = secret.removeprefix(_BEGIN).rstrip("=")
    key = _decoded(text + "=" * (-len(text) % 4))
    return key if key is not None and _LEAST <= len(key) <= _MOST else None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
