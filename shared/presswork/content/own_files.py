"""Files that a post shows or links to: where in ContentBucket they may lie, pure."""

import posixpath
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from presswork.authority import AUTHORS, authority_of
from presswork.content.attachments import is_attachment
from presswork.content.html.images import is_relative
from presswork.content.html.lazy_images import is_picture
from presswork.patterns import late
from presswork.post import Image, ImageRef, Post, images_by_url

SCHEME = "content"

_IMAGE = late(r'<img\b[^>]*? src="([^"]*)"')
_POSTER = late(r'<video\b[^>]*? poster="([^"]*)"')
_PLAYED = late(r'<(?:audio|source|track|video)\b[^>]*? src="([^"]*)"')
_LINK = late(r'<a\b[^>]*? href="([^"]*)"')
_MOST = 300
_FOLDERS = ("posts/", "pages/", "static/", "assets/")
_FOR_ALL = ("static/", "assets/")


def own_files(post: Post, key: str) -> dict[str, ImageRef]:
    """The files of its author that a post shows or links to, by the address that it has for them.

    Its cover comes first, then images and posters of films, then what else it plays or links to, if
    `attachments` knows its kind; a picture that is linked to is an image as well. Of each file the
    canonical URL tells all keys it may lie at, best first:
    `content:/posts/a/photo.jpg?or=/posts/photo.jpg`.
    """
    found: dict[str, ImageRef] = {}
    if post.cover is not None and is_own(post.cover):
        found[post.cover] = ImageRef(url=post.cover, seen=())
    shown = _IMAGE.findall(post.html) + _POSTER.findall(post.html)
    other = _PLAYED.findall(post.html) + _LINK.findall(post.html)
    for address in (*map(unescape, shown), *filter(_is_taken_along, map(unescape, other))):
        url = own_url(address, key)
        if url is not None and len(found) < _MOST:
            found.setdefault(address, ImageRef(url=url, seen=(address,)))
    return found


def images_of(post: Post, key: str, images: Mapping[str, Image]) -> dict[str, Image]:
    """The images of a post by the addresses in its HTML, from those by identity."""
    own = own_files(post, key)
    shown = {address: images[ref.id] for address, ref in own.items() if ref.id in images}
    return images_by_url(post, images) | shown


def is_own(url: str) -> bool:
    """Whether a canonical URL is that of an author's own file."""
    return url.startswith(f"{SCHEME}:")


def attached_name(url: str) -> str | None:
    """The file name of an own file that is no picture; None for a picture."""
    name = keys_of(url)[0].rpartition("/")[2]
    return name if is_attachment(name) else None


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
    keys = [each for each in _candidates(name, key) if each.startswith(_open_to(key))]
    if not keys:
        return None
    first, *others = (quote(f"/{each}") for each in dict.fromkeys(keys))
    query = "&".join(f"or={each}" for each in others)
    return f"{SCHEME}:{first}" + (f"?{query}" if query else "")


def _open_to(key: str) -> tuple[str, ...]:
    """The folders that a post may show files of.

    Who writes through a webhook shall not publish what authors have uploaded and not yet shown.
    """
    authority = authority_of(key)
    return _FOLDERS if authority == AUTHORS else (authority, *_FOR_ALL)


def _is_taken_along(address: str) -> bool:
    """Whether a link leads to a picture or to an attachment, by its suffix."""
    name = re.split(r"[?#]", address, maxsplit=1)[0]
    return is_picture(name) or is_attachment(name)


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
