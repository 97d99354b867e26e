"""docs/webhook.openapi.json says what the webhook takes: its schemas and its models agree."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from presswork.http_api import Refusal
from presswork.stages.webhook.documents import document
from webhook_cases import JSON, REFUSED
from webhook_openapi import FILE, described, written

SCHEMAS = described()["components"]
FORMS = described()["paths"]["/{source}"]["post"]["requestBody"]["content"][JSON]["schema"]
VALIDATOR = Draft202012Validator({**FORMS, "components": SCHEMAS})

texts = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(
    ["key", "content", "deleted", "markdown", "html", "title", "tags", "draft", "categories", "x"]
)


def is_taken(value: Any) -> bool:
    """Whether the code takes a document."""
    try:
        document(json.dumps(value).encode())
    except Refusal:
        return False
    return True


def test_the_file_is_that_of_the_code() -> None:
    """`make docs` writes it."""
    assert FILE.read_text(encoding="utf-8") == written()


@given(st.dictionaries(names, values, max_size=4) | values)
def test_the_schema_takes_what_the_code_takes(value: Any) -> None:
    """And nothing else: a sender can rely on either."""
    assert VALIDATOR.is_valid(value) is is_taken(value)


@pytest.mark.parametrize(
    "value",
    [
        {"key": "a.md", "content": "Text."},
        {"markdown": "Text."},
        {"key": "a", "title": "A", "tags": ["sea"], "categories": [["a", "b"]], "html": "<p>"},
        {"title": None, "tags": "a, b", "anything": {"deep": [1]}, "markdown": ""},
        {"key": "a.md", "deleted": True},
    ],
)
def test_every_form_is_in_the_schema(value: Any) -> None:
    """Both take them."""
    assert VALIDATOR.is_valid(value)
    assert is_taken(value)


def test_a_refused_form_is_not() -> None:
    """Of what is refused as no form, each that is JSON is refused by the schema as well."""
    refused = [bad.body for bad in REFUSED.values() if bad.status == 400 and bad.type == JSON]
    outside = 0
    for body in refused:
        try:
            document(body)
        except Refusal:
            try:
                value = json.loads(body)
            except (ValueError, RecursionError):
                continue
            outside += not VALIDATOR.is_valid(value)
    assert outside > 20
