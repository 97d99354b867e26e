"""Text as pages, feeds and programs hold it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from presswork.patterns import late

# What XML 1.0 does not allow or discourages (section 2.2, Characters); HTML calls it an error.
_NO_CHARACTER = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters that no page or feed may hold; markup stays markup."""
    return type(text)(_NO_CHARACTER.sub("", text))


def instant(moment: datetime) -> str:
    """An instant as RFC 3339 wants it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def linked_data(values: Mapping[str, Any]) -> str:
    """A thing in the words of schema.org, fit to stand in a `script` element."""
    data = {"@context": "https://schema.org"} | {key: each for key, each in values.items() if each}
    # A script element ends at the first "</script", whatever JSON thinks of it.
    text = json.dumps(data, ensure_ascii=False).replace("&", "\\u0026")
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
