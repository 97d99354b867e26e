"""Text as pages, feeds and programs hold it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from presswork.patterns import late

# What XML 1.0 does not allow or discourages (section 2.2, Characters); HTML calls it an error.
_NO_CHARACTER = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_JSON = json.JSONEncoder(ensure_ascii=False)
_USUAL = b"\t\n\r" + bytes(range(0x20, 0x7F))


def clean(text: str) -> str:
    """The text without characters that no page or feed may hold; markup stays markup."""
    if text.isprintable() or not _unusual(text):
        return text
    return type(text)(_NO_CHARACTER.sub("", text))


def _unusual(text: str) -> bytes:
    """What is left of a text without the controls that may stand in it, and visible ASCII.

    Most texts are nothing else, and a pattern would look at each of their characters.
    """
    return text.encode("utf-8", "surrogatepass").translate(None, _USUAL)


def instant(moment: datetime) -> str:
    """An instant as RFC 3339 wants it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def linked_data(values: Mapping[str, Any]) -> str:
    """A thing in the words of schema.org, fit to stand in a `script` element."""
    data = {"@context": "https://schema.org"} | {key: each for key, each in values.items() if each}
    # A script element ends at the first "</script", whatever JSON thinks of it.
    text = _JSON.encode(data).replace("&", "\\u0026")
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
