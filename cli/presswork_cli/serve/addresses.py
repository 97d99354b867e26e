"""What an address of the site is answered with, as the functions at the edge have it.

The template's `IndexDocument` and `MovedAndGone` are JavaScript; what they do is done here again
for files on disk, which have no metadata: a stub is known by its bytes.
"""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from presswork import site
from presswork.site.static_files import static_file
from presswork.site.theme.assets import TYPES
from presswork.site_keys import ASSETS, MACHINE, MEDIA, is_file, key_of

_NUMBER = re.compile(r"(?:^|&)p=([0-9]{1,20})(?:&|\Z)")
_STUB = re.compile(rb'<meta http-equiv="refresh" content="0; url=([^"]*)">')
_LARGEST_STUB = 16_384

PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; "
    "worker-src 'none'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; "
    "frame-src https://www.youtube-nocookie.com https://player.vimeo.com "
    "https://player.bilibili.com https://mastodon.social https://mastodon.online "
    "https://fosstodon.org https://hachyderm.io"
)
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""The Content-Security-Policy of the template, for pages and for what came from the world."""

_SPECIAL = {"rss.xml": "application/rss+xml; charset=utf-8"}


@dataclass(frozen=True)
class Asked:
    """An address that somebody asks for: its path and query, as they are spelled in the request."""

    path: str
    query: str

    @classmethod
    def of(cls, target: str) -> "Asked":
        """The address in the first line of a request."""
        path, _, query = target.partition("#")[0].partition("?")
        return cls(path, query)

    @property
    def decoded(self) -> str:
        """The path as posts have it."""
        return unquote(self.path)

    @property
    def slash(self) -> str | None:
        """Where a folder that is named without its slash stands; None for all else."""
        if self.path.endswith("/") or is_file(self.path) or self.path.startswith("/.well-known/"):
            return None
        # Two slashes at the start would name another host.
        return self.with_query(re.sub(r"\A[/\\]+", "/", self.path) + "/")

    @property
    def key(self) -> str:
        """The key of the site that is looked for."""
        number = _NUMBER.search(self.query)
        if number and self.path in ("/", "/index.html"):
            return key_of(f"/?p={number[1]}")
        uri = f"{self.path}index.html" if self.path.endswith("/") else self.path
        return unquote(uri)[1:]

    def with_query(self, location: str) -> str:
        """Where a redirect leads, with what was asked; the number of a post has done its work."""
        is_numbered = self.path in ("/", "/index.html") or self.path.startswith(f"/{MACHINE}p/")
        pairs = [
            pair
            for pair in self.query.split("&")
            if pair and not (is_numbered and pair.partition("=")[0] == "p")
        ]
        bare, hash_sign, fragment = location.partition("#")
        if not pairs:
            return location
        joined = f"{bare}{'&' if '?' in bare else '?'}{'&'.join(pairs)}"
        return f"{joined}{hash_sign}{fragment}"


def file_of(folder: Path, key: str) -> Path | None:
    """The file of a key below a folder; None when there is none, or it would lie elsewhere."""
    parts = key.split("/")
    if not {"", ".", ".."}.isdisjoint(parts) or "\\" in key or "\0" in key:
        return None
    path = folder / key
    try:
        found = path.resolve(strict=True)
    except (OSError, UnicodeError):  # none, or a name that no file can have
        return None
    return path if found.is_file() and found.is_relative_to(folder.resolve()) else None


def moved_to(body: bytes) -> str | None:
    """Where a stub leads that is answered with 301; None for any other file."""
    found = _STUB.search(body) if len(body) <= _LARGEST_STUB else None
    if found is None:
        return None
    target = unescape(found[1].decode(errors="replace"))
    stub = site.redirect_to(target)
    return target if stub.body == body and stub.metadata else None


def content_type(key: str) -> str:
    """The kind of file that stands at a key."""
    suffix = PurePosixPath(key).suffix.lower()
    if key in _SPECIAL:
        return _SPECIAL[key]
    if key.startswith(ASSETS) and suffix in TYPES:
        return TYPES[suffix]
    found = static_file(key, b"").content_type
    return f"{found}; charset=utf-8" if found == "application/json" else found


def policy(key: str) -> str:
    """The Content-Security-Policy of what stands at a key."""
    return MEDIA_POLICY if key.startswith(MEDIA) else PAGE_POLICY
