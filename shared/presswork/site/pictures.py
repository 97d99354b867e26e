"""Rehosted images as pages show them: which file for which screen."""

from collections.abc import Collection
from dataclasses import dataclass

from presswork.post import Image, Picture
from presswork.site.addresses import absolute

# A browser takes the first type it knows, so the best compression comes first; what every program
# knows, mail readers and link previews included, is what the others fall back on.
_BEST_FIRST = ("avif", "webp", "jpeg", "png", "gif", "svg")
_KNOWN_TO_ALL_FIRST = ("jpeg", "png", "gif", "webp", "avif", "svg")
_TYPES = {"svg": "image/svg+xml"}
_LARGEST_TO_SHARE = 1600


@dataclass(frozen=True)
class Rendition:
    """One format of a picture: its type, its `srcset`, and the URL of its largest file."""

    mime: str
    srcset: str
    url: str


@dataclass(frozen=True)
class Preview:
    """The file that other sites show beside a link to a page."""

    url: str
    width: int
    height: int


def picture_of(image: Image | None) -> Picture | None:
    """The picture of an image that came home, else None."""
    return image.picture if image and image.picture and image.picture.files else None


def renditions(picture: Picture, base_url: str) -> tuple[Rendition, ...]:
    """The formats of a picture, best first, the fallback last; an empty base gives paths."""
    formats = _formats(picture)
    fallback = _fallback(formats)
    ordered = [format for format in _BEST_FIRST if format in formats - {fallback}] + [fallback]
    return tuple(_rendition(picture, format, base_url) for format in ordered)


def preview(picture: Picture, base_url: str) -> Preview | None:
    """The largest file in the fallback format that is still easy to load; no site takes SVG."""
    fallback = _fallback(_formats(picture))
    if fallback == "svg":
        return None
    files = _files(picture, fallback)
    width = max((width for width in files if width <= _LARGEST_TO_SHARE), default=min(files))
    height = max(1, round(picture.height * width / picture.width))
    return Preview(absolute(base_url, files[width]), width, height)


def smallest_file(picture: Picture) -> str:
    """The site key of the smallest file of a picture, in WebP if there is one."""
    _, files = min(picture.files.items())
    return files["webp"] if "webp" in files else files[_fallback(files)]


def _rendition(picture: Picture, format: str, base_url: str) -> Rendition:
    urls = {width: absolute(base_url, key) for width, key in _files(picture, format).items()}
    srcset = ", ".join(f"{url} {width}w" for width, url in urls.items())
    return Rendition(_TYPES.get(format, f"image/{format}"), srcset, urls[max(urls)])


def _formats(picture: Picture) -> set[str]:
    return {format for files in picture.files.values() for format in files}


def _files(picture: Picture, format: str) -> dict[int, str]:
    """The site keys of one format by width, narrowest first."""
    return {w: files[format] for w, files in sorted(picture.files.items()) if format in files}


def _fallback(formats: Collection[str]) -> str:
    return min(formats, key=_KNOWN_TO_ALL_FIRST.index)
