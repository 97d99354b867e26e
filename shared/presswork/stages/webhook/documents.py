"""The forms in which a sender names a post as JSON.

docs/webhook.openapi.json is made of these models.
"""

import json
import math
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from presswork.http_api import Refusal
from presswork.post import Model

FORMS = (
    'Send {"key": …, "content": …}, or front matter as fields with "markdown" or "html", or '
    '{"key": …, "deleted": true}.'
)

Key = Annotated[
    StrictStr,
    Field(
        min_length=1,
        max_length=1024,
        description="Below posts/hooks/<source>/, which may be left away. One without a suffix "
        "gets .md, or .html.",
        examples=["tide.md"],
    ),
]
Text = StrictStr | None
Texts = StrictStr | list[StrictStr] | None


def _true(value: bool) -> bool:
    if not value:
        raise ValueError("a post is deleted or it is not named so")
    return value


class WholeFile(Model):
    """A post as the file that it is: front matter, and text below it."""

    model_config = ConfigDict(extra="forbid", title="A post as a file")

    key: Key
    content: StrictStr


class Deletion(Model):
    """A post that is to go."""

    model_config = ConfigDict(extra="forbid", title="A post that is to go")

    key: Key
    deleted: Annotated[StrictBool, AfterValidator(_true), Field(json_schema_extra={"const": True})]


class PostFields(Model):
    """A post in parts: its front matter as fields, beside its text.

    Every other field is front matter as well, under its own name.
    """

    model_config = ConfigDict(extra="allow")

    key: Key | None = None
    title: Text = None
    date: Annotated[Text, Field(examples=["2026-05-04T09:00:00Z"])] = None
    updated: Text = None
    expires: Text = None
    draft: StrictBool | None = None
    unlisted: StrictBool | None = None
    slug: Text = None
    permalink: Text = None
    aliases: Texts = None
    authors: Texts = None
    categories: StrictStr | list[StrictStr | list[StrictStr]] | None = None
    tags: Texts = None
    summary: Text = None
    cover: Text = None
    lang: Text = None

    @property
    def front_matter(self) -> dict[str, Any]:
        """The fields that were sent, but for the key and the text; the known ones first."""
        own = {"key", "markdown", "html"}
        return {name: value for name, value in self if name in self.sent and name not in own}

    @property
    def sent(self) -> set[str]:
        """The names of the fields that the sender gave."""
        return self.model_fields_set


class MarkdownPost(PostFields):
    """A post in parts, its text in Markdown."""

    model_config = ConfigDict(title="A post in parts, in Markdown")

    markdown: StrictStr


class HtmlPost(PostFields):
    """A post in parts, its text in HTML."""

    model_config = ConfigDict(title="A post in parts, in HTML")

    html: StrictStr


Document = WholeFile | Deletion | MarkdownPost | HtmlPost


def document(body: bytes) -> Document:
    """What a body says; Refusal where that is none of the forms."""
    try:
        found = json.loads(
            body, object_pairs_hook=_unique, parse_constant=_finite, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise Refusal(400, f"The body is no JSON: {why}. {FORMS}") from error
    if not isinstance(found, dict):
        raise Refusal(400, f"The body is no JSON object. {FORMS}")
    try:
        return _form(found).model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Refusal(400, f"{first['loc'][0]!r}: {first['msg']}. {FORMS}") from error


def _form(found: dict[str, Any]) -> type[Document]:
    forms: dict[str, type[Document]] = {
        "content": WholeFile,
        "deleted": Deletion,
        "markdown": MarkdownPost,
        "html": HtmlPost,
    }
    named = [name for name in forms if name in found]
    if len(named) != 1:
        why = f"both {' and '.join(named)}" if named else "neither a text nor a deletion"
        raise Refusal(400, f"The body has {why}. {FORMS}")
    return forms[named[0]]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value
