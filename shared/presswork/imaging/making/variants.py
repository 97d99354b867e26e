"""Encoding what pages show of an image: a few widths, each in several formats."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from presswork.imaging.kinds import SVG, kind
from presswork.imaging.limits import Refused
from presswork.imaging.making.decode import DecodedImage, decode
from presswork.imaging.making.media import Media, Order
from presswork.imaging.making.recipes import RESAMPLING
from presswork.imaging.making.recipes import settings as encoders

_RESAMPLING = Image.Resampling(RESAMPLING)
# WebP has fourteen bits for each side (RFC 9649, section 2.4); AVIF decoders stop not far beyond.
_LONGEST_SIDE = 16_383
# The boxes of an AVIF alone take hundreds of bytes; nobody waits longer for so few.
_BOXES = 4096


def render(data: bytes, order: Order) -> Media:
    """Decode an image and encode it anew as ordered; equal input gives equal bytes.

    No width is larger than the image's own. An image with transparency gets `png` in place of
    `jpeg`. An animation has the smallest width alone; WebP keeps it moving, JPEG and PNG show its
    first frame, AVIF is left out. It is left out of a drawing, too, if WebP needs fewer bytes, and
    each format where a side is too long for it. A drawing in SVG stays one, cleaned, and has one
    file. Raises `Refused`.
    """
    if kind(data) == SVG:
        return _drawing(data, order)
    image = decode(data, order.limits, order.widths)
    moving = len(image.frames) > 1
    widths = [min(order.widths)] if moving else order.widths
    frames = image.frames
    files: dict[str, bytes] = {}
    left_out: set[str] = set()
    # Downwards: each width is scaled from the one before.
    wanted = sorted({min(width, image.width) for width in widths}, reverse=True)
    for width in wanted:
        frames = _resized(frames, width, image)
        formats = [each for each in order.formats_at(width, wanted[0]) if each not in left_out]
        encodings = _encodings(frames, image, formats, order.quality)
        if image.lossless and not _is_worthwhile(encodings):
            left_out.add("avif")
            del encodings["avif"]
        files = {f"{width}.{name}": file for name, file in encodings.items()} | files
    return Media(
        hash=hashlib.sha256(data).hexdigest(),
        width=image.width,
        height=image.height,
        animated=moving,
        truncated=image.truncated,
        files=files,
        placeholder=_average(frames[0]),
    )


def _drawing(data: bytes, order: Order) -> Media:
    from presswork.imaging.making import svg  # noqa: PLC0415  lxml is for drawings alone

    def raster(picture: bytes) -> tuple[str, bytes]:
        frame = decode(picture, order.limits, order.widths).frames[0]
        name = "png" if frame.mode == "RGBA" else "jpeg"
        return f"image/{name}", _saved(frame, name, order.quality)

    if len(data) > order.limits.body:
        raise Refused("image.bytes", f"The image has more than {order.limits.body} bytes.")
    drawing = svg.clean(data, raster)
    return Media(
        hash=hashlib.sha256(data).hexdigest(),
        width=drawing.width,
        height=drawing.height,
        animated=False,
        truncated=False,
        files={f"{drawing.width}.svg": drawing.data},
        placeholder="#ffffff",
    )


def _resized(
    frames: Sequence[Image.Image], width: int, image: DecodedImage
) -> tuple[Image.Image, ...]:
    size = (width, max(1, round(image.height * width / image.width)))
    return tuple(f if f.size == size else f.resize(size, _RESAMPLING) for f in frames)


def _encodings(
    frames: Sequence[Image.Image], image: DecodedImage, formats: Sequence[str], quality: int
) -> dict[str, bytes]:
    files = {}
    for format in formats:
        name = "png" if format == "jpeg" and frames[0].mode == "RGBA" else format
        too_long = name in ("avif", "webp") and max(frames[0].size) > _LONGEST_SIDE
        if not too_long and not (name == "avif" and len(frames) > 1):
            files[name] = _encoded(frames, image, name, quality)
    return files


def _encoded(
    frames: Sequence[Image.Image], image: DecodedImage, format: str, quality: int
) -> bytes:
    first = frames[0]
    if format == "avif" and image.lossless:
        return _saved(first, "avif drawing", quality)
    if format != "webp":
        return _saved(first, format, quality)
    if len(frames) > 1:
        return _saved(
            first,
            "webp",
            quality,
            save_all=True,
            append_images=frames[1:],
            duration=list(image.durations),
            loop=image.loop,
        )
    lossy = _saved(first, "webp", quality)
    # Drawings and screenshots of their own size are often smaller when they are kept exactly.
    if not image.lossless or first.width < image.width:
        return lossy
    return min(lossy, _saved(first, "webp lossless", quality), key=len)


def _saved(frame: Image.Image, settings: str, quality: int, **more: Any) -> bytes:
    file = io.BytesIO()
    options = encoders(quality)[settings] | more
    frame.save(file, format=settings.partition(" ")[0], **options)
    return file.getvalue()


def _is_worthwhile(files: Mapping[str, bytes]) -> bool:
    """Whether AVIF saves anything: of a drawing, WebP may be exact as well."""
    if "avif" not in files or "webp" not in files:
        return True
    return len(files["avif"]) <= len(files["webp"]) + _BOXES


def _average(image: Image.Image) -> str:
    """The average colour, where it shows through on white."""
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    pixel = image.convert("RGB").resize((1, 1), Image.Resampling.BOX)
    return "#" + pixel.tobytes().hex()
