"""What front matter says in vain: keys misspelled, values cut, headers that are not read."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from presswork.content.front_matter.entries import Comment, Entry
from presswork.content.front_matter.vocabulary import (
    ALIASES,
    AUTHORS,
    CATEGORIES,
    COVERS,
    IGNORED,
    KNOWN,
    PERMALINK,
    SERIES,
    SLUG,
    SUMMARY,
    TAGS,
    TITLE,
    URL,
    canonical,
)
from presswork.content.front_matter.yaml_mistakes import quoted_entry
from presswork.patterns import late
from presswork.post import PostWarning

_MEANT = KNOWN - frozenset(IGNORED)
"""The keys that a misspelled one may be meant for."""
_OTHERS = frozenset(
    ["expired", "feature", "features", "headers", "modifier", "photo", "publisher", "updates"]
)
"""Words of their own that are nearly such a key."""
_SHORTEST_SWAPPED, _SHORTEST_MISSPELLED = 4, 5
_TEXTS = frozenset(
    (
        *(*TITLE, *SUMMARY, *AUTHORS, *CATEGORIES, *TAGS, *SERIES, *COVERS),
        *(*SLUG, *PERMALINK, *URL, *ALIASES),
    )
)
"""Keys whose values are words or addresses, in which a hash sign may stand, and no secrets."""
_SENTENCES = frozenset((*TITLE, *SUMMARY))
_TAG = late(r"#[^\s#]")
_LONGEST = 60


def of_entries(entries: Mapping[str, Entry]) -> Iterator[PostWarning]:
    """What is told of front matter that was read."""
    given = {canonical(key) for key in entries}
    for entry in entries.values():
        name = canonical(entry.key)
        meant = next((key for key in _near(name) if key not in given), None)
        if meant is not None:
            yield _warning(
                "unknown-key",
                entry.line,
                f"The key {entry.key[:_LONGEST]} says nothing here.",
                f"Write {meant} if that is meant.",
            )
        if entry.comment is not None and _is_text(name, entry.value, entry.comment):
            yield _cut(entry.key, entry.value, entry.comment)


def of_header(line: int) -> PostWarning:
    """What is told of lines at the top that look like front matter and are text."""
    return _warning(
        "front-matter-unread",
        line,
        "The first lines look like front matter, and are shown as text.",
        "Put a line of three hyphens above them and one below.",
    )


@lru_cache(maxsize=1_000)
def _near(name: str) -> tuple[str, ...]:
    """The known keys that a name is but for one slip, by alphabet; none for a word of its own."""
    if name in KNOWN or name in _OTHERS:
        return ()
    return tuple(key for key in sorted(_MEANT) if _is_slip(name, key))


def _is_slip(name: str, key: str) -> bool:
    """Whether two letters are swapped, or one is wrong, missing or too many."""
    if abs(len(name) - len(key)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(name, key, strict=False)) if a != b), -1)
    if start < 0:
        start = min(len(name), len(key))
    rest, wanted = name[start:], key[start:]
    if len(name) == len(key) and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]:
        return len(name) >= _SHORTEST_SWAPPED
    is_near = rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
    return is_near and min(len(name), len(key)) >= _SHORTEST_MISSPELLED


def _is_text(name: str, value: object, comment: Comment) -> bool:
    """Whether what YAML has for a comment was meant as a part of the value.

    A hash sign with a letter behind it is a tag or a number; one with a blank behind it is a
    comment, as people write them, but for the middle of a sentence.
    """
    is_in_sentence = name in _SENTENCES and value is not None
    return name in _TEXTS and (is_in_sentence or _TAG.match(comment.text) is not None)


def _cut(key: str, value: object, comment: Comment) -> PostWarning:
    before = "" if value is None else f"{value} "
    quoted = quoted_entry(key, f"{before}{comment.text}")
    return _warning(
        "cut-at-comment",
        comment.line,
        f"The value of {key[:_LONGEST]} ends before {comment.text[:_LONGEST]!r}: "
        "YAML has a comment there.",
        "Put quotes around each member that has a # in it."
        if isinstance(value, list | dict)
        else f"Put quotes around all of it: {quoted}.",
    )


def _warning(rule: str, line: int, message: str, fix: str) -> PostWarning:
    return PostWarning(rule=rule, line=line, count=1, message=message, fix=fix)
