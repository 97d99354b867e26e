"""What a sender of posts may rely on, as OpenAPI 3.1: `make docs` writes it, a test holds it.

It is made of the models by which the functions read and answer.
"""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from presswork import __version__
from presswork.stages.status import Outcome
from presswork.stages.webhook.documents import Deletion, HtmlPost, MarkdownPost, WholeFile

FILE = Path(__file__).parents[1] / "docs" / "webhook.openapi.json"
PLACE = "#/components/schemas/{model}"

FORMS = (WholeFile, MarkdownPost, HtmlPost, Deletion)
REFUSALS = {
    "400": "The body is of none of the forms, the post empty, or the key none that a post has.",
    "401": "The sender is not known.",
    "403": "The key is outside the source's own folder.",
    "409": "The webhook-id came with another post before, or is being worked on: Retry-After.",
    "413": "The body is larger than 1 MiB.",
    "415": "The Content-Type is none of the three.",
    "429": "Too many requests at once.",
}


def described() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Presswork: posts by webhook",
            "version": __version__,
            "summary": "Create, replace and delete posts, and ask what became of them.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {
                "url": "{WebhookUrl}",
                "variables": {"WebhookUrl": {"default": "https://example.execute-api.aws"}},
            }
        ],
        "paths": {"/{source}": {"post": _post()}, "/status/{token}": {"get": _status()}},
        "components": {"schemas": _schemas(), "securitySchemes": _signature()},
    }


def _post() -> dict[str, Any]:
    text: dict[str, Any] = {}  # any bytes: what they say is read later
    forms = [{"$ref": PLACE.format(model=model.__name__)} for model in FORMS]
    return {
        "operationId": "sendPost",
        "summary": "Create, replace or delete a post.",
        "security": [{"id": [], "timestamp": [], "signature": []}],
        "parameters": [
            _parameter("source", "path", "The name of the sender.", pattern="^[a-z0-9][a-z0-9-]*$"),
            _parameter("key", "query", "Where the file lies, of a body that does not say it."),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": forms}},
                "text/markdown": text,
                "text/html": text,
            },
        },
        "responses": {"202": _answer("It is written.", "Accepted"), **_refusals(*REFUSALS)},
    }


def _status() -> dict[str, Any]:
    return {
        "operationId": "readStatus",
        "summary": "What became of one version of one post.",
        "parameters": [_parameter("token", "path", "The end of a status_url.")],
        "responses": {
            "200": _answer("What became of it.", "Outcome"),
            "404": _answer("No address that was ever given.", "Refused"),
            "410": _answer("The address was good for seven days.", "Refused"),
            "429": _answer(REFUSALS["429"], "Refused"),
        },
    }


def _parameter(name: str, place: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": {"type": "string", "minLength": 1, **schema},
    }


def _answer(description: str, model: str) -> dict[str, Any]:
    schema = {"$ref": PLACE.format(model=model)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _refusals(*statuses: str) -> dict[str, Any]:
    return {status: _answer(REFUSALS[status], "Refused") for status in statuses}


def _schemas() -> dict[str, Any]:
    _, made = models_json_schema(
        [*((form, "validation") for form in FORMS), (Outcome, "serialization")],
        ref_template=PLACE,
    )
    schemas: dict[str, Any] = made["$defs"]
    text = {"type": "string"}
    return schemas | {
        "Accepted": {
            "title": "A post that is written",
            "type": "object",
            "properties": {
                "key": text,
                "status_url": {"type": ["string", "null"], "format": "uri"},
            },
            "required": ["key", "status_url"],
        },
        "Refused": {
            "title": "What is wrong, and what to do",
            "type": "object",
            "properties": {"message": text},
            "required": ["message"],
        },
    }


def _signature() -> dict[str, Any]:
    told = {
        "id": "Another for each post, and the same when it is sent again.",
        "timestamp": "The seconds since 1970; good for five minutes.",
        "signature": "v1, and the base64 of the HMAC-SHA256 over id, timestamp and body.",
    }
    return {
        name: {"type": "apiKey", "in": "header", "name": f"webhook-{name}", "description": text}
        for name, text in told.items()
    }


def written() -> str:
    """The description as it stands in the file."""
    return json.dumps(described(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
