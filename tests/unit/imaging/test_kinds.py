"""The kind of an image is told by its bytes."""

import io

import pytest
from PIL import Image

from presswork.imaging.kinds import UNKNOWN, kind


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "webp", "avif", "bmp", "tiff"])
def test_what_pillow_writes(name: str) -> None:
    """Real files of each format are recognised."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, format=name)
    assert kind(file.getvalue()) == f"image/{name}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GIF87a", "image/gif"),
        (b"\0\0\0\x1cftypavis\0\0\0\0mif1", "image/avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\xff\xff\xff\xffftypmif1\0\0\0\0mif1", "image/heif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41", UNKNOWN),
        (b"<svg>", "image/svg+xml"),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><!DOCTYPE svg>\n<svg a='b'>",
            "image/svg+xml",
        ),
        (b"<html><svg>", UNKNOWN),
        (b"<svgx>", UNKNOWN),
        (b"RIFF\0\0\0\0WAVE", UNKNOWN),
        (b"%PDF-1.7", UNKNOWN),
        (b"{}", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_first_bytes(data: bytes, expected: str) -> None:
    """Signatures and brands decide; what merely looks alike is unknown."""
    assert kind(data) == expected
