"""What an author is told whose post waits for what another holds."""

from collections.abc import Sequence

from presswork.authority import AUTHORS, HELD_BY_SOURCE, NOBODY, AsAuthors, authority_of
from presswork.content.source import folders_of, is_page, own_name
from presswork.post import Error

IN_A_RING = "claim.ring"
"""The rule by which posts wait for each other that are too many to change places at once."""

_MOST_NAMED = 12


def claim_held(name: str, key: str, holder: str, as_authors: AsAuthors = NOBODY) -> Error:
    """Why the post under a key waits for a path or an id, and the ways out."""
    apart = _folders_that_tell_apart(key, holder) if name.startswith("/") else ""
    cures = f"Give this post another slug, path or id, or remove {holder}: then it goes live."
    is_author = authority_of(key, as_authors) == AUTHORS
    is_of_source = is_author and authority_of(holder, as_authors) != AUTHORS
    return Error(
        rule=HELD_BY_SOURCE if is_of_source else "claim.held",
        message=f"{name} belongs to {holder}" + (", from a webhook." if is_of_source else "."),
        fix=f"Begin `permalink` in site.yaml with /{apart}/, for folders. {cures}"
        if apart
        else cures,
    )


def claim_kept(name: str, holder: str, as_authors: AsAuthors = NOBODY) -> Error:
    """Why a webhook's post waits for a path or an id that nobody holds."""
    whose = authority_of(holder, as_authors) or "the site's authors"
    return Error(
        rule="claim.kept",
        message=f"{name} was {holder}'s, and is kept for {whose}.",
        fix="Give this post another slug, path or id.",
    )


def claim_ring(name: str, keys: Sequence[str], most: int) -> Error:
    """Why posts wait for each other, each for what the next one holds, and the way out."""
    named = [*keys[:_MOST_NAMED], *(["…"] if len(keys) > _MOST_NAMED else []), keys[0]]
    return Error(
        rule=IN_A_RING,
        message=f"{len(keys)} posts wait for each other: {' → '.join(named)}. "
        f"The first wants {name}, which the next holds.",
        fix=f"No more than {most} posts change places at once, fewer with many aliases. Give one "
        "of them a slug that nobody wants, wait until it is live, and then its own.",
    )


def _folders_that_tell_apart(key: str, other: str) -> str:
    """The placeholder by which two posts of one name have two paths, if there is one."""
    if is_page(key) or is_page(other) or own_name(key) != own_name(other):
        return ""
    ours, theirs = folders_of(key), folders_of(other)
    if ours == theirs:
        return ""
    return ":section" if ours[:1] != theirs[:1] else ":sections"
