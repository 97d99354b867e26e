"""Image proxies: services whose addresses hold that of the image which they pass on or resize."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from presswork.patterns import late

MOST_WRAPPERS = 5
"""How many proxies around each other are taken off."""

_URL = late(r"https?(?:://|%3a%2f%2f|:/(?=[^/]))", re.IGNORECASE)
_SCHEME_END = late(r"\A(https?):/+", re.IGNORECASE)
_HOST = late(r"(?:[\w-]+\.)+[a-z][a-z0-9-]+", re.IGNORECASE)
_HEX = late(r"/[0-9a-f]{3,64}/((?:[0-9a-f]{2}){8,})/?", re.IGNORECASE)
_HTTP_IN_BASE64 = "/aHR0c"
_BASE64 = late(r"([\w/=-]+)(?:\.\w{2,5})?")
_PLAIN_END = late(r"@\w{2,5}\Z")
_PARAMETERS = ("url", "imageUrl", "imgurl", "imgUrl", "src", "href", "u", "image", "mediaurl")

_Origin = Callable[[SplitResult], str | None]


@dataclass(frozen=True)
class Proxy:
    """A kind of proxy: where its addresses are met, and how the origin is read from one of them.

    `host` and `path` are matched whole; `origin` gives an absolute URL, one relative to the proxy,
    or None where an address of this form holds none.
    """

    name: str
    host: re.Pattern[str] | None
    path: re.Pattern[str] | None
    origin: _Origin

    def inside(self, parts: SplitResult) -> str | None:
        """The address that is held by another, if this proxy made that."""
        if self.host and not self.host.fullmatch(parts.hostname or ""):
            return None
        if self.path and not self.path.fullmatch(parts.path):
            return None
        return self.origin(parts)


def _proxy(name: str, host: str | None, path: str | None, origin: _Origin) -> Proxy:
    hosts, paths = (re.compile(each, re.IGNORECASE) if each else None for each in (host, path))
    return Proxy(name, hosts, paths, origin)


def origin_of(url: str) -> str:
    """The address of the image itself, all proxies around it taken off."""
    for _ in range(MOST_WRAPPERS):
        inner = _inside(url)
        if inner is None or inner == url:
            break
        url = inner
    return url


def _inside(url: str) -> str | None:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme.lower() not in ("http", "https"):
        return None
    for proxy in PROXIES:
        inner = proxy.inside(parts)
        if inner is not None:
            return _whole(inner, url)
    return None


def _whole(inner: str, wrapper: str) -> str | None:
    """The held address as a URL; None unless it names a host."""
    if inner.startswith("/"):
        inner = urljoin(wrapper, inner)
    inner = _SCHEME_END.sub(r"\1://", inner)
    return inner if urlsplit(inner).hostname else None


def _decoded(text: str) -> str:
    """An address that may be percent-encoded as a whole."""
    match = _URL.match(text)
    return unquote(text) if match and "%" in match[0] else text


def _query(parts: SplitResult) -> str | None:
    """`https://host/?http://…`."""
    return _decoded(parts.query) if _URL.match(parts.query) else None


def _rest_of_path(parts: SplitResult) -> str | None:
    """The first URL in the path, with the query, which is its own unless it is encoded."""
    found = _URL.search(parts.path)
    if found is None:
        return None
    rest = parts.path[found.start() :]
    if "%" in found[0]:
        return unquote(rest)
    return f"{rest}?{parts.query}" if parts.query else rest


def _plain(parts: SplitResult) -> str | None:
    """imgproxy: `/<signature>/<options>/plain/<URL>@<format>`."""
    inner = _rest_of_path(parts)
    return inner and _PLAIN_END.sub("", inner)


def _parameter(parts: SplitResult) -> str | None:
    """The first parameter that is an address; one of a path alone is relative to the proxy."""
    given = dict(parse_qsl(parts.query))
    values = (given[name] for name in _PARAMETERS if name in given)
    return next((each for each in values if _URL.match(each) or each.startswith("/")), None)


def _weserv(parts: SplitResult) -> str | None:
    """`?url=` with an address whose scheme may be absent (http), or `ssl:` (https)."""
    url = dict(parse_qsl(parts.query)).get("url", "").strip()
    if not url:
        return None
    if url.startswith("ssl:"):
        return f"https://{url[4:].lstrip('/')}"
    return url if _URL.match(url) else f"http://{url.lstrip('/')}"


def _photon(parts: SplitResult) -> str | None:
    """`/<host>/<path>`, with `ssl` for https and the origin's query as `q`."""
    host, _, path = parts.path.lstrip("/").partition("/")
    if not _HOST.fullmatch(host):
        return None
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = f"?{given['q']}" if given.get("q") else ""
    return f"{'https' if given.get('ssl') else 'http'}://{host}/{path}{query}"


def _statically(parts: SplitResult) -> str | None:
    """`/img/<host>/[<options>/]<path>`, always of https."""
    host, _, path = parts.path.removeprefix("/img/").partition("/")
    options, slash, rest = path.partition("/")
    path = rest if slash and re.match(r"[a-z]+=", options) else path
    return f"https://{host}/{path}" if _HOST.fullmatch(host) and path else None


def _amp(parts: SplitResult) -> str | None:
    """`/i/s/<host>/<path>`; without the `s` of http (AMP Cache URL format)."""
    found = re.fullmatch(r"/i{1,2}/(?:w\d+/)?(s/)?([^/]+)/(.*)", parts.path)
    return found and f"{'https' if found[1] else 'http'}://{found[2]}/{found[3]}"


def _discord(parts: SplitResult) -> str | None:
    """`/external/<signature>/[<query>/]<scheme>/<host>/<path>`."""
    found = re.fullmatch(r"/external/[\w-]+/(%3F[^/]*/)?(https?)/([^/]+)/(.*)", parts.path)
    query = unquote(found[1]).rstrip("/") if found and found[1] else ""
    return found and f"{found[2]}://{found[3]}/{found[4]}{query}"


def _hex(parts: SplitResult) -> str | None:
    """Camo: `/<digest>/<URL in hex>`, or `/<digest>?url=`."""
    found = _HEX.fullmatch(parts.path)
    if found is None:
        return _parameter(parts)
    return _address(bytes.fromhex(found[1]))


def _base64(parts: SplitResult) -> str | None:
    """imgproxy, Miniflux and others: the rest of the path, without slashes and suffix."""
    at = parts.path.find(_HTTP_IN_BASE64)
    found = _BASE64.fullmatch(parts.path, at + 1) if at >= 0 else None
    if found is None:
        return None
    coded = found[1].replace("/", "").rstrip("=")
    try:
        return _address(urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    except NotBase64:
        return None


def _address(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if _URL.match(text) else None


def _baidu(parts: SplitResult) -> str | None:
    """`/image_search/src=<URL>&…`: the parameters stand in the path."""
    given = dict(parse_qsl(parts.path.rpartition("/")[2]))
    return given.get("src")


def _fragment(parts: SplitResult) -> str | None:
    """Gmail: behind the `#`."""
    return parts.fragment if _URL.match(parts.fragment) else None


def _blob(parts: SplitResult) -> str | None:
    """GitHub: `/<owner>/<repository>/blob/<branch>/<path>` is the page that shows a file."""
    owner, repository, _, file = parts.path.removeprefix("/").split("/", 3)
    return f"https://raw.githubusercontent.com/{owner}/{repository}/{file}"


def _raw(parts: SplitResult) -> str | None:
    """GitLab: `/-/blob/` is the page that shows a file, `/-/raw/` the file."""
    return urlunsplit(parts._replace(path=parts.path.replace("/-/blob/", "/-/raw/", 1)))


def _without(*names: str) -> _Origin:
    """The same address without parameters that only ask for another size or form of the image."""

    def origin(parts: SplitResult) -> str | None:
        if not any(name in parts.query for name in names):
            return None
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name.partition("/")[0] not in names]
        return urlunsplit(parts._replace(query=urlencode(kept))) if len(kept) < len(pairs) else None

    return origin


_ANY = None
_ROOT = r"/?"
PROXIES = (
    _proxy("the whole query", _ANY, _ROOT, _query),
    _proxy("weserv", r"(?:images\.weserv\.nl|wsrv\.nl)", _ANY, _weserv),
    _proxy("Photon (WordPress.com, Jetpack)", r"i\d\.wp\.com", _ANY, _photon),
    _proxy("WordPress.com files", r".+\.files\.wordpress\.com", _ANY,
          _without("resize", "fit", "w", "h", "crop", "quality", "ssl", "strip", "zoom")),
    _proxy("GitHub", r"(?:www\.)?github\.com", r"/[^/]+/[^/]+/blob/[^/]+/.+", _blob),
    _proxy("GitLab", _ANY, r"/.+/-/blob/.+", _raw),
    _proxy("WeChat", r"mmbiz\.q(?:pic|logo)\.cn", _ANY,
          _without("tp", "wxfrom", "wx_lazy", "wx_co", "usePicPrefetch", "from", "retryload")),
    _proxy("WeChat reader", r"read\.html5\.qq\.com", r"/image", _parameter),
    _proxy("Aliyun OSS", _ANY, _ANY, _without("x-oss-process")),
    _proxy("Qiniu", _ANY, _ANY, _without("imageView2", "imageMogr2", "imageslim")),
    _proxy("Baidu", r"(?:gimg|timg)\w*\.baidu\.com", r"/image_search/src=.*", _baidu),
    _proxy("Baidu", r"(?:timgsa|image)\.baidu\.com", r"/(?:timg|search/down)", _parameter),
    _proxy("Sogou", r"(?:.+\.)?sogoucdn\.com", r"/net/a/.*", _parameter),
    _proxy("Camo", _ANY, r"/[0-9a-f]{40,64}", _hex),
    _proxy("Camo", _ANY, r"/[0-9a-f]{3,64}/[0-9a-f]{16,}/?", _hex),
    _proxy("Next, Vercel, Astro", _ANY, r".*/_(?:next/image|vercel/image|image)/?", _parameter),
    _proxy("Netlify", _ANY, r"/\.netlify/images/?", _parameter),
    _proxy("imgproxy", _ANY, r".*/plain/https?(?::|%3a).*", _plain),
    _proxy("imgproxy, Miniflux", _ANY, _ANY, _base64),
    _proxy("statically", r"cdn\.statically\.io", r"/img/.*", _statically),
    _proxy("AMP", r".+\.cdn\.ampproject\.org", r"/ii?/.*", _amp),
    _proxy("Discord", r"images-ext-\d\.discordapp\.net", r"/external/.*", _discord),
    _proxy("Gmail", r".+\.googleusercontent\.com", r"/(?:proxy|meips)/.*", _fragment),
    _proxy("Google", r".+\.googleusercontent\.com", r"/gadgets/proxy", _parameter),
    _proxy("Google Images", r"(?:www|images)\.google\.[a-z.]+", r"/imgres", _parameter),
    _proxy("Facebook", r"(?:.+\.)?(?:facebook\.com|fbcdn\.net)",
          r"/(?:safe_image\.php|emg1/.*|.+/safe_image\.php)", _parameter),
    _proxy("DuckDuckGo", r"(?:external-content|proxy)\.duckduckgo\.com", r"/iu/?", _parameter),
    _proxy("Embedly", r"i(?:-cdn)?\.embed\.ly", r"/1/.*", _parameter),
    _proxy("Slack", r"slack-imgs\.com", _ANY, _parameter),
    _proxy("a script named so", _ANY,
          r".*/(?:(?:image|img|media|cors|pic)?[_-]?proxy|timthumb|phpthumb)(?:\.php)?/?",
          _parameter),
    _proxy("Cloudinary, Substack, Cloudflare, IPX, Thumbor, Yahoo, ShortPixel", _ANY,
          r".*/(?:image/fetch|cdn-cgi/image|_ipx|unsafe|dynamic/image|api/res|client|proxy)/.*",
          _rest_of_path),
    _proxy("ImageKit, Optimole", r"(?:ik\.imagekit\.io|.+\.i\.optimole\.com)", _ANY, _rest_of_path),
    _proxy("the whole path (cors-anywhere, imgix)", _ANY, r"/https?(?::|%3a).*", _rest_of_path),
)  # fmt: skip
"""All proxies that are known; the first that finds an address decides."""
