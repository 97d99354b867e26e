"""Static files as objects of the site: the same bytes, and what kind of file they are."""

from pathlib import PurePosixPath

from presswork.object import Object
from presswork.site.objects import FRESH

_TEXT = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".vtt": "text/vtt",
    ".xml": "application/xml",
}
_TYPES = {
    ".asc": "application/pgp-keys",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}


def static_file(path: str, data: bytes) -> Object:
    """The object of a static file; its kind is that of its suffix, text is UTF-8."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _TEXT:
        return Object(data, f"{_TEXT[suffix]}; charset=utf-8", FRESH)
    return Object(data, _TYPES.get(suffix, "application/octet-stream"), FRESH)
