"""Answers and images that mean harm, each with the verdict it must get.

A verdict is the rule of the refusal, `owed` for what is to be tried again, `kept`, or `kept in
part`; where more than one will do they stand with `|` between.
"""

import gzip
import io
import itertools
import socket
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from PIL import Image, PngImagePlugin

Answer = bytes | Callable[[socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\n"
MIB = 1024 * 1024


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    """The bytes of an image."""
    file = io.BytesIO()
    image.save(file, format=format, **options)
    return file.getvalue()


def reply(body: bytes, *headers: str) -> bytes:
    """A whole answer, called an image whatever it is."""
    fields = ("Content-Type: image/png", f"Content-Length: {len(body)}", "Connection: close")
    return OK + "\r\n".join([*fields, *headers, "", ""]).encode() + body


def pour(start: bytes, pieces: Iterable[bytes]) -> Callable[[socket.socket], None]:
    """An answer that goes on as long as somebody listens."""

    def answer(sock: socket.socket) -> None:
        sock.sendall(start)
        for piece in pieces:
            sock.sendall(piece)

    return answer


def zipped(megabytes: int) -> bytes:
    """So much of nothing, in gzip."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(megabytes)) + packer.flush()


def deflated(megabytes: int) -> bytes:
    """So much of nothing, in zlib."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(megabytes)) + packer.flush()


def slow_answers(pause: Callable[[float], None]) -> dict[str, tuple[Answer, str]]:
    """Answers that take their time; `pause` waits, but not longer than the test."""

    def drip(start: bytes) -> Callable[[socket.socket], None]:
        def answer(sock: socket.socket) -> None:
            sock.sendall(start)
            while True:
                pause(0.1)
                sock.sendall(b"1")

        return answer

    def silence(start: bytes) -> Callable[[socket.socket], None]:
        def answer(sock: socket.socket) -> None:
            sock.sendall(start)
            pause(30)

        return answer

    return {
        # Ten million of them: whether the limit or the clock ends it goes with the machine.
        "endless small chunks": (
            pour(OK + b"Transfer-Encoding: chunked\r\n\r\n", itertools.repeat(b"1\r\nx\r\n" * 999)),
            "fetch.body|owed",
        ),
        "bytes one by one": (drip(OK + b"\r\n\x89PNG\r\n\x1a\n"), "owed"),
        "headers one by one": (drip(OK + b"X-Name: "), "owed"),
        "a chunk size byte by byte": (drip(OK + b"Transfer-Encoding: chunked\r\n\r\n"), "owed"),
        "silence": (silence(b""), "owed"),
        "silence after the headers": (silence(OK + b"Content-Length: 9\r\n\r\n"), "owed"),
        "silence within the body": (silence(OK + b"Content-Length: 9\r\n\r\n\x89PNG"), "owed"),
    }


def answers() -> dict[str, tuple[Answer, str]]:
    """Answers that are hostile as HTTP."""
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    again = itertools.repeat
    bomb = zipped(128)
    return {
        "an endless body": (pour(OK + b"\r\n", again(bytes(65536))), "fetch.body"),
        "endless chunks": (
            pour(chunked, again(b"8000\r\n" + bytes(32768) + b"\r\n")),
            "fetch.body",
        ),
        "an endless chunk": (pour(chunked + b"ffffffffff\r\n", again(bytes(65536))), "fetch.body"),
        "endless headers": (pour(OK, again(b"X-Name: " + b"x" * 990 + b"\r\n")), "fetch.header"),
        "an endless header": (pour(OK + b"X-Name: ", again(b"x" * 999)), "fetch.header"),
        "an endless status": (pour(b"HTTP/1.1 200 ", again(b"x" * 999)), "fetch.header"),
        "endless promises": (pour(b"", again(b"HTTP/1.1 100 C\r\nA: b\r\n\r\n")), "fetch.header"),
        "very many headers": (pour(OK, again(b"A: b\r\n")), "owed"),
        "a gzip bomb": (reply(bomb, "Content-Encoding: gzip"), "fetch.body"),
        "a gzip bomb in gzip": (
            reply(gzip.compress(bomb), "Content-Encoding: gzip, gzip"),
            "fetch.encoding",
        ),
        "an endless gzip": (
            pour(OK + b"Content-Encoding: gzip\r\n\r\n" + bomb[:64], again(bomb[64:4096])),
            "fetch.body",
        ),
        "gzip that is none": (reply(b"plain", "Content-Encoding: gzip"), "fetch.encoding"),
        "an encoding unasked": (reply(b"\x1b", "Content-Encoding: br"), "fetch.encoding"),
        "a length beyond the limit": (OK + b"Content-Length: 99999999999\r\n\r\n", "fetch.body"),
        "a length below nothing": (
            pour(OK + b"Content-Length: -1\r\n\r\n", again(bytes(65536))),
            "fetch.body",
        ),
        "two lengths": (reply(b"GIF89a", "Content-Length: 3"), "image.broken"),
        "an end too soon": (OK + b"Content-Length: 99\r\n\r\nGIF89a", "owed"),
        "no HTTP": (b"220 mail.example ESMTP\r\n", "owed"),
        "nothing at all": (b"", "owed"),
        "a redirect to loopback": (
            b"HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:80/\r\n\r\n",
            "fetch.address",
        ),
        "a redirect to metadata": (
            b"HTTP/1.1 307 F\r\nLocation: http://169.254.169.254/latest/\r\n\r\n",
            "fetch.address",
        ),
        "a redirect to a file": (
            b"HTTP/1.1 301 F\r\nLocation: file:///etc/passwd\r\n\r\n",
            "fetch.scheme",
        ),
        "a redirect to itself": (b"HTTP/1.1 302 F\r\nLocation: ?\r\n\r\n", "fetch.redirects"),
        "a server in trouble": (b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\n", "owed"),
    }


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes, pixels: bytes | None = None) -> bytes:
    """A PNG of RGBA, of any size whatever its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    rows = zlib.compress(bytes((width * 4 + 1) * height)) if pixels is None else pixels
    return (
        b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def film(count: int, format: str, **options: Any) -> bytes:
    """An animation of so many different frames."""
    frames = [
        Image.new("RGB", (16, 16), (n * 97 % 256, n * 61 % 256, n % 256)) for n in range(count)
    ]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)


def images() -> dict[str, tuple[bytes, str]]:
    """Images that are hostile as such, and some that only look so."""
    photo = Image.effect_noise((400, 300), 60).convert("RGB")
    jpeg, small = encoded(photo, "JPEG"), encoded(Image.new("RGB", (9, 9)), "PNG")
    gif = film(2, "GIF")
    frame = gif[gif.index(b"!\xf9") : -1]
    scans = encoded(photo.resize((40, 30)), "JPEG", progressive=True)
    last = scans[scans.rindex(b"\xff\xda") : -2]
    text = PngImagePlugin.PngInfo()
    for number in range(2000):
        text.add_text(f"k{number}", "x" * 99)
    acted = film(3, "PNG")
    at = acted.index(b"acTL")
    control = b"acTL" + struct.pack(">II", 10_000, 0)
    acted = acted[:at] + control + struct.pack(">I", zlib.crc32(control)) + acted[at + 16 :]
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    uses = "".join(
        f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    wide = bytearray(encoded(Image.new("RGB", (4, 4)), "JPEG"))
    sof = wide.index(b"\xff\xc0") + 5
    wide[sof : sof + 4] = struct.pack(">HH", 65_500, 65_500)
    much, rows = deflated(128), zlib.compress((b"\0" + bytes(range(36))) * 9)
    canvas = struct.pack("<I", 16_383)[:3] * 2
    webp = b"WEBPVP8X" + struct.pack("<II", 10, 0) + canvas
    webp += encoded(Image.new("RGB", (4, 4)), "WEBP")[12:]
    html = b"<html><script>evil()</script>"
    return {
        "a PNG of 50,000 x 50,000": (png(50_000, 50_000, pixels=b"x"), "image.pixels"),
        "a PNG of 2^31 columns": (png(2**31 - 1, 1, pixels=b"x"), "image.pixels"),
        "a PNG one pixel too large": (png(5_001, 5_000, pixels=b"x"), "image.pixels"),
        "a JPEG of 65,500 x 65,500": (bytes(wide), "image.pixels"),
        "a WebP of 16,384 x 16,384": (
            b"RIFF" + struct.pack("<I", len(webp)) + webp,
            "image.pixels",
        ),
        "a GIF of 65,535 x 65,535": (gif[:6] + b"\xff" * 4 + gif[10:], "image.pixels"),
        "the largest PNG allowed": (png(5_000, 5_000), "kept"),
        "the largest JPEG allowed": (encoded(Image.new("RGB", (5_000, 5_000)), "JPEG"), "kept"),
        "a WebP too large for the memory": (
            encoded(Image.new("RGB", (5_000, 5_000)), "WEBP", method=0),
            "image.broken|image.memory|kept",
        ),
        "pixels that inflate to a lot": (png(9, 9, pixels=much), "kept"),
        "a text bomb": (png(9, 9, chunk(b"zTXt", b"k\0\0" + much), pixels=rows), "kept in part"),
        "text bombs by the dozen": (
            png(9, 9, *[chunk(b"zTXt", b"k\0\0" + deflated(1))] * 99, pixels=rows),
            "image.broken",
        ),
        "an international text bomb": (
            png(9, 9, chunk(b"iTXt", b"k\0\1\0\0\0" + much), pixels=rows),
            "kept in part",
        ),
        "a profile bomb": (
            png(9, 9, chunk(b"iCCP", b"k\0\0" + much), pixels=rows),
            "kept in part",
        ),
        "two thousand texts": (encoded(Image.new("RGB", (9, 9)), "PNG", pnginfo=text), "kept"),
        "a GIF of 10,000 frames": (gif[:-1] + frame * 10_000 + b";", "image.frames"),
        "a PNG that declares 10,000 frames": (acted, "image.frames"),
        "a WebP of 200 frames": (film(200, "WEBP"), "image.frames"),
        "an AVIF of 101 frames": (film(101, "AVIF", speed=10), "image.frames"),
        "a GIF with a frame beyond its screen": (
            gif.replace(b",\0\0\0\0\x10\0\x10\0", b",\0\0\0\0\xff\x7f\xff\x7f", 1),
            "image.broken|image.frames|image.pixels",
        ),
        "a JPEG of 999 scans": (scans[:-2] + last * 999 + scans[-2:], "image.scans"),
        "billion laughs": (
            f'<!DOCTYPE svg [<!ENTITY l0 "lol">{laughs}]>{svg}<text>&l11;</text></svg>'.encode(),
            "image.svg",
        ),
        "billion uses": (f'{svg}<g id="l0"/>{uses}</svg>'.encode(), "image.svg"),
        "a file in an entity": (
            f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{svg}<text>&x;</text></svg>'.encode(),
            "image.svg",
        ),
        "a deep SVG": ((svg + "<g>" * 99_999 + "</g>" * 99_999 + "</svg>").encode(), "image.svg"),
        "an SVG of ten million bytes": (
            (svg + "<path d='M0 0'/>" * 600_000 + "</svg>").encode(),
            "image.svg",
        ),
        "a script in an SVG": (f"{svg}<script>evil()</script><g/></svg>".encode(), "kept"),
        "a page": (html, "image.type"),
        "a page in a GIF": (b"GIF89a" + html, "image.broken"),
        "a script that is a GIF": (gif[:-1] + b";/*" + html + b"*/", "kept"),
        "a page behind a PNG": (small + html, "kept"),
        "an archive behind a JPEG": (jpeg + b"PK\3\4" + b"evil" * 999, "kept"),
        "a page in a comment": (encoded(photo, "JPEG", comment=html), "kept"),
        "a JPEG cut in half": (jpeg[: len(jpeg) // 2], "kept in part"),
        "a JPEG of its header alone": (jpeg[: jpeg.index(b"\xff\xda") + 14], "image.broken"),
        "a PNG of its header alone": (small[:33], "image.broken"),
        "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n(evil) run\n", "image.type"),
        "a PDF": (b"%PDF-1.7\n", "image.type"),
        "a BMP": (encoded(photo, "BMP"), "image.type"),
        "a TIFF": (encoded(photo, "TIFF"), "image.type"),
        "an icon": (encoded(photo, "ICO"), "image.type"),
        "a HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "image.type"),
        "a film": (b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + bytes(99), "image.type"),
        "no bytes": (b"", "image.type"),
        "one byte": (b"\xff", "image.type"),
        "noise": (bytes(range(256)) * 99, "image.type"),
    }
