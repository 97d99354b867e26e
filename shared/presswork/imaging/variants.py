"""Making what pages show of an image: a few widths, each in WebP and in a format all can read."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import PIL
from PIL import Image

from presswork.imaging.decode import Decoded, decode
from presswork.imaging.limits import DEFAULTS, Limits

WIDTHS = (800, 1600)
FORMATS = ("webp", "jpeg")

_SETTINGS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 80, "method": 4},
    "webp lossless": {"lossless": True, "quality": 80, "method": 4},
    "jpeg": {"quality": 80, "optimize": True, "progressive": True},
    "png": {"optimize": True},
}
_RESAMPLING = Image.Resampling.LANCZOS
# The format has fourteen bits for each side (RFC 9649, section 2.4).
_LONGEST_WEBP_SIDE = 16_383


@dataclass(frozen=True)
class Media:
    """An image made ready for pages.

    `hash` is the sha256 of the bytes it was made from, in hex; `width` and `height` are its natural
    size, upright. `files` has names such as `800.webp`. `placeholder` is its average colour,
    `#rrggbb`.
    """

    hash: str
    width: int
    height: int
    animated: bool
    truncated: bool
    files: Mapping[str, bytes]
    placeholder: str


def make(
    data: bytes,
    *,
    limits: Limits = DEFAULTS,
    widths: Sequence[int] = WIDTHS,
    formats: Sequence[str] = FORMATS,
) -> Media:
    """Decode an image and encode it anew in each width and format; equal input gives equal bytes.

    No width is larger than the image's own. An image with transparency gets `png` in place of
    `jpeg`. WebP keeps an animation moving; the other formats show its first frame. A side too long
    for WebP leaves that format out. Raises `Refused`.
    """
    image = decode(data, limits)
    files: dict[str, bytes] = {}
    for width in sorted({min(width, image.width) for width in widths}):
        frames = _resized(image, width)
        for format in formats:
            name = "png" if format == "jpeg" and frames[0].mode == "RGBA" else format
            if name != "webp" or max(frames[0].size) <= _LONGEST_WEBP_SIDE:
                files[f"{width}.{name}"] = _encoded(frames, image, name)
    return Media(
        hash=hashlib.sha256(data).hexdigest(),
        width=image.width,
        height=image.height,
        animated=len(image.frames) > 1,
        truncated=image.truncated,
        files=files,
        placeholder=_average(image.frames[0]),
    )


def recipe() -> str:
    """A short hash of everything but the image that decides the bytes of its variants."""
    settings = json.dumps([PIL.__version__, _RESAMPLING, _SETTINGS], sort_keys=True)
    return hashlib.sha256(settings.encode()).hexdigest()[:8]


def _resized(image: Decoded, width: int) -> list[Image.Image]:
    height = max(1, round(image.height * width / image.width))
    size = (width, height)
    return [f if f.size == size else f.resize(size, _RESAMPLING) for f in image.frames]


def _encoded(frames: Sequence[Image.Image], image: Decoded, format: str) -> bytes:
    if format != "webp":
        return _saved(frames[0], format)
    if len(frames) > 1:
        return _saved(
            frames[0],
            "webp",
            save_all=True,
            append_images=frames[1:],
            duration=list(image.durations),
            loop=image.loop,
        )
    lossy = _saved(frames[0], "webp")
    # Drawings and screenshots are often smaller when they are kept exactly; photographs never.
    return min(lossy, _saved(frames[0], "webp lossless"), key=len) if image.lossless else lossy


def _saved(frame: Image.Image, settings: str, **more: Any) -> bytes:
    file = io.BytesIO()
    frame.save(file, format=settings.partition(" ")[0], **_SETTINGS[settings], **more)
    return file.getvalue()


def _average(image: Image.Image) -> str:
    """The average colour, where it shows through on white."""
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    pixel = image.convert("RGB").resize((1, 1), Image.Resampling.BOX)
    return "#" + pixel.tobytes().hex()
