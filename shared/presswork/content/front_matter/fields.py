"""The keys that front matter may have, in the spellings of the generators that posts come from."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, NoReturn
from unicodedata import normalize
from zoneinfo import ZoneInfo

from presswork.content.front_matter.dates import instant, is_of_the_file, looks_like_date
from presswork.content.front_matter.entries import Entry
from presswork.content.front_matter.vocabulary import (
    CATEGORIES,
    NESTED,
    NESTS,
    PUBLISHED,
    canonical,
)
from presswork.errors import Rejected
from presswork.invisible import visible
from presswork.patterns import late

TRUE = frozenset({"true", "yes", "y", "on", "1"})
FALSE = frozenset({"false", "no", "n", "off", "0"})
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_NAME_KEYS = ("name", "title", "login")
_ADDRESS_KEYS = (
    "url",
    "src",
    "path",
    "image",
    "feature",
    "overlay_image",
    "teaser",
    "og_image",
    "thumbnail",
)
_PLURALS = ("categories", "tags")
_HASHTAG = late(r"#(?=[^\s#])")


class Unread(NamedTuple):
    """A value of which something was not understood and is left to `rest`, and the cure."""

    entry: Entry
    message: str
    fix: str


class Fields:
    """Front matter, taken key by key; what nobody took is left in `rest`.

    `unread` tells of what was taken in part, or in vain, `nests` which maps hold keys of posts.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._taken: set[tuple[str, str | None]] = set()
        self.unread: list[Unread] = []
        self._named: dict[str, list[tuple[str, str | None, Entry]]] = {}
        for key, entry in entries.items():
            self._name(key, None, entry)
        self.nests = tuple(
            key for key in NESTS if key in entries and isinstance(entries[key].value, dict)
        )
        for key in self.nests:
            self._name_nested(entries[key])

    def _name(self, key: str, inner: str | None, entry: Entry) -> None:
        name = canonical(key if inner is None else inner)
        self._named.setdefault(name, []).append((key, inner, entry))

    def _name_nested(self, nest: Entry) -> None:
        for key, value in nest.value.items():
            if canonical(key) in NESTED:
                place = nest.inner.get(key, (nest.line, nest.column))
                self._name(nest.key, key, Entry(key, value, *place))

    def take(self, *keys: str) -> Entry | None:
        """The first of these keys, by their canonical names, that has a value."""
        if self._named.keys().isdisjoint(keys):
            return None
        return next(self.take_all(*keys), None)

    def take_all(self, *keys: str) -> Iterator[Entry]:
        """Those of these keys that have a value, in the order asked for."""
        for key in () if self._named.keys().isdisjoint(keys) else keys:
            for outer, inner, entry in self._named.get(key, ()):
                self._taken.add((outer, inner))
                if entry.value not in _NOTHING:
                    yield entry

    def peek(self, *keys: str) -> Entry | None:
        """The first of these keys that has a value, left to whoever takes it."""
        if self._named.keys().isdisjoint(keys):
            return None
        named = (entry for key in keys for _, _, entry in self._named.get(key, ()))
        return next((entry for entry in named if entry.value not in _NOTHING), None)

    def has(self, *keys: str) -> bool:
        """Whether any of these keys says something; an empty list says that there is none."""
        named = (entry for key in keys for _, _, entry in self._named.get(key, ()))
        return any(entry.value not in (None, "") for entry in named)

    def put_back(self, entry: Entry) -> None:
        """Leaves an entry to `rest` after all."""
        places = self._named[canonical(entry.key)]
        self._taken -= {(outer, inner) for outer, inner, each in places if each is entry}

    def _leave(self, entry: Entry, message: str, fix: str) -> None:
        self.put_back(entry)
        self.unread.append(Unread(entry, message, fix))

    def rest(self) -> dict[str, Any]:
        """What was not taken, as it was written; maps that all was taken from are left out."""
        left: dict[str, Any] = {}
        nested = [place for place in self._taken if place[1] is not None]
        for key, entry in self._entries.items():
            if (key, None) in self._taken:
                continue
            used = {inner for outer, inner in nested if outer == key}
            value = entry.value
            if used:
                value = {each: value[each] for each in value if each not in used}
            if value or not used:
                left[key] = value
        return left

    def text(self, *keys: str) -> str | None:
        """A single text, NFC, on one line."""
        entry = self.take(*keys)
        return _one_line(_text(entry)) or None if entry else None

    def instant(self, zone: ZoneInfo, *keys: str) -> datetime | None:
        """The first of these keys that is meant as a date, and not left to the file."""
        for entry in self.take_all(*keys):
            if is_of_the_file(entry.value):
                continue
            if canonical(entry.key) not in PUBLISHED or looks_like_date(entry.value):
                return instant(entry, zone)
        return None

    def boolean(self, *keys: str) -> bool | None:
        """The first of these keys if it is true or false; any other value is left to `rest`."""
        entry = self.take(*keys)
        word = spelled(entry.value).strip().lower() if entry else ""
        if entry and word not in TRUE | FALSE:
            self.put_back(entry)
        return word in TRUE if word in TRUE | FALSE else None

    def integer(self, *keys: str) -> int | None:
        """The first of these keys if it is a whole number; any other value is left to `rest`."""
        entry = self.take(*keys)
        if entry is None:
            return None
        if isinstance(entry.value, int) and not isinstance(entry.value, bool):
            return entry.value
        self._leave(
            entry, f"The value of {entry.key} is no whole number.", f"Write `{entry.key}: 1`."
        )
        return None

    def name(self, *keys: str) -> str | None:
        """A name: text, the first of a list, or of a map that holds one; else left to `rest`.

        What stands beside it in a list or a map is left to `rest` with it.
        """
        entry = self.take(*keys)
        if entry is None:
            return None
        first = entry.value[0] if isinstance(entry.value, list) else entry.value
        if isinstance(first, dict):
            first = next((first[key] for key in _NAME_KEYS if first.get(key)), None)
        if first is None or isinstance(first, bool | list | dict):
            self._leave(entry, f"The {entry.key} has no name.", f"Write `{entry.key}: a name`.")
            return None
        if isinstance(entry.value, dict):
            self.put_back(entry)
        elif isinstance(entry.value, list) and entry.value[1:]:
            only = _one_line(spelled(first))
            self._leave(
                entry,
                f"A post is of one {entry.key}, here {only!r}: the others say nothing.",
                "Write the one that counts first, or tags for the others.",
            )
        return _one_line(spelled(first)) or None

    def names(self, *keys: str) -> tuple[str, ...]:
        """People: one name, a list of them, or maps that hold a name; others are left to `rest`."""
        found: list[str] = []
        for entry in self.take_all(*keys):
            names = list(_names(entry.value))
            found += filter(None, names)
            if None in names:
                self._leave(
                    entry, f"One of the {entry.key} has no name.", "Give each one a `name`."
                )
        return _distinct(found)

    def terms(self, *keys: str, spaced: bool = False) -> tuple[str, ...]:
        """The terms of the first of these keys: a list, or text with commas between.

        `spaced` says that a text without commas under a key in the plural has blanks between, as
        Jekyll has it. A hash sign that begins a term is no part of it.
        """
        entry = self.take(*keys)
        if entry is None:
            return ()
        return _distinct(_HASHTAG.sub("", term, 1) for term in _terms(entry, spaced))

    def paths(self, *keys: str) -> Iterator[Entry]:
        """The URL paths under these keys, each as an entry of its own; a number is its digits."""
        for entry in self.take_all(*keys):
            values = entry.value if isinstance(entry.value, list) else [entry.value]
            for value in values:
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                path = str(value) if is_number else value
                yield Entry(entry.key, path, entry.line, entry.column)

    def categories(
        self, order: Literal["chain", "parallel"], *, spaced: bool = False
    ) -> tuple[tuple[str, ...], ...]:
        """Paths from the root.

        A flat list is one chain, or as many roots, by `order`; an inner list is always one path.
        `spaced` is that of `terms`.
        """
        entry = self.take(*CATEGORIES)
        if entry is None:
            return ()
        value = entry.value
        if isinstance(value, list) and any(isinstance(each, list) for each in value):
            paths = [_distinct(_listed(entry, each)) for each in value]
        else:
            terms = _distinct(_terms(entry, spaced))
            paths = [terms] if order == "chain" else [(term,) for term in terms]
        return tuple(dict.fromkeys(path for path in paths if path))

    def addresses(self, *keys: str) -> Iterator[tuple[Entry, list[str]]]:
        """The addresses under these keys: texts, maps with an address, or lists of either.

        A map with more in it than an address is left to `rest` as well.
        """
        for entry in self.take_all(*keys):
            values = entry.value if isinstance(entry.value, list) else [entry.value]
            if any(isinstance(each, dict) and len(each) > 1 for each in values):
                self.put_back(entry)
            yield entry, list(_addresses(entry.value))


def _text(entry: Entry) -> str:
    if isinstance(entry.value, list | dict):
        _reject(entry, f"{entry.key}.text", f"The {entry.key} is not plain text.")
    return spelled(entry.value)


def spelled(value: object) -> str:
    """A plain value as text, true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(text: str) -> str:
    return normalize("NFC", " ".join(text.split()) if "\n" in text else text.strip())


def flag(entry: Entry) -> bool:
    """Whether an entry says yes; `Rejected` where it says neither yes nor no."""
    text = spelled(entry.value).strip().lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise Rejected(
        f"{entry.key}.boolean",
        entry.line,
        entry.column,
        f"The value of {entry.key} is neither true nor false.",
        f"Write `{entry.key}: true` or `{entry.key}: false`.",
    )


def _names(value: object) -> Iterator[str | None]:
    """The names in a value, None for each map that has none."""
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    elif isinstance(value, dict):
        name = next((value[key] for key in _NAME_KEYS if value.get(key)), None)
        yield None if name is None or isinstance(name, list | dict) else spelled(name)
    elif value is not None:
        yield spelled(value)


def _terms(entry: Entry, spaced: bool) -> Iterator[str]:
    value = entry.value
    if isinstance(value, str):
        words = value.split()
        if all(word.startswith("#") for word in words):
            return iter(words)
        if spaced and "," not in value and canonical(entry.key) in _PLURALS:
            return iter(words)
    return _listed(entry, value)


def _listed(entry: Entry, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            if isinstance(each, list | dict):
                _reject(entry, f"{entry.key}.text", f"One of the {entry.key} is not plain text.")
            if each is not None:
                yield spelled(each)
    elif isinstance(value, dict):
        _reject(entry, f"{entry.key}.text", f"The {entry.key} are not a list of texts.")
    else:
        yield from spelled(value).split(",")


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)
    elif isinstance(value, dict):
        found = [value[key] for key in _ADDRESS_KEYS if isinstance(value.get(key), str)]
        absolute = [each for each in found if "//" in each]
        yield from (absolute or found)[:1]


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := _one_line(visible(text)))))


def _reject(entry: Entry, rule: str, message: str) -> NoReturn:
    raise Rejected(
        rule,
        entry.line,
        entry.column,
        message,
        f"Write `{entry.key}: text`, or a list of texts, one to a line behind a hyphen.",
    )
