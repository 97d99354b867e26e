"""Files beside a post that are no pictures: which of them readers may have, and as what; pure.

Readers get them to save, never to open on the site: what a browser may run, it does not run here.
"""

import posixpath
import re
from unicodedata import normalize

from presswork.patterns import late
from presswork.site_keys import MEDIA

MOST_BYTES = 64 * 1024 * 1024
"""Of one file; it passes through the memory of a function, six at a time."""

_TEXT = late(rb"[^\0]*\Z", re.DOTALL)
_ZIP = late(rb"PK(?:\x03\x04|\x05\x06)")
_MP4 = late(rb".{4}ftyp", re.DOTALL)
_OGG = late(rb"OggS")
_MATROSKA = late(rb"\x1a\x45\xdf\xa3")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_BYTES = "application/octet-stream"
# The type that a suffix stands for, and how the bytes of such a file begin. XML and JSON are left
# out: links to such names mean feeds of the site.
_KINDS = {
    ".7z": ("application/x-7z-compressed", late(rb"7z\xbc\xaf\x27\x1c")),
    ".csv": ("text/csv; charset=utf-8", _TEXT),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
    ".epub": ("application/epub+zip", _ZIP),
    ".flac": ("audio/flac", late(rb"fLaC")),
    ".geojson": (_BYTES, _TEXT),
    ".gpx": (_BYTES, _TEXT),
    ".gz": ("application/gzip", late(rb"\x1f\x8b")),
    ".ics": ("text/calendar; charset=utf-8", _TEXT),
    ".kml": (_BYTES, _TEXT),
    ".m4a": ("audio/mp4", _MP4),
    ".m4v": ("video/mp4", _MP4),
    ".mkv": ("video/x-matroska", _MATROSKA),
    ".mov": ("video/quicktime", _MP4),
    ".mp3": ("audio/mpeg", late(rb"ID3|\xff[\xe0-\xff]")),
    ".mp4": ("video/mp4", _MP4),
    ".odp": (f"{_OPEN}.presentation", _ZIP),
    ".ods": (f"{_OPEN}.spreadsheet", _ZIP),
    ".odt": (f"{_OPEN}.text", _ZIP),
    ".oga": ("audio/ogg", _OGG),
    ".ogg": ("audio/ogg", _OGG),
    ".ogv": ("video/ogg", _OGG),
    ".opus": ("audio/ogg", _OGG),
    ".pdf": ("application/pdf", late(rb".{0,1019}%PDF-", re.DOTALL)),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
    ".srt": (_BYTES, _TEXT),
    ".tgz": ("application/gzip", late(rb"\x1f\x8b")),
    ".tsv": ("text/tab-separated-values; charset=utf-8", _TEXT),
    ".vtt": ("text/vtt; charset=utf-8", _TEXT),
    ".wav": ("audio/wav", late(rb"RIFF.{4}WAVE", re.DOTALL)),
    ".webm": ("video/webm", _MATROSKA),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    ".xz": ("application/x-xz", late(rb"\xfd7zXZ\0")),
    ".zip": ("application/zip", _ZIP),
}
_UNFIT = late(r"[^\w.-]+")
_LONGEST_STEM = 80


def is_attachment(name: str) -> bool:
    """Whether a file of this name may be one, by its suffix."""
    return posixpath.splitext(name)[1].lower() in _KINDS


def type_of(name: str, data: bytes) -> str | None:
    """The Content-Type of a file; None where its bytes are not what its suffix says."""
    mime, beginning = _KINDS[posixpath.splitext(name)[1].lower()]
    return mime if beginning.match(data) else None


def site_key(hash: str, name: str) -> str:
    """Where a file stands on the site: by the sha256 of its bytes, under its own name."""
    stem, suffix = posixpath.splitext(posixpath.basename(normalize("NFC", name)))
    fit = _UNFIT.sub("-", stem).strip("-.")[:_LONGEST_STEM] or "file"
    return f"{MEDIA}{hash}/{fit}{suffix.lower()}"
