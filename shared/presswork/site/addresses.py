"""Where things stand: the paths and keys of lists and feeds, and absolute URLs of either."""

from urllib.parse import quote

from presswork.patterns import late
from presswork.site_keys import MACHINE, MEDIA, keys_of

FEED_KEY = "feed.xml"
RSS_KEY = "rss.xml"
JSON_FEED_KEY = "feed.json"
ARCHIVES_PATH = "/archives/"
SEARCH_PATH = "/search/"
SEARCH_PERIODS_KEY = f"{MACHINE}search/periods.json"
SITEMAP_KEY = "sitemap.xml"

_FOLDERS = {"tag": "tags", "category": "categories", "author": "authors", "series": "series"}
_PLAIN = late("[A-Za-z0-9/_.~-]*+")
"""A path that is its own reference, as most are."""
TERMS = tuple(_FOLDERS)
"""The kinds of lists that posts stand in by what their authors call them."""


def cached_at(path: str) -> tuple[str, ...]:
    """What the objects of the page at `path` are known as to caches, percent-encoded.

    One path stands for all of a folder, and is paid for once.
    """
    return (href(path) + "*",) if path.endswith("/") else tuple(map(href, keys_of(path)))


def media_cached_at(hash: str) -> str:
    """What all files of some media are known as to caches."""
    return href(f"{MEDIA}{hash}/") + "*"


def list_path(name: str) -> str:
    """The path of a list: `home`, `year:2021`, `period:2021-11`, `tag:x`, `category:a/b` or such.

    `terms:tag` are all tags, and `tag:x.2021` or `tag:x.2021-11` the posts of a tag in that time.
    Parts of a day stand apart, where no post may.
    """
    list, _, part = name.partition(".")
    kind, _, rest = list.partition(":")
    if kind == "home":
        return f"/{part}/" if part else "/"
    if kind in ("year", "period"):
        parent = ARCHIVES_PATH if len(rest) > len("2021-11-05") else "/"
        return f"{parent}{rest.replace('-', '/')}/"
    if kind == "terms":
        # No address of a term has a dot; a slash stands between the levels of a category.
        letters = part.replace("/", ".")
        return f"/{_FOLDERS[rest]}/" + (f"index-{letters}.html" if part else "")
    return f"/{_FOLDERS[kind]}/{rest}/" + (f"{part}.html" if part else "")


def feed_key(name: str) -> str:
    """The site key of the Atom feed of a list: `home`, or that of a term."""
    return f"{list_path(name)[1:]}{FEED_KEY}"


def feed_keys(name: str) -> tuple[str, ...]:
    """The site keys of all feeds of a list: the site itself has three, a term one."""
    others = (RSS_KEY, JSON_FEED_KEY) if name == "home" else ()
    return feed_key(name), *others


def sitemap_key(name: str) -> str:
    """The site key of the sitemap of one list: `period:2021-11`, or `pages:a`."""
    kind, _, rest = name.partition(":")
    part = rest if kind == "period" else f"{kind}-{rest}"
    return f"{MACHINE}sitemap/{part}.xml"


def search_key(period: str) -> str:
    """The site key of what is searched of a year, or of a period of one."""
    return f"{MACHINE}search/{period}.json"


def href(path: str) -> str:
    """A path or a site key as a percent-encoded reference from the site's root (RFC 3986)."""
    path = path.lstrip("/")
    return f"/{path}" if _PLAIN.fullmatch(path) else "/" + quote(path, safe="/")


def absolute(base_url: str, path: str) -> str:
    """The full URL of a path or a site key."""
    return base_url.rstrip("/") + href(path)
