"""The paths of posts: from the site's permalink or their own wish, and within the site's rules."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NoReturn
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from presswork.content.front_matter.entries import Entry
from presswork.errors import Rejected
from presswork.settings import Site

RESERVED = frozenset(
    {
        "404.html",
        "archives",
        "assets",
        "authors",
        "categories",
        "favicon.ico",
        "feed.json",
        "feed.xml",
        "index.html",
        "index.json",
        "media",
        "posts",
        "robots.txt",
        "rss.xml",
        "search",
        "series",
        "sitemap",
        "sitemap.xml",
        "static",
        "tags",
        "theme",
    }
)
"""The first parts of paths that belong to the site itself."""

ERROR_FOLDER = "/404/"
ERROR_PAGE = "/404.html"
"""Where the page of every address without one stands, which a page called 404 becomes."""

MAX_KEY_BYTES = 1024
"""The longest key of S3 (User Guide, "Naming Amazon S3 objects")."""

_ARCHIVE = re.compile(r"/\d{4}/(\d{2}/){0,2}")
_PLACEHOLDER = re.compile(r":(year|month|day|slug|id)\b")
_ABSOLUTE = re.compile(r"https?://[^/?#\[\]]+(?=/)", re.IGNORECASE)
_INDEX = re.compile(r"(?:/index)?\.html?$|/index$", re.IGNORECASE)
# Controls, separators of lines, surrogates, marks of direction, and the sign for no character.
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd\\\\]"
)


def permalink_path(site: Site, *, date: datetime, slug: str, id: str, at: Entry | None) -> str:
    """The path that the site's permalink gives a post; `at` is to blame if it cannot be had."""
    return _checked(_filled(site.permalink, site, date, slug, id), at)


def page_path(parts: Iterable[str], at: Entry | None) -> str:
    """The path of a page, which has the parts of its key; `at` is to blame if it cannot be had."""
    path = "".join(f"/{part}" for part in parts) + "/"
    return ERROR_PAGE if path == ERROR_FOLDER else _checked(path, at)


def own_path(entry: Entry, site: Site, *, date: datetime, slug: str, id: str) -> str:
    """The path that a post asks for, between slashes, without `index.html` or `.html`."""
    path = _filled(_INDEX.sub("", _spelled(entry)), site, date, slug, id)
    return _checked(path.removesuffix("/") + "/", entry)


def alias_path(entry: Entry) -> str:
    """A former path of a post, made to begin and end with a slash."""
    return _checked(_spelled(entry).removesuffix("/") + "/", entry)


def _spelled(entry: Entry) -> str:
    spelled = str(entry.value).strip()
    if _ABSOLUTE.match(spelled):  # exports tell where a post stood before
        spelled = urlsplit(spelled).path
    path = unquote(spelled).removesuffix("/")
    return path if path.startswith("/") else f"/{path}"


def _filled(template: str, site: Site, date: datetime, slug: str, id: str) -> str:
    day = date.astimezone(site.zone)
    values = {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "slug": slug,
        "id": id,
    }
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _checked(path: str, at: Entry | None) -> str:
    path = normalize("NFC", path)
    parts = path.strip("/").split("/")
    if path == "/":
        _reject("path.home", at, "The path / belongs to the home page.")
    if "//" in path or any(part.startswith((".", ":")) or not part.strip() for part in parts):
        _reject(
            "path.form",
            at,
            f"The path {path[:80]!r} has parts that are empty, or begin with a dot or a colon.",
        )
    if _UNFIT.search(path):
        _reject("path.character", at, f"The path {path[:80]!r} has an invisible character or a \\.")
    if parts[0].lower() in RESERVED:
        _reject("path.reserved", at, f"Paths below /{parts[0]}/ belong to the site itself.")
    if _ARCHIVE.fullmatch(path):
        _reject("path.archive", at, f"The path {path} belongs to an archive.")
    if len(f"{path[1:]}index.html".encode()) > MAX_KEY_BYTES:
        _reject("path.length", at, f"The path is longer than {MAX_KEY_BYTES} bytes.")
    return path


def _reject(rule: str, at: Entry | None, message: str) -> NoReturn:
    raise Rejected(
        rule,
        at.line if at else None,
        at.column if at else None,
        message,
        "Give the post another `slug`, or a `permalink` such as /about/our-work/.",
    )
