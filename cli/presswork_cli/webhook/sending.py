"""A sender of posts: signs by Standard Webhooks, sends, and asks what became of the post."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from pydantic import ValidationError
from standardwebhooks import Webhook as Signature

from presswork.content import decoding
from presswork.errors import Rejected
from presswork.post import UP, Error, Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.printing.answers import TIMEOUT, PostAnswer
from presswork_cli.webhook import over_http
from presswork_cli.webhook.over_http import Answer

_OK, _ACCEPTED, _UNSIGNED = 200, 202, 401
_PAUSE = 0.5
_STILL_COMING = "accepted"


class Ask(Protocol):
    """One HTTP request, and its answer."""

    def __call__(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> Answer:
        """Raises Failure where nobody answers."""


class Told(Model):
    """What a status URL tells of a post; it may tell more than is asked here."""

    status: str
    url: str | None = None
    error: Error | None = None


@dataclass(frozen=True)
class Sender:
    """Who sends to one source: its URL, and a secret that is good for it."""

    url: str
    secret: str
    ask: Ask = over_http.ask
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def send(self, file: str, document: dict[str, Any], *, timeout: float) -> PostAnswer:
        """Sends a document, and follows its post to its end, for as long as `timeout` seconds."""
        answer = self._sent(document)
        key, status_url = answer.document.get("key"), answer.document.get("status_url")
        if not isinstance(key, str) or not isinstance(status_url, str):
            raise Failure(
                f"{self.url} answers {answer.message}, which tells no status_url: see whether that "
                "is the webhook of this stack, with `presswork webhook list`",
                Exit.NO_CLOUD,
            )
        told = self._followed(status_url, timeout)
        is_up = told.status in UP
        return PostAnswer(
            file=file,
            key=key,
            status=told.status,
            url=told.url if is_up else None,
            error=told.error,
        )

    def _sent(self, document: dict[str, Any]) -> Answer:
        """The answer to a document that was taken; Failure where it was not.

        A repetition has the id of the first, so that the webhook knows it.
        """
        id, body = f"msg_{uuid4().hex}", json.dumps(document, ensure_ascii=False)

        def request() -> Answer:
            now = datetime.now(UTC)
            headers = {
                "content-type": "application/json",
                "webhook-id": id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Signature(self.secret).sign(id, now, body),
            }
            return self.ask("POST", self.url, headers, body.encode())

        answer = over_http.ask_until_heard(request, sleep=self.sleep)
        if answer.status == _ACCEPTED:
            return answer
        raise Failure(f"{self.url} answers {answer.message}: {_cure(answer)}", _exit(answer))

    def _followed(self, status_url: str, timeout: float) -> Told:
        """What is told of a post once it is at its end, or when the time is over."""
        deadline = self.monotonic() + timeout
        while True:
            answer = over_http.ask_until_heard(
                lambda: self.ask("GET", status_url, {"accept": "application/json"}),
                sleep=self.sleep,
            )
            told = _told(answer)
            if told.status != _STILL_COMING:
                return told
            if self.monotonic() > deadline:
                return told.model_copy(update={"status": TIMEOUT})
            self.sleep(_PAUSE)


def replacing(file: str, key: str | None) -> dict[str, Any]:
    """The document that creates or replaces a post; its key is the file's name, if none is given.

    The text goes in the signed body with its key: a query is signed by nobody.
    """
    try:
        data = Path(file).read_bytes()
        text = decoding.decode(data).text
    except OSError as error:
        raise Failure(f"{file}: {error.strerror or error}", Exit.USAGE) from error
    except Rejected as rejected:
        raise Failure(f"{file}: {rejected.message} {rejected.fix}", Exit.USAGE) from rejected
    return {"key": key or Path(file).name, "content": text}


def deleting(file: str, key: str | None) -> dict[str, Any]:
    """The document that deletes a post; the file itself need not be there any more."""
    return {"key": key or Path(file).name, "deleted": True}


def _told(answer: Answer) -> Told:
    if answer.status == _OK:
        try:
            return Told.model_validate(answer.document)
        except ValidationError:
            pass
    raise Failure(
        f"the post was taken, but its status_url answers {answer.message}: ask `presswork explain` "
        "what became of it",
        Exit.NO_CLOUD,
    )


def _cure(answer: Answer) -> str:
    if answer.status == _UNSIGNED:
        return (
            "see whether the source is there, with `presswork webhook list`, and the clock of this "
            "machine right; a secret that was dropped signs nothing any more"
        )
    if answer.pause is not None:
        return f"it was asked {over_http.TRIES} times; try again in a minute"
    return "nothing was written; send it again once that is mended"


def _exit(answer: Answer) -> Exit:
    is_ours = over_http.CLIENT_ERRORS[0] <= answer.status < over_http.CLIENT_ERRORS[1]
    return Exit.REJECTED if is_ours and answer.pause is None else Exit.NO_CLOUD
