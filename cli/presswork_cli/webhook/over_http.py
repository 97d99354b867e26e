"""HTTP as a sender of posts speaks it: one request, its answer, and when to try it again."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from presswork_cli.failure import Exit, Failure

TRIES = 6
"""How often a request is made that is told to come again."""

_LONGEST_PAUSE = 30.0
_PAUSE = 1.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_CONFLICT = 409
CLIENT_ERRORS = (400, 500)
"""Statuses of requests that were at fault: from the first up to the second."""

_TIMEOUT = 30.0
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """The answer to a request; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def message(self) -> str:
        """What the answer says of itself, else its status."""
        said = self.document.get("message") or self.body[:200].decode(errors="replace").strip()
        return f"{self.status} {said}".strip().rstrip(".")

    @property
    def pause(self) -> float | None:
        """How long to wait before the same request is made again; None where that is of no use.

        A conflict without Retry-After is about another request, and stays.
        """
        asked = self.headers.get("retry-after", "")
        is_later = self.status in _BUSY or (self.status == _CONFLICT and asked)
        if not is_later:
            return None
        return min(float(asked), _LONGEST_PAUSE) if asked.isdecimal() else _PAUSE


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """One request; Failure where nobody answers. Redirects are not followed."""
    parts = urllib3.util.parse_url(url)
    host = parts.host or ""
    # Every name below `localhost` is this machine (RFC 6761, section 6.3); resolvers differ.
    if host.endswith(".localhost"):
        url = parts._replace(host=_LOOPBACK).url
        headers = {**headers, "host": parts.netloc or host}
    try:
        with urllib3.PoolManager(retries=False, timeout=_TIMEOUT) as http:
            answer = http.request(
                method, url, headers=dict(headers), body=body, redirect=False, decode_content=True
            )
            names = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, names, answer.data)
    except urllib3.exceptions.HTTPError as error:
        raise Failure(
            f"{parts.netloc or url} does not answer ({error}): see whether the stack is up with "
            "`presswork status`, and try again",
            Exit.NO_CLOUD,
        ) from error


def ask_until_heard(
    request: Callable[[], Answer], *, sleep: Callable[[float], None] = time.sleep
) -> Answer:
    """The answer to a request that is made again, for some time, while its answer says: later."""
    answer = request()
    for _ in range(TRIES - 1):
        pause = answer.pause
        if pause is None:
            break
        sleep(pause)
        answer = request()
    return answer
