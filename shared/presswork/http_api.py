"""The only place that knows what an HTTP API wraps around a request and an answer.

Apart from `wire`, since somebody waits for the webhook: it starts without what queues need.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from presswork.post import Model

Body = Mapping[str, Any]


class Refusal(Exception):
    """A request that is answered with an error status and its cure; nothing was written."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class HttpRequest(Model):
    """An HTTP request; header names are in lower case."""

    source: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes


def request(event: Body) -> HttpRequest:
    """The request behind an HTTP API event, payload format 2.0."""
    body = event.get("body") or ""
    return HttpRequest(
        source=path_parameter(event, "source"),
        headers={name.lower(): value for name, value in event.get("headers", {}).items()},
        query=event.get("queryStringParameters") or {},
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def path_parameter(event: Body, name: str) -> str:
    """A part of the address of an HTTP API event, as its route names it."""
    return str((event.get("pathParameters") or {}).get(name, ""))


def response(status: int, body: Body, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer for an HTTP API, as JSON."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": json.dumps(body, ensure_ascii=False),
    }
