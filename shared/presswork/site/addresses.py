"""Where things stand: URL paths, the site keys behind them, and absolute URLs.

A path is what a reader's address bar shows: Unicode, not percent-encoded, `/` at both ends.
"""

from urllib.parse import quote

FEED_KEY = "feed.xml"
ROBOTS_KEY = "robots.txt"
NOT_FOUND_KEY = "404.html"
SITEMAP_KEY = "sitemap.xml"


def key_of(path: str, name: str = "index.html") -> str:
    """The site key of an object of the page at `path`: `/2021/11/x/` is `2021/11/x/index.html`."""
    return path.strip("/") + f"/{name}" if path.strip("/") else name


def list_path(name: str) -> str:
    """The path of a list's page: `home`, `month:2021-11`, `tag:x` or `category:a/b`."""
    kind, _, rest = name.partition(":")
    if kind == "home":
        return "/"
    if kind == "month":
        return f"/{rest.replace('-', '/')}/"
    if kind == "tag":
        return f"/tags/{rest}/"
    return f"/categories/{rest}/"


def sitemap_key(month: str) -> str:
    """The site key of the sitemap of one month, `2021-11`."""
    return f"sitemap/{month}.xml"


def href(path: str) -> str:
    """A path or a site key as a percent-encoded reference from the site's root (RFC 3986)."""
    return "/" + quote(path.lstrip("/"), safe="/")


def absolute(base_url: str, path: str) -> str:
    """The full URL of a path or a site key."""
    return base_url.rstrip("/") + href(path)
