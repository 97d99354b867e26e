"""webhook: takes a signed post from the outside, and writes it below the prefix of its source."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork import correlation
from presswork.aws.buckets import ContentBucket
from presswork.aws.clients import variable
from presswork.aws.idempotency import Idempotency, InProgress, OtherRequest
from presswork.aws.secrets import Secrets
from presswork.clock import utc_now
from presswork.correlation import correlation_of
from presswork.http_api import HttpRequest, Refusal
from presswork.patterns import late
from presswork.signatures import Cause, Signed, Unauthorized
from presswork.stages.webhook.documents import FORMS, Deletion, WholeFile, document
from presswork.stages.webhook.files import encoded, file_of
from presswork.stages.webhook.keys import key_of
from presswork.status_links import StatusLink

__all__ = ["InProgress", "Refusal", "Unauthorized", "Webhook"]

MAX_BYTES = 1024 * 1024
LONGEST_ID = 256

_SOURCE = late(r"[a-z0-9][a-z0-9-]{0,63}")
_JSON, _HTML = "application/json", "text/html"
_SUFFIXES = {"text/markdown": ".md", _HTML: ".html"}
_TYPES = {".md": "text/markdown", ".html": _HTML, ".htm": _HTML}


@dataclass(frozen=True)
class Change:
    """What a request wants of a key: a text there, or none."""

    key: str
    text: bytes | None

    @property
    def digest(self) -> str:
        """What tells it from another change under the same webhook-id, in hex."""
        said = f"deleted\n{self.key}".encode()
        if self.text is not None:
            said = f"{self.key}\n".encode() + self.text
        return hashlib.sha256(said).hexdigest()


@dataclass(frozen=True)
class Webhook:
    """The second way in: a source with secrets of its own writes below `posts/hooks/<source>/`.

    `prefix` is where the sources' secrets lie, `status_secret` what status addresses are signed
    with, and `url` where this API answers.
    """

    content: ContentBucket
    secrets: Secrets
    idempotency: Idempotency
    prefix: str
    status_secret: str
    url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            secrets=Secrets.from_env(),
            idempotency=Idempotency.from_env(),
            prefix=variable("WEBHOOK_SECRETS"),
            status_secret=variable("STATUS_SECRET"),
            url=variable("WEBHOOK_URL"),
        )

    def accept(self, request: HttpRequest, context: Any) -> dict[str, Any]:
        """Writes the post, or takes it away, and returns the answer: the first to a repetition.

        Raises Unauthorized, Refusal, or InProgress while the same request is being worked on.
        """
        if len(request.body) > MAX_BYTES:
            raise Refusal(413, f"The body is larger than {MAX_BYTES} bytes: send a shorter post.")
        id = self._sender(request)
        change = _change(request, id)
        if change.text is not None and not change.text.strip():
            raise Refusal(400, f"The post is empty, which publishes nothing. {FORMS}")
        try:
            return self.idempotency.answer(
                f"{request.source}#{id}", change.digest, lambda: self._make(change), context
            )
        except OtherRequest as error:
            why = "This webhook-id came with another post before: send each with an id of its own."
            raise Refusal(409, why) from error

    def _sender(self, request: HttpRequest) -> str:
        """The id of a request whose source is known by its signature.

        What needs no secret is looked at before any call of AWS: whoever guesses costs nothing.
        """
        signed = Signed.read(request.headers, self.clock())
        if not _SOURCE.fullmatch(request.source):
            raise Unauthorized(Cause.UNKNOWN)
        signed.check(request.body, self.secrets.read(f"{self.prefix}/{request.source}"))
        if "." in signed.id or len(signed.id) > LONGEST_ID:
            raise Refusal(
                400,
                f"A webhook-id has at most {LONGEST_ID} characters and no full stop, which ends it "
                "in what is signed: send another.",
            )
        return signed.id

    def _make(self, change: Change) -> dict[str, Any]:
        """The change itself, with the answer that tells of it."""
        key, secret = change.key, self.secrets.made(self.status_secret)
        if change.text is None:
            self.content.delete(key)
            version_id = None
        else:
            suffix = key[key.rfind(".") :].lower()
            type = _TYPES.get(suffix, "text/plain") + "; charset=utf-8"
            version_id = self.content.put(key, change.text, type)
            correlation.carry(correlation_of(key, version_id))
        token = StatusLink(key, version_id, self.clock()).token(secret)
        return {"key": key, "status_url": f"{self.url}/status/{token}"}


def _change(request: HttpRequest, id: str) -> Change:
    """What a request wants, by the type of its body."""
    type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if type in _SUFFIXES:
        key = key_of(request.source, request.query.get("key"), id, _SUFFIXES[type])
        return Change(key, request.body)
    if type != _JSON:
        known = ", ".join([*_SUFFIXES, _JSON])
        raise Refusal(
            415, f"No post comes as {type or 'nothing'}: the Content-Type is one of {known}."
        )
    found = document(request.body)
    suffix = ".html" if "html" in found.model_fields_set else ".md"
    key = key_of(request.source, found.key or request.query.get("key"), id, suffix)
    match found:
        case Deletion():
            return Change(key, None)
        case WholeFile():
            return Change(key, encoded(found.content))
        case _:
            return Change(key, encoded(file_of(found)))
