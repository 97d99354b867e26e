"""What kind of image some bytes are, by their first bytes (WHATWG MIME Sniffing, section 6.1)."""

import re

UNKNOWN = "application/octet-stream"
SVG = "image/svg+xml"

_BY_START = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"\x00\x00\x01\x00": "image/x-icon",
    b"\xff\x0a": "image/jxl",
    b"\x00\x00\x00\x0cJXL \r\n\x87\n": "image/jxl",
    b"8BPS": "image/vnd.adobe.photoshop",
}
_BY_BRAND = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
}
_DRAWING = re.compile(
    rb"(\xef\xbb\xbf)?+(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?+>)*+"
    rb"<(svg:)?svg[\s>/]",
    re.IGNORECASE | re.DOTALL,
)


def kind(data: bytes) -> str:
    """The media type of an image, or `UNKNOWN`; what a server said about it does not count."""
    for start, mime in _BY_START.items():
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    return SVG if _DRAWING.match(data[:8192]) else UNKNOWN


def _of_brands(data: bytes) -> str:
    """By the major brand, then by the compatible ones (ISO/IEC 14496-12, section 4.3)."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]
    known = [_BY_BRAND[brand] for brand in brands if brand in _BY_BRAND]
    if "image/avif" in known:
        return "image/avif"
    return known[0] if known else UNKNOWN
