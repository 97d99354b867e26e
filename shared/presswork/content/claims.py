"""What an author is told whose post waits for what another holds."""

from presswork.content.source import folders_of, is_page, own_name
from presswork.post import Error


def claim_held(name: str, key: str, holder: str) -> Error:
    """Why the post under a key waits for a path or an id, and the ways out."""
    apart = _folders_that_tell_apart(key, holder) if name.startswith("/") else ""
    cures = f"Give this post another slug, path or id, or remove {holder}: then it goes live."
    return Error(
        rule="claim.held",
        message=f"{name} belongs to {holder}.",
        fix=f"Begin `permalink` in site.yaml with /{apart}/, for folders. {cures}"
        if apart
        else cures,
    )


def _folders_that_tell_apart(key: str, other: str) -> str:
    """The placeholder by which two posts of one name have two paths, if there is one."""
    if is_page(key) or is_page(other) or own_name(key) != own_name(other):
        return ""
    ours, theirs = folders_of(key), folders_of(other)
    if ours == theirs:
        return ""
    return ":section" if ours[:1] != theirs[:1] else ":sections"
