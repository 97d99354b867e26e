"""Addresses that tell what became of one version of one key: signed, and good for a week.

A token is readable for who has it, and cannot be made by anybody else: instant, VersionId and key,
and their HMAC under a secret of the stack.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

LIFETIME = timedelta(days=7)

_PURPOSE = b"presswork status 1\n"


class Expired(Exception):
    """The token is one of ours, and older than a week."""


@dataclass(frozen=True)
class StatusLink:
    """A version of a key, None for its deletion, and the instant when it was written."""

    key: str
    version_id: str | None
    written: datetime

    def token(self, secret: str) -> str:
        """What stands for it in an address."""
        at = int(self.written.timestamp() * 1000)
        text = f"{at}\n{self.version_id or ''}\n{self.key}".encode()
        return f"{_spelled(text)}.{_spelled(_mac(secret, text))}"

    @classmethod
    def read(cls, token: str, secret: str, now: datetime) -> Self | None:
        """What a token stands for, None if it is none of ours; Expired if it is too old."""
        said, _, mac = token.partition(".")
        try:
            text = _read(said)
            is_ours = hmac.compare_digest(_mac(secret, text), _read(mac))
        except (binascii.Error, ValueError):
            return None
        if not is_ours:
            return None
        at, version_id, key = text.decode().split("\n", 2)
        link = cls(key, version_id or None, datetime.fromtimestamp(int(at) / 1000, UTC))
        if now > link.written + LIFETIME:
            raise Expired
        return link


def _mac(secret: str, text: bytes) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE + text, hashlib.sha256)


def _spelled(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
