"""webhook: takes a signed post from the outside, and writes it below the prefix of its source."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Self
from unicodedata import category, is_normalized

from standardwebhooks import Webhook as Signature
from standardwebhooks import WebhookVerificationError

from presswork import correlation
from presswork.aws.buckets import ContentBucket
from presswork.aws.clients import variable
from presswork.aws.idempotency import Idempotency, InProgress, OtherRequest
from presswork.aws.secrets import Secrets
from presswork.correlation import correlation_of
from presswork.http_api import HttpRequest

MAX_BYTES = 1024 * 1024
LONGEST_KEY = 1024

_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SUFFIXES = {"text/markdown": ".md", "text/html": ".html"}
_TYPES = {".md": "text/markdown", ".html": "text/html", ".htm": "text/html"}


class Refusal(Exception):
    """A request that is answered with an error status; nothing was written."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Webhook:
    """The second way in: a source with a secret of its own writes below `posts/hooks/<source>/`."""

    content: ContentBucket
    secrets: Secrets
    idempotency: Idempotency
    prefix: str

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            secrets=Secrets.from_env(),
            idempotency=Idempotency.from_env(),
            prefix=variable("WEBHOOK_SECRETS"),
        )

    def accept(self, request: HttpRequest, context: Any) -> dict[str, Any]:
        """Writes the post and returns the answer, the first one to a repetition.

        Raises Refusal, or InProgress while the same request is being worked on.
        """
        if len(request.body) > MAX_BYTES:
            raise Refusal(413, f"The body is larger than {MAX_BYTES} bytes.")
        self._verify(request)
        key, text = _post(request)

        def write() -> dict[str, Any]:
            suffix = key[key.rfind(".") :].lower()
            type = _TYPES.get(suffix, "text/plain") + "; charset=utf-8"
            correlation.carry(correlation_of(key, self.content.put(key, text, type)))
            return {"key": key, "status_url": None}

        id = f"{request.source}#{request.headers['webhook-id']}"
        content = hashlib.sha256(f"{key}\n".encode() + text).hexdigest()
        try:
            return self.idempotency.answer(id, content, write, context)
        except OtherRequest as error:
            raise Refusal(409, "This webhook-id came with another post before.") from error

    def _verify(self, request: HttpRequest) -> None:
        """Refuses alike an unknown source, no signature, a wrong one and a stale one."""
        refusal = Refusal(401, "The signature is missing, wrong or older than five minutes.")
        if not _SOURCE.fullmatch(request.source):
            raise refusal
        secret = self.secrets.read(f"{self.prefix}/{request.source}")
        if secret is None:
            raise refusal
        try:
            Signature(secret).verify(request.body, request.headers, json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            raise refusal from error


def _post(request: HttpRequest) -> tuple[str, bytes]:
    """The key and the text that a request brings."""
    type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    prefix = f"posts/hooks/{request.source}/"
    if type == "application/json":
        name, text = _from_json(request.body)
    elif type in _SUFFIXES:
        id = re.sub(r"[^A-Za-z0-9_-]", "-", request.headers["webhook-id"])
        name, text = request.query.get("key") or id + _SUFFIXES[type], request.body
    else:
        raise Refusal(415, "Send text/markdown, text/html or application/json.")
    key = name if name.startswith("posts/") else prefix + name
    if not key.startswith(prefix):
        raise Refusal(403, f"This source may write below {prefix} only.")
    if not _is_sound(key):
        raise Refusal(400, f"The key has a form that no post has: {key!r}.")
    return key, text


def _from_json(body: bytes) -> tuple[str, bytes]:
    try:
        document = json.loads(body)
        key, text = document["key"], document["content"]
        if isinstance(key, str) and isinstance(text, str):
            return key, text.encode()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal(400, 'The body is not JSON of the form {"key": …, "content": …}.') from error
    raise Refusal(400, '"key" and "content" are both strings.')


def _is_sound(key: str) -> bool:
    parts = key.split("/")
    return (
        len(key.encode(errors="replace")) <= LONGEST_KEY
        and is_normalized("NFC", key)
        and all(part and not part.startswith(".") for part in parts)
        and not any(category(character) in ("Cc", "Cs") for character in key)
    )


__all__ = ["InProgress", "Refusal", "Webhook"]
