"""Whose a key of ContentBucket is: the site's authors', or one source's of webhooks."""

import re

AUTHORS = ""
"""The authority of whoever writes posts and pages by hand; it ranks above every source."""

HELD_BY_SOURCE = "claim.source"
"""The rule of the error by which an author's post waits for a source's: that is told at once."""

_SOURCE = re.compile(r"posts/hooks/([^/]+)/")


def authority_of(key: str) -> str:
    """The prefix that a source of webhooks writes below; `AUTHORS` for a key of theirs."""
    found = _SOURCE.match(key)
    return found[0] if found else AUTHORS


def source_of(key: str) -> str | None:
    """The name of the source that a key is from, None for one of an author's."""
    found = _SOURCE.match(key)
    return found[1] if found else None


def may_have(key: str, last: str) -> bool:
    """Whether a key may have what is free, and what the key `last` had last.

    A source inherits nothing of an author's, nor of another source's.
    """
    return authority_of(key) in (AUTHORS, authority_of(last))


def in_turn(keys: list[str]) -> list[str]:
    """Keys that wait for the same, as they are to have it: authors' before sources'."""
    return sorted(keys, key=lambda key: authority_of(key) != AUTHORS)
