"""Images that a post names by a file beside it: where in ContentBucket they may lie, pure."""

import posixpath
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from presswork.content.images import is_relative
from presswork.post import Image, ImageRef, Post, images_by_url

SCHEME = "content"

_IMAGE = re.compile(r'<img\b[^>]*? src="([^"]*)"')
_MOST = 300
_FOLDERS = ("posts/", "pages/", "static/", "assets/")


def own_images(post: Post, key: str) -> dict[str, ImageRef]:
    """The images of a post that are files of its author, by the address that it has for them.

    Its cover comes first. Of each file the canonical URL tells all keys it may lie at, best first:
    `content:/posts/a/photo.jpg?or=/posts/photo.jpg`.
    """
    found: dict[str, ImageRef] = {}
    if post.cover is not None and is_own(post.cover):
        found[post.cover] = ImageRef(url=post.cover, seen=())
    for address in map(unescape, _IMAGE.findall(post.html)):
        url = own_url(address, key)
        if url is not None and len(found) < _MOST:
            found.setdefault(address, ImageRef(url=url, seen=(address,)))
    return found


def images_of(post: Post, key: str, images: Mapping[str, Image]) -> dict[str, Image]:
    """The images of a post by the addresses in its HTML, from those by identity."""
    own = own_images(post, key)
    shown = {address: images[ref.id] for address, ref in own.items() if ref.id in images}
    return images_by_url(post, images) | shown


def is_own(url: str) -> bool:
    """Whether a canonical URL is that of an author's own file."""
    return url.startswith(f"{SCHEME}:")


def keys_of(url: str) -> tuple[str, ...]:
    """The keys of ContentBucket at which an own file may lie, best first."""
    parts = urlsplit(url)
    others = [value for name, value in parse_qsl(parts.query) if name == "or"]
    return tuple(path.lstrip("/") for path in (unquote(parts.path), *others))


def own_url(address: str, key: str) -> str | None:
    """The canonical URL of the file that an address of a post means, if it can be one of these."""
    if not is_relative(address):
        return None
    try:
        name = unquote(urlsplit(address).path)
    except ValueError:
        return None
    keys = [each for each in _candidates(name, key) if each.startswith(_FOLDERS)]
    if not keys:
        return None
    first, *others = (quote(f"/{each}") for each in dict.fromkeys(keys))
    query = "&".join(f"or={each}" for each in others)
    return f"{SCHEME}:{first}" + (f"?{query}" if query else "")


def _candidates(name: str, key: str) -> list[str]:
    """From the root: static files, then what lies with the posts, then the bucket's own root.

    Else the folder named like the post (as Hexo has it), then the folder that the post lies in.
    """
    if name.startswith("/"):
        path = posixpath.normpath(name).lstrip("/")
        return [] if path in ("", ".") else [f"static/{path}", f"posts/{path}", path]
    path = posixpath.normpath(name)
    folder, own = posixpath.dirname(key), key.rpartition(".")[0]
    beside = posixpath.normpath(posixpath.join(folder, path))
    if path.startswith("..") or not own.startswith(folder):
        return [beside]
    return [f"{own}/{path}", beside]
