"""Static files: which objects are copied to the site as they are, and to where."""

from typing import NoReturn
from unicodedata import category

from presswork.content.paths import RESERVED
from presswork.errors import Rejected

STATIC = "static/"
MAX_STATIC_BYTES = 20 * 1024 * 1024

_OPEN_TO_ALL = frozenset({"favicon.ico", "posts", "robots.txt", "static", "theme"})
"""First parts that no post may have, and where an author's file may stand.

The site has a robots.txt of its own only as long as there is none of the author's.
"""
_PAGES = frozenset({"index.html", "index.json"})
_WELL_KNOWN = ".well-known/"


def is_static(key: str) -> bool:
    """Whether what stands under a key is a static file: below `static/`, not hidden.

    `.well-known` (RFC 8615) is no hidden folder.
    """
    name = key.removeprefix(STATIC).removeprefix(_WELL_KNOWN)
    hidden = any(part.startswith(".") for part in name.split("/"))
    return key.startswith(STATIC) and not key.endswith("/") and not hidden


def static_place(key: str) -> str:
    """The site key of a static file: its key below `static/`; raises `Rejected`.

    No static file has the name of an object that the site makes, so none ever meets another.
    """
    place = key.removeprefix(STATIC)
    parts = place.split("/")
    first, last = parts[0].lower(), parts[-1].lower()
    if last in _PAGES:
        _reject(
            "static.page",
            f"The file {key} would stand where pages do.",
            f"Put it below pages/, or give it another name than {parts[-1]}.",
        )
    if first in RESERVED - _OPEN_TO_ALL:
        _reject(
            "static.reserved",
            f"What begins with /{parts[0]} belongs to the site itself.",
            "Delete the file if the site makes its own, or move it to a folder such as files/.",
        )
    if "" in parts or "\\" in place or any(category(sign)[0] == "C" for sign in place):
        _reject(
            "static.form",
            f"The name {key[:80]!r} has an empty part, a \\ or an invisible character.",
            "Give the file another name.",
        )
    return place


def check_static_size(key: str, data: bytes) -> None:
    """Raises `Rejected` for more bytes than a static file may have."""
    if len(data) > MAX_STATIC_BYTES:
        _reject(
            "static.size",
            f"The file {key} has more than {MAX_STATIC_BYTES // 1024**2} MiB.",
            "Make it smaller, or keep it elsewhere and link to it.",
        )


def _reject(rule: str, message: str, fix: str) -> NoReturn:
    raise Rejected(rule, None, None, message, fix)
