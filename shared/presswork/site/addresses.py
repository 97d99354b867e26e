"""Where things stand: URL paths, the site keys behind them, and absolute URLs.

A path is what a reader's address bar shows: Unicode, not percent-encoded, `/` at both ends.
"""

from urllib.parse import quote

FEED_KEY = "feed.xml"
RSS_KEY = "rss.xml"
JSON_FEED_KEY = "feed.json"
ARCHIVES_PATH = "/archives/"
SEARCH_PATH = "/search/"
SEARCH_PERIODS_KEY = "search/periods.json"
ROBOTS_KEY = "robots.txt"
NOT_FOUND_KEY = "404.html"
SITEMAP_KEY = "sitemap.xml"

_FOLDERS = {"tag": "tags", "category": "categories", "author": "authors", "series": "series"}
TERMS = tuple(_FOLDERS)
"""The kinds of lists that posts stand in by what their authors call them."""


def key_of(path: str, name: str = "index.html") -> str:
    """The site key of an object of the page at `path`: `/2021/11/x/` is `2021/11/x/index.html`."""
    return path.strip("/") + f"/{name}" if path.strip("/") else name


def cached_at(path: str) -> tuple[str, ...]:
    """What the objects of the page at `path` are known as to caches, percent-encoded."""
    return href(path), href(key_of(path)), href(key_of(path, "index.json"))


def media_cached_at(hash: str) -> str:
    """What all files of some media are known as to caches."""
    return href(f"media/{hash}/") + "*"


def list_path(name: str) -> str:
    """The path of a list: `home`, `year:2021`, `period:2021-11`, `tag:x`, `category:a/b` or such.

    Parts of a day stand apart, where no post may.
    """
    kind, _, rest = name.partition(":")
    if kind == "home":
        return "/"
    if kind in ("year", "period"):
        parent = ARCHIVES_PATH if len(rest) > len("2021-11-05") else "/"
        return f"{parent}{rest.replace('-', '/')}/"
    return f"/{_FOLDERS[kind]}/{rest}/"


def feed_key(name: str) -> str:
    """The site key of the Atom feed of a list: `home`, or that of a term."""
    return key_of(list_path(name), FEED_KEY)


def feed_keys(name: str) -> tuple[str, ...]:
    """The site keys of all feeds of a list: the site itself has three, a term one."""
    others = (RSS_KEY, JSON_FEED_KEY) if name == "home" else ()
    return feed_key(name), *others


def sitemap_key(name: str) -> str:
    """The site key of the sitemap of one list: `period:2021-11`, or `pages:a`."""
    kind, _, rest = name.partition(":")
    return f"sitemap/{rest}.xml" if kind == "period" else f"sitemap/{kind}-{rest}.xml"


def search_key(period: str, name: str) -> str:
    """The site key of what is searched of a period: its posts, or a part of its index."""
    return f"search/{period}/{name}.json"


def href(path: str) -> str:
    """A path or a site key as a percent-encoded reference from the site's root (RFC 3986)."""
    return "/" + quote(path.lstrip("/"), safe="/")


def absolute(base_url: str, path: str) -> str:
    """The full URL of a path or a site key."""
    return base_url.rstrip("/") + href(path)
