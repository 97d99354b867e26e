"""Front matter that posts of a source have where they say nothing themselves."""

from collections.abc import Collection, Mapping
from typing import Any

from presswork.content.front_matter import vocabulary as keys
from presswork.content.front_matter.entries import Entry
from presswork.content.front_matter.fields import Fields

_SHOWN = (
    *(keys.AUTHORS, keys.CATEGORIES, keys.TAGS, keys.SERIES, keys.SUMMARY, keys.COMMENTS),
    keys.COVERS,
)
_SAID = (*(keys.WEIGHT, keys.LANGUAGE, keys.DRAFT, keys.UNLISTED, keys.VISIBILITY, keys.NOINDEX),)
_GROUP_OF = {key: group for group in (*_SHOWN, *_SAID) for key in group}
"""Keys for one thing each: what a post says by any of them, no default says.

What is of one post alone, such as its title, its date and its path, is not among them.
"""
_OF_ONE_POST = keys.KNOWN - _GROUP_OF.keys() - set(keys.IGNORED)


def with_defaults(entries: Mapping[str, Entry], defaults: Mapping[str, Any]) -> Mapping[str, Entry]:
    """The entries of a post, and those of the defaults about which it says nothing.

    A default stands on the first line: what was wrong with it the settings were told.
    """
    if not defaults:
        return entries
    said = Fields(entries)
    added = {
        key: Entry(key, value, 1, 1)
        for key, value in defaults.items()
        if not said.has(*same_meaning(key))
    }
    return {**entries, **added}


def may_be_default(key: str, extra: Collection[str]) -> bool:
    """Whether a key can have a default: one that many posts share, or that the site makes public.

    `extra` are the further keys of front matter that the settings name.
    """
    name = keys.canonical(key)
    is_public = name in map(keys.canonical, extra) and name not in _OF_ONE_POST
    return name in _GROUP_OF or is_public


def is_seen(key: str) -> bool:
    """Whether a default for this key shows in each post: one that does not is a mistake."""
    return same_meaning(key) in _SHOWN


def same_meaning(key: str) -> tuple[str, ...]:
    """The keys that are for the same thing, by their canonical names."""
    name = keys.canonical(key)
    return _GROUP_OF.get(name, (name,))
