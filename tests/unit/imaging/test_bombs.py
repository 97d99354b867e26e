"""Images that would take too much memory or time are refused by what they declare."""

import pickle
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from presswork.imaging import Limits, Refused, make
from unit.imaging.pictures import encoded, painting


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size and then holds one short chunk of nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that declares a canvas, with a tiny picture in it."""
    tiny = encoded(Image.new("RGB", (4, 4)), "WEBP")[12:]
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<II", 10, 0) + canvas + tiny
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_header(width: int, height: int) -> bytes:
    """A GIF that declares a screen."""
    data = bytearray(encoded(Image.new("P", (4, 4)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG that declares a size."""
    data = encoded(Image.new("RGB", (4, 4)), "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


BOMBS = {
    "png": png_header(50_000, 50_000),
    "png of 2^31": png_header(2**31 - 1, 1),
    "png just too large": png_header(5_001, 5_000),
    "png that Pillow would warn of": png_header(10_000, 10_000),
    "png too long": png_header(1, 65_501),
    "webp": webp_header(16_384, 16_384),
    "gif": gif_header(65_535, 65_535),
    "jpeg": jpeg_header(65_500, 65_500),
}


def test_bombs_are_refused_by_their_header() -> None:
    """A size beyond the limit is refused before the memory for it is taken."""
    code = (
        "import pickle, resource, sys\n"
        "from presswork.imaging import Refused\n"
        "from presswork.imaging.making.media import Order\n"
        "from presswork.imaging.making.variants import render\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for name, data in pickle.load(sys.stdin.buffer).items():\n"
        "    before = peak()\n"
        "    try: render(data, Order())\n"
        "    except Refused as refused: print(name, refused.rule, peak() - before, sep=',')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input=pickle.dumps(BOMBS),
        capture_output=True,
        check=True,
    )
    results = [line.split(",") for line in done.stdout.decode().splitlines()]
    assert [(name, rule) for name, rule, _ in results] == [(name, "image.pixels") for name in BOMBS]
    assert max(int(kilobytes) for *_, kilobytes in results) < 40_000


def test_the_largest_image_allowed() -> None:
    """The limits themselves are within."""
    data = encoded(Image.new("L", (50, 40)), "PNG")
    assert make(data, limits=Limits(pixels=2000, body=len(data))).width == 50
    for limits in (Limits(pixels=1999), Limits(body=len(data) - 1)):
        with pytest.raises(Refused):
            make(data, limits=limits)


def test_a_jpeg_of_many_scans() -> None:
    """A JPEG that would be painted over and over is refused unread."""
    data = encoded(painting(60, 40), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert make(data[:-2] + last * 90 + data[-2:]).width == 60
    with pytest.raises(Refused) as refused:
        make(data[:-2] + last * 91 + data[-2:])
    assert refused.value.rule == "image.scans"


def test_a_jpeg_with_a_film_behind_it() -> None:
    """What only looks like scans, in a preview or after the end, does not count."""
    scans = b"\xff\xda\x00\x02" * 200
    data = encoded(painting(60, 40), "JPEG", progressive=True, comment=scans)
    assert make(data + bytes(2) + scans).width == 60
