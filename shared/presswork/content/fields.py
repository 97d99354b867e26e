"""The keys that front matter may have, in the spellings of the generators that posts come from."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NoReturn
from unicodedata import normalize
from zoneinfo import ZoneInfo

from presswork.content.dates import instant, looks_like_date
from presswork.content.strict_yaml import Entry
from presswork.errors import Rejected

COVERS = (
    "cover",
    "cover_image",
    "coverImage",
    "headimg",
    "thumbnail",
    "banner",
    "image",
    "featured_image",
    "featuredImage",
    "feature_image",
    "og_image",
    "hero_image",
    "photos",
    "images",
)
"""The keys that may hold a cover, most particular first."""

_TRUE = frozenset({"true", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "no", "n", "off", "0"})
_NAME_KEYS = ("name", "title", "login")
_ADDRESS_KEYS = ("url", "src", "path", "image", "feature")


class Fields:
    """Front matter, taken key by key; what nobody took is left in `rest`."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._taken: set[str] = set()

    def take(self, *keys: str) -> Entry | None:
        """The first of these keys that has a value."""
        return next(self.take_all(*keys), None)

    def take_all(self, *keys: str) -> Iterator[Entry]:
        """Those of these keys that have a value, in the order asked for."""
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None:
                self._taken.add(key)
                if entry.value not in (None, "", [], {}):
                    yield entry

    def put_back(self, entry: Entry) -> None:
        """Leaves an entry to `rest` after all."""
        self._taken.discard(entry.key)

    def rest(self) -> dict[str, Any]:
        """What was not taken, as it was written."""
        return {key: entry.value for key, entry in self._entries.items() if key not in self._taken}

    def text(self, *keys: str) -> str | None:
        """A single text, NFC, on one line."""
        entry = self.take(*keys)
        return _one_line(_text(entry)) or None if entry else None

    def instant(self, zone: ZoneInfo, *keys: str) -> datetime | None:
        """The first of these keys that is meant as a date."""
        for entry in self.take_all(*keys):
            if entry.key != "published" or looks_like_date(entry.value):
                return instant(entry, zone)
        return None

    def draft(self) -> bool:
        """Whether the post is to stay unseen: `draft: true`, or `published: false`."""
        entry = self.take("draft")
        if entry is not None and _boolean(entry):
            return True
        entry = self.take("published")
        return entry is not None and not looks_like_date(entry.value) and not _boolean(entry)

    def names(self, *keys: str) -> tuple[str, ...]:
        """People: one name, a list of them, or maps that hold a name."""
        return _distinct(
            name for entry in self.take_all(*keys) for name in _names(entry, entry.value)
        )

    def terms(self, *keys: str) -> tuple[str, ...]:
        """The terms of the first of these keys: a list, or text with commas between."""
        entry = self.take(*keys)
        return _distinct(_terms(entry, entry.value)) if entry else ()

    def paths(self, *keys: str) -> Iterator[Entry]:
        """The URL paths under these keys, each as an entry of its own."""
        for entry in self.take_all(*keys):
            values = entry.value if isinstance(entry.value, list) else [entry.value]
            for value in values:
                if not isinstance(value, str):
                    _reject(entry, "path.text", "A path is not plain text.")
                yield Entry(entry.key, value, entry.line, entry.column)

    def categories(self, order: Literal["chain", "parallel"]) -> tuple[tuple[str, ...], ...]:
        """Paths from the root.

        A flat list is one chain, or as many roots, by `order`; an inner list is always one path.
        """
        entry = self.take("categories", "category")
        if entry is None:
            return ()
        value = entry.value
        if isinstance(value, list) and any(isinstance(each, list) for each in value):
            paths = [_distinct(_terms(entry, each)) for each in value]
        else:
            terms = _distinct(_terms(entry, value))
            paths = [terms] if order == "chain" else [(term,) for term in terms]
        return tuple(dict.fromkeys(path for path in paths if path))

    def addresses(self, *keys: str) -> Iterator[tuple[Entry, list[str]]]:
        """The addresses under these keys: texts, maps with an address, or lists of either."""
        for entry in self.take_all(*keys):
            yield entry, list(_addresses(entry.value))


def _text(entry: Entry) -> str:
    if isinstance(entry.value, list | dict):
        _reject(entry, f"{entry.key}.text", f"The {entry.key} is not plain text.")
    return _spelled(entry.value)


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(text: str) -> str:
    return normalize("NFC", " ".join(text.split()) if "\n" in text else text.strip())


def _boolean(entry: Entry) -> bool:
    text = _spelled(entry.value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Rejected(
        f"{entry.key}.boolean",
        entry.line,
        entry.column,
        f"The value of {entry.key} is neither true nor false.",
        f"Write `{entry.key}: true` or `{entry.key}: false`.",
    )


def _names(entry: Entry, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(entry, each)
    elif isinstance(value, dict):
        name = next((value[key] for key in _NAME_KEYS if value.get(key)), None)
        if name is None or isinstance(name, list | dict):
            _reject(entry, "author.name", "An author has no name.")
        yield _spelled(name)
    elif value is not None:
        yield _spelled(value)


def _terms(entry: Entry, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            if isinstance(each, list | dict):
                _reject(entry, f"{entry.key}.text", f"One of the {entry.key} is not plain text.")
            if each is not None:
                yield _spelled(each)
    elif isinstance(value, dict):
        _reject(entry, f"{entry.key}.text", f"The {entry.key} are not a list of texts.")
    else:
        yield from _spelled(value).split(",")


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)
    elif isinstance(value, dict):
        found = (value[key] for key in _ADDRESS_KEYS if isinstance(value.get(key), str))
        yield from _addresses(next(found, None))


def _distinct(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := _one_line(text))))


def _reject(entry: Entry, rule: str, message: str) -> NoReturn:
    raise Rejected(
        rule,
        entry.line,
        entry.column,
        message,
        f"Write `{entry.key}: text`, or a list of texts, one to a line behind a hyphen.",
    )
