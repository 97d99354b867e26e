"""The paths of posts: from the site's permalink or their own wish, kept to the letter."""

import posixpath
import re
from datetime import UTC, datetime
from typing import NoReturn
from unicodedata import normalize
from urllib.parse import unquote

from presswork.content.front_matter.entries import Entry
from presswork.errors import Rejected
from presswork.invisible import visible
from presswork.patterns import late
from presswork.settings import Site
from presswork.site_keys import (
    Owner,
    canonical,
    is_page_file,
    key_of,
    keys_of,
    owner,
    path_of,
)

ERROR_PAGE = "/404.html"
"""Where the page of every address without one stands, which a page called 404 becomes."""

MAX_KEY_BYTES = 1024
"""The longest key of S3 (User Guide, "Naming Amazon S3 objects")."""

_PERIOD = late(r"/[0-9]{4}/(?:[0-9]{2}/){0,2}")
_PLACEHOLDER = late(r":([a-z_]+)")
_SLASHES = late("//+")
_ABSOLUTE = late(r"https?://[^/?#\[\]]+(?=/)", re.IGNORECASE)
_NUMBERED = late("(?:^|&)(p=[0-9]{1,20})(?:&|$)")
_OF_ID = 4
# Controls, separators of lines, surrogates, and the sign for no character.
_UNFIT = late("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd\\\\]")


class Permalink:
    """What the placeholders of a permalink stand for, for one post."""

    def __init__(
        self,
        site: Site,
        date: datetime,
        *,
        slug: str,
        filename: str,
        folders: tuple[str, ...],
        categories: tuple[str, ...],
        category: tuple[str, ...],
        id: str,
    ) -> None:
        day = date.astimezone(site.zone)
        self._values = {
            "year": f"{day.year:04}",
            "short_year": f"{day.year % 100:02}",
            "month": f"{day.month:02}",
            "i_month": str(day.month),
            "day": f"{day.day:02}",
            "i_day": str(day.day),
            "y_day": f"{day.timetuple().tm_yday:03}",
            "hour": f"{day.hour:02}",
            "minute": f"{day.minute:02}",
            "second": f"{day.second:02}",
            "slug": slug,
            "title": slug,
            "filename": filename or slug,
            "section": "/".join(folders[:1]),
            "sections": "/".join(folders),
            "category": "/".join(category),
            "categories": "/".join(categories),
            "id": id,
        }

    def fill(self, template: str) -> str:
        """The path of a template; what a post has none of takes no part, a strange word stays."""
        template = canonical(template.replace(":output_ext", ".html"))
        filled = _PLACEHOLDER.sub(lambda found: self._values.get(found[1], found[0]), template)
        return filled if filled == template else canonical(_SLASHES.sub("/", filled))


def is_for_posts(site: Site) -> bool:
    """Whether a site's permalink gives a post a path that is not the site's own."""
    day, word = datetime(2021, 11, 21, tzinfo=UTC), ("word",)
    permalink = Permalink(
        site,
        day,
        slug="word",
        filename="word",
        folders=word,
        categories=word,
        category=word,
        id="word",
    )
    return _is_free(permalink.fill(site.permalink))


def derived_path(path: str, id: str, at: Entry | None) -> tuple[str, str | None]:
    """The path that a post is given, and the one of the site's own that it was not given.

    That one is told apart by the beginning of the post's id. `at` is to blame for a path that
    cannot be had.
    """
    path = normalize("NFC", path)
    if _is_free(path):
        return _checked(path, at), None
    apart = next(each for each in _told_apart(path, f"-{id[:_OF_ID]}") if _is_free(each))
    return _checked(apart, at), path


def wished_path(entry: Entry, permalink: Permalink) -> str:
    """The path that a post asks for; one that belongs to the site is rejected."""
    path = normalize("NFC", permalink.fill(_spelled(str(entry.value))))
    if not path.endswith("/") and not is_page_file(path):
        _reject(
            "path.file",
            entry,
            f"The path {path[:80]!r} ends like a file that is no page.",
            "End it in a slash or in .html; the address of before is one of the `aliases`.",
        )
    return _checked(_not_the_sites(path, entry), entry)


def alias_path(entry: Entry, folder: str) -> str:
    """A former path of a post, of any ending; one without a slash in front is below `folder`."""
    spelled = str(entry.value).strip()
    if not spelled.startswith(("/", "?")) and not _ABSOLUTE.match(spelled):
        spelled = posixpath.normpath(f"{folder}/{spelled}") + "/" * spelled.endswith("/")
    path = canonical(normalize("NFC", _spelled(spelled)))
    return _checked(_not_the_sites(path, entry), entry)


def _spelled(text: str) -> str:
    """The path that a text spells; query and fragment are no part of it, but for `/?p=1`."""
    text = text.strip()
    if elsewhere := _ABSOLUTE.match(text):  # exports tell where a post stood before
        text = text[elsewhere.end() :]
    path, _, query = text.partition("#")[0].partition("?")
    path = "/" + unquote(path).removeprefix("/")
    numbered = _NUMBERED.search(query) if path == "/" else None
    return f"/?{numbered[1]}" if numbered else path


def _is_free(path: str) -> bool:
    """Whether no list and no machinery of the site has a path."""
    return owner(key_of(path)) is Owner.CLAIM


def _told_apart(path: str, mark: str) -> tuple[str, str]:
    """A path with a mark behind its last part, and with one behind its first."""
    ending = "/" if path.endswith("/") else posixpath.splitext(path)[1]
    bare = path[1:].removesuffix(ending) or "index"
    first, slash, rest = bare.partition("/")
    return f"/{bare}{mark}{ending}", f"/{first}{mark}{slash}{rest}{ending}"


def _not_the_sites(path: str, at: Entry) -> str:
    if path == "/":
        _reject("path.home", at, "The path / belongs to the home page.")
    if not _is_free(path):
        is_period = _PERIOD.fullmatch(path) is not None
        rule, whose = ("path.archive", "an archive") if is_period else ("path.reserved", "the site")
        _reject(rule, at, f"The path {path[:80]} belongs to {whose}.")
    return path


def _checked(path: str, at: Entry | None) -> str:
    parts = path[1:].removesuffix("/").split("/")
    folders = parts if path.endswith("/") else parts[:-1]
    # Spelled twice in percent signs a dot is still one to some who read addresses.
    if any(unquote(part).startswith((".", ":")) or not part.strip() for part in parts):
        _reject(
            "path.form",
            at,
            f"The path {path[:80]!r} has parts that are empty, or begin with a dot or a colon.",
        )
    if any(is_page_file(folder) for folder in folders):
        _reject(
            "path.form",
            at,
            f"The path {path[:80]!r} has a folder that is called like a page: .html is an end.",
        )
    if _UNFIT.search(path) or visible(path) != path:
        _reject("path.character", at, f"The path {path[:80]!r} has an invisible character or a \\.")
    if path_of(key_of(path)) != path:
        _reject("path.form", at, f"The path {path[:80]!r} is another page as data.")
    if max(len(key.encode()) for key in keys_of(path)) > MAX_KEY_BYTES:
        _reject("path.length", at, f"The path is longer than {MAX_KEY_BYTES} bytes.")
    return path


def _reject(rule: str, at: Entry | None, message: str, fix: str = "") -> NoReturn:
    raise Rejected(
        rule,
        at.line if at else None,
        at.column if at else None,
        message,
        fix or "Give the post another `slug`, or a `permalink` such as /about/our-work/.",
    )
