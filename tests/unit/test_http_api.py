"""What an HTTP API wraps around a request, by its payload format 2.0, and around an answer."""

import base64
import json
from typing import Any

import pytest

from presswork.http_api import HttpRequest, path_parameter, request, response


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, HttpRequest(source="", headers={}, query={}, body=b"")),
        (
            {"body": None, "queryStringParameters": None, "pathParameters": None},
            HttpRequest(source="", headers={}, query={}, body=b""),
        ),
        (
            {"headers": {"Webhook-Id": "A", "CONTENT-TYPE": "Text/HTML"}, "body": "潮"},
            HttpRequest(
                source="",
                headers={"webhook-id": "A", "content-type": "Text/HTML"},
                query={},
                body="潮".encode(),
            ),
        ),
        (
            {
                "pathParameters": {"source": "ci"},
                "queryStringParameters": {"key": "a b.md"},
                "body": base64.b64encode(b"\xff\x00").decode(),
                "isBase64Encoded": True,
            },
            HttpRequest(source="ci", headers={}, query={"key": "a b.md"}, body=b"\xff\x00"),
        ),
    ],
    ids=["nothing", "nulls", "names in any case", "bytes"],
)
def test_an_event_is_unwrapped(event: dict[str, Any], expected: HttpRequest) -> None:
    """Names of headers are in lower case, and a body that came in base64 is the bytes sent."""
    assert request(event) == expected


def test_a_part_of_the_address_is_read() -> None:
    """Empty where the route has none of that name."""
    assert path_parameter({"pathParameters": {"token": "a.b"}}, "token") == "a.b"
    assert path_parameter({"pathParameters": {}}, "token") == ""


def test_an_answer_is_json() -> None:
    """In UTF-8, with further headers."""
    answer = response(404, {"message": "潮"}, {"cache-control": "no-store"})
    assert answer["statusCode"] == 404
    assert answer["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    assert json.loads(answer["body"]) == {"message": "潮"}
