"""The keys of the site: which ones a path has, and whose each of them is.

A path is what a reader's address bar shows: Unicode, not percent-encoded, from the root. `/a/b` and
`/a/b/` are one, whose page is `a/b/index.html`. A path whose last part has a suffix, such as
`/a/b.html`, is a file of that very name. The edge tells the two apart by the same rule.
"""

import re
from datetime import date
from enum import StrEnum
from unicodedata import category

MACHINE = "-/"
"""Below it stands what is made by the site and named by no author: media, assets, search data."""
MEDIA = f"{MACHINE}media/"
ASSETS = f"{MACHINE}assets/"

INDEX, INDEX_DATA = "index.html", "index.json"

NOT_FOUND_PATH = "/404.html"
"""The path of the page of `pages/404.md`, which stands for no address of its own."""
ROBOTS_PATH = "/robots.txt"
OF_EVERY_SITE = (NOT_FOUND_PATH, ROBOTS_PATH)
"""What every site has, if no page and no file of its author stands in its place."""

_SUFFIX = re.compile(r"[^/]\.[0-9]*[A-Za-z][0-9A-Za-z]*\Z")
"""The end of a file's name; `release-1.2` has none, and is a folder."""
_PAGE_SUFFIXES = (".html", ".htm")
_NUMBERED = re.compile(r"/\?p=([0-9]{1,20})")
_NUMBERED_KEY = re.compile(rf"{MACHINE}p/([0-9]{{1,20}})/{re.escape(INDEX)}")

_ROOT_FILES = frozenset(
    {
        "404.html",
        "feed.json",
        "feed.xml",
        "robots.txt",
        "rss.xml",
        "sitemap.xml",
    }
)
_TERM_KEY = re.compile(
    r"(?:(?:authors|series|tags)/(?:[^/]++/)?|categories/(?:[^/]++/)*+)"
    r"(?:index\.html|index\.json|feed\.xml|(?:index-[^/]*|[0-9]{4}(?:-[0-9]{2}){0,2})\.html)"
)
"""A key of the list of a term, or of all terms: whole, of a letter, of a year, a month or a day."""
_LIST_PATHS = frozenset({"/", "/archives/", "/search/"})
_PERIOD = re.compile(r"/([0-9]{4})/(?:([0-9]{2})/(?:([0-9]{2})/)?)?")
_ARCHIVE = re.compile(r"archives/[0-9]{4}/[0-9]{2}/[0-9]{2}/")


class Owner(StrEnum):
    """Whose a key of the site is: the site's lists', its machinery's, or that of who claims it."""

    LIST = "list"
    MACHINE = "machine"
    CLAIM = "claim"


def is_file(path: str) -> bool:
    """Whether a path is that of a file of its name, and not of a folder with an index."""
    return _SUFFIX.search(path) is not None


def is_page_file(path: str) -> bool:
    """Whether a path ends like a page that is a file of its own, such as `/a/b.html`."""
    return path.endswith(_PAGE_SUFFIXES)


def canonical(path: str) -> str:
    """The one spelling of a path: a folder ends in a slash, and is not called `index.html`."""
    if path.endswith(f"/{INDEX}"):
        return path.removesuffix(INDEX)
    if path.endswith("/") or is_file(path) or _NUMBERED.fullmatch(path):
        return path
    return f"{path}/"


def key_of(path: str) -> str:
    """The site key of the page at a path: `/2021/11/x/` is `2021/11/x/index.html`."""
    if numbered := _NUMBERED.fullmatch(path):
        return f"{MACHINE}p/{numbered[1]}/{INDEX}"
    path = canonical(path)
    return f"{path[1:]}{INDEX}" if path.endswith("/") else path[1:]


def data_key(path: str) -> str:
    """The site key of the page at a path as data: `/a/` is `a/index.json`."""
    key = key_of(path)
    is_index = key.rpartition("/")[2] == INDEX
    return key.removesuffix(INDEX) + INDEX_DATA if is_index else f"{key}.json"


def keys_of(path: str) -> tuple[str, ...]:
    """All site keys of a path, that of its page first; what is no page has no data."""
    key = key_of(path)
    has_data = is_page_file(key) and not key.startswith(MACHINE)
    return (key, data_key(path)) if has_data else (key,)


def path_of(key: str) -> str:
    """The path whose key this is, of its page or of the page as data."""
    if numbered := _NUMBERED_KEY.fullmatch(key):
        return f"/?p={numbered[1]}"
    folder, _, name = key.rpartition("/")
    if name in (INDEX, INDEX_DATA):
        return f"/{folder}/" if folder else "/"
    page = key.removesuffix(".json")
    return f"/{page}" if page != key and is_page_file(page) else f"/{key}"


def owner(key: str) -> Owner:
    """Whose a key is. What lists there are, and what settings say, never counts.

    A later tag or setting would else meet the older post that holds its place.
    """
    path = path_of(key)
    if key.startswith(MACHINE):
        return Owner.CLAIM if _NUMBERED.fullmatch(path) else Owner.MACHINE
    if path[1:] in _ROOT_FILES:
        return Owner.MACHINE
    if _is_term(key) or _ARCHIVE.match(key):
        return Owner.LIST
    return Owner.LIST if path in _LIST_PATHS or _is_period(path) else Owner.CLAIM


def _is_term(key: str) -> bool:
    """Whether a term may have a key: its name is of small letters, digits and hyphens."""
    signs = "".join(key.split("/")[1:-1])
    is_name = signs == signs.lower() and all(s == "-" or category(s)[0] in "LMN" for s in signs)
    return is_name and _TERM_KEY.fullmatch(key) is not None


def _is_period(path: str) -> bool:
    """Whether a path is that of a year, a month or a day of the calendar."""
    found = _PERIOD.fullmatch(path)
    if found is None:
        return False
    year, month, day = found.groups(default="01")
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
