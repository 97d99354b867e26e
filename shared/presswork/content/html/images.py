"""The images of a post: every spelling found in it, folded into one reference for each image."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from presswork.cache_busters import without_cache_busters
from presswork.content.html import embedded
from presswork.content.html.proxies import origin_of
from presswork.patterns import late
from presswork.post import ImageRef

LONGEST_URL = 8_000
"""Longer ones are nothing that a server answers to."""

_SCHEME = late(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PORTS = {"http": 80, "https": 443}
_UNREAD = late(r"[\t\n\r]")
_HOST = late(r"[a-z0-9._-]+|[0-9a-f:.]+")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_CANDIDATE = late(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?[^,]*(?:,|\Z)")


@dataclass(frozen=True)
class Address:
    """A remote image's canonical URL; `identity` is the same for its http and https spelling.

    `written` is the URL with its cache-busters, by which images of one post are told apart.
    """

    url: str
    identity: str
    written: str
    unwrapped: bool


@dataclass
class _Image:
    address: Address
    seen: list[str] = field(default_factory=list)
    alt: str = ""


class ImageSet:
    """The distinct images of one post that are no files of its author, in the order found.

    Those that differ in a cache-buster alone are several images, each with its URL as written: the
    parameter may choose the picture. `embedded` has the bytes of those that stand in the post
    itself, by canonical URL.
    """

    def __init__(self) -> None:
        self._images: dict[str, _Image] = {}
        self._alike: Counter[str] = Counter()
        self.embedded: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._images)

    def add(
        self, spellings: Iterable[str], alt: str = "", *, alike: Iterable[str] = ()
    ) -> str | None:
        """The identity of the image with these spellings, best first; None if none leads to one.

        A spelling that names another image than the best one is a placeholder, and left out.
        Those in `alike` show the same in another size: they are kept, for want of a better one.
        What is embedded is an image only where nothing else is named: it may be a placeholder.
        """
        spellings = list(spellings)
        found = [(each, address) for each in spellings if (address := address_of(each))]
        if not found:
            return None if any(map(is_relative, spellings)) else self._embed(spellings, alt)
        best = found[0][1]
        identity = _without_scheme(best.written)
        for spelling, address in found:
            if address.identity == best.identity:
                self._see(identity, spelling, address)
        seen = self._images[identity].seen
        seen.extend(each for each in dict.fromkeys(alike) if address_of(each) and each not in seen)
        self.describe(identity, alt)
        return identity

    def _embed(self, spellings: Iterable[str], alt: str) -> str | None:
        for spelling in filter(embedded.is_embedded, spellings):
            data = embedded.bytes_of(spelling)
            if data:
                name = embedded.name_of(data)
                self.embedded[name] = data
                address = Address(name, name, name, unwrapped=False)
                self._see(name, embedded.shortened(spelling), address)
                self.describe(name, alt)
                return name
        return None

    def describe(self, identity: str | None, alt: str) -> None:
        """Gives an image a text alternative if it has none yet."""
        image = self._images.get(identity or "")
        if image is not None:
            image.alt = image.alt or alt

    def url(self, identity: str) -> str:
        """The canonical URL of an image, once all its spellings are known."""
        return self._url(self._images[identity].address)

    def refs(self) -> tuple[ImageRef, ...]:
        """One reference for each image."""
        return tuple(
            ImageRef(url=self._url(image.address), seen=tuple(image.seen), alt=image.alt)
            for image in self._images.values()
        )

    def _url(self, address: Address) -> str:
        return address.written if self._alike[address.identity] > 1 else address.url

    def _see(self, identity: str, spelling: str, address: Address) -> None:
        image = self._images.get(identity)
        if image is None:
            image = self._images[identity] = _Image(address)
            self._alike[address.identity] += 1
        if address.unwrapped and not image.address.unwrapped:
            image.address = address
        if spelling not in image.seen:
            image.seen.append(spelling)


def address_of(spelling: str) -> Address | None:
    """What a spelling leads to once proxies are unwrapped; None for what is not a remote image."""
    url = _UNREAD.sub("", spelling).strip()
    return None if len(url) > LONGEST_URL else _address_of(url)


@lru_cache(maxsize=2_000)
def _address_of(url: str) -> Address | None:
    if url.startswith("//"):
        url = f"https:{url}"
    try:
        unwrapped = origin_of(url)
        parts = _canonical(unwrapped)
    except ValueError:
        return None
    if parts is None:
        return None
    written = urlunsplit(parts)
    canonical = urlunsplit(parts._replace(query=without_cache_busters(parts.query)))
    return Address(canonical, _without_scheme(canonical), written, unwrapped != url)


def is_relative(spelling: str) -> bool:
    """Whether a spelling names a file beside the post, rather than something remote or embedded."""
    url = _UNREAD.sub("", spelling).strip()
    return bool(url) and not url.startswith(("//", "\\", "/\\")) and not _SCHEME.match(url)


def names_file(address: str) -> bool:
    """Whether an address leads to a file of the site itself, not to a place in the page.

    No colon stands in the first part of a relative reference (RFC 3986, section 4.2).
    """
    first = re.split(r"[/?#]", address.strip(), maxsplit=1)[0]
    return is_relative(address) and not address.lstrip().startswith("#") and ":" not in first


def best_of(srcset: str) -> str | None:
    """The largest candidate of a `srcset` (HTML, section "Srcset attributes")."""
    best: tuple[float, str] | None = None
    for url, size, _ in _CANDIDATE.findall(" ".join(srcset.split())):
        try:
            weight = float(size or 1)
        except ValueError:
            continue
        if best is None or weight > best[0]:
            best = weight, url
    return best[1] if best else None


def _without_scheme(url: str) -> str:
    return url.partition(":")[2]


def _canonical(url: str) -> SplitResult | None:
    """The parts of a URL in their one spelling, its cache-busters still in the query."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _PORTS or not host:
        return None
    port = "" if parts.port in (None, _PORTS[scheme]) else f":{parts.port}"
    path = quote(parts.path or "/", safe=_PATH_SAFE)
    query = quote("&".join(filter(None, parts.query.split("&"))), safe=_PATH_SAFE + "?")
    return SplitResult(scheme, _ascii(host) + port, path, query, "")


def _ascii(host: str) -> str:
    ascii_host = host if host.isascii() else host.encode("idna").decode()
    if not _HOST.fullmatch(ascii_host):
        raise ValueError("no host name and no address")
    return f"[{ascii_host}]" if ":" in ascii_host else ascii_host
