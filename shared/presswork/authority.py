"""Whose a key of ContentBucket is: the site's authors', or one source's of webhooks."""

import re

AUTHORS = ""
"""The authority of whoever writes posts and pages by hand; it ranks above every source."""

HELD_BY_SOURCE = "claim.source"
"""The rule of the error by which an author's post waits for a source's: that is told at once."""

AsAuthors = frozenset[str]
"""The sources whose posts claim names as those of authors do, by the settings in force."""

NOBODY: AsAuthors = frozenset()

_SOURCE = re.compile(r"posts/hooks/([^/]+)/")


def authority_of(key: str, as_authors: AsAuthors = NOBODY) -> str:
    """The prefix that a source of webhooks writes below; `AUTHORS` for a key of theirs."""
    found = _SOURCE.match(key)
    return found[0] if found and found[1] not in as_authors else AUTHORS


def source_of(key: str) -> str | None:
    """The name of the source that a key is from, None for one of an author's."""
    found = _SOURCE.match(key)
    return found[1] if found else None


def may_have(key: str, last: str, as_authors: AsAuthors = NOBODY) -> bool:
    """Whether a key may have what is free, and kept for the authority of the key `last`.

    A source inherits nothing of an author's, nor of another source's.
    """
    return authority_of(key, as_authors) in (AUTHORS, authority_of(last, as_authors))


def in_turn(keys: list[str], as_authors: AsAuthors = NOBODY) -> list[str]:
    """Keys that wait for the same, as they are to have it: authors' before sources'."""
    return sorted(keys, key=lambda key: authority_of(key, as_authors) != AUTHORS)
