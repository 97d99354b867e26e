"""Static files: which objects are copied to the site as they are, and to where."""

from typing import NoReturn
from unicodedata import category

from presswork.content.paths import MAX_KEY_BYTES
from presswork.errors import Rejected
from presswork.site_keys import Owner, owner

STATIC = "static/"
MAX_STATIC_BYTES = 20 * 1024 * 1024

STATIC_CLAIMED = "static.claimed"
"""The rule of a file whose address a post has: it is shown once that lets go."""

_WELL_KNOWN = ".well-known/"


def is_static(key: str) -> bool:
    """Whether what stands under a key is a static file: below `static/`, not hidden.

    `.well-known` (RFC 8615) is no hidden folder.
    """
    name = key.removeprefix(STATIC).removeprefix(_WELL_KNOWN)
    hidden = any(part.startswith(".") for part in name.split("/"))
    return key.startswith(STATIC) and not key.endswith("/") and not hidden


def static_place(key: str) -> str:
    """The site key of a static file: its key below `static/`; raises `Rejected` for the site's own.

    A post may have the same one: then who claims it is shown.
    """
    place = key.removeprefix(STATIC)
    parts = place.split("/")
    if owner(place) is not Owner.CLAIM:
        _reject(
            "static.reserved",
            f"/{place[:80]} belongs to the site itself.",
            "Delete the file if the site makes its own, or move it to a folder such as files/.",
        )
    if "" in parts or "\\" in place or any(category(sign)[0] == "C" for sign in place):
        _reject(
            "static.form",
            f"The name {key[:80]!r} has an empty part, a \\ or an invisible character.",
            "Give the file another name.",
        )
    return place


def static_key(place: str) -> str | None:
    """The key of the static file that stands at a key of the site, if one can."""
    key = f"{STATIC}{place}"
    if not is_static(key) or len(key.encode()) > MAX_KEY_BYTES:
        return None
    try:
        return key if static_place(key) == place else None
    except Rejected:
        return None


def check_static_size(key: str, data: bytes) -> None:
    """Raises `Rejected` for more bytes than a static file may have."""
    if len(data) > MAX_STATIC_BYTES:
        _reject(
            "static.size",
            f"The file {key} has more than {MAX_STATIC_BYTES // 1024**2} MiB.",
            "Make it smaller, or keep it elsewhere and link to it.",
        )


def static_claimed(place: str, holder: str) -> Rejected:
    """Why a static file is not shown: a post has its address."""
    return Rejected(
        STATIC_CLAIMED,
        None,
        None,
        f"The address /{place[:80]} belongs to {holder}, which is shown there.",
        "Rename the file, or give that post another path.",
    )


def _reject(rule: str, message: str, fix: str) -> NoReturn:
    raise Rejected(rule, None, None, message, fix)
