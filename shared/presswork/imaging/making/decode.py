"""Turning the bytes of an image into pixels: what its header declares is judged first.

A process decodes one image at a time: leniency is a switch of Pillow's for the whole process.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile

from presswork.imaging.kinds import kind
from presswork.imaging.limits import Limits, Refused
from presswork.imaging.making.pixels import clean, in_mode, orientation, upright_size

_PILLOW_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
# Neither JPEG nor the memory for one row can do with more.
_LONGEST_SIDE = 65_500
# A progressive JPEG may repeat whole passes over its pixels for a few bytes each.
_MOST_SCANS = 100
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
_START_OF_SCAN, _END_OF_IMAGE = b"\xda", b"\xd9"
# Of an image with more pixels, or that moves, one is decoded at a time (see `is_large`).
_LARGE = 4_000_000
# Browsers slow frames this short down to a tenth of a second.
_TOO_BRIEF = 10
_DEFAULT_DURATION = 100


@dataclass(frozen=True)
class DecodedImage:
    """Frames of equal size and mode, RGB or RGBA; more than one move, each for its milliseconds.

    `width` and `height` are the image's own, as it stands upright; its frames may be smaller.
    `loop` is how often an animation plays, 0 for ever. `lossless` says that its format keeps every
    pixel, which drawings and screenshots rely on.
    """

    width: int
    height: int
    frames: tuple[Image.Image, ...]
    durations: tuple[int, ...]
    loop: int
    lossless: bool
    truncated: bool


def decode(data: bytes, limits: Limits, widths: Sequence[int]) -> DecodedImage:
    """The pixels of a JPEG, PNG, GIF, WebP or AVIF image; `Refused` for all else.

    What is wider than the largest of `widths` is scaled to it, animations to the smallest. What can
    be read of an image that ends early is kept. Limits are applied to what the header declares,
    before anything is decoded.
    """
    mime = kind(data)
    if mime not in _PILLOW_FORMATS:
        raise Refused("image.type", _unsupported(mime))
    if len(data) > limits.body:
        raise Refused("image.bytes", f"The image has more than {limits.body} bytes.")
    if mime == "image/jpeg" and _scans(data) > _MOST_SCANS:
        raise Refused("image.scans", f"The JPEG has more than {_MOST_SCANS} scans.")
    try:
        return _decoded(data, mime, limits, widths, truncated=False)
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(limits) from error
    except Exception:  # noqa: BLE001  decoders fail on broken input in every way there is
        return _rescued(data, mime, limits, widths)


def is_large(data: bytes) -> bool:
    """Whether the pixels of an image need so much memory that one at a time is enough."""
    try:
        with Image.open(io.BytesIO(data), formats=list(_PILLOW_FORMATS.values())) as image:
            return image.width * image.height > _LARGE or getattr(image, "is_animated", False)
    except Exception:  # noqa: BLE001  as in decode, which will say so
        return False


def _scans(data: bytes) -> int:
    """The passes over a JPEG's pixels, counted as far as matters (ITU-T T.81, section B.1)."""
    count, at = 0, 0
    while (match := _MARKER.search(data, at)) and count <= _MOST_SCANS:
        if match[1] == _END_OF_IMAGE:
            break
        count += match[1] == _START_OF_SCAN
        at = match.end() + int.from_bytes(data[match.end() : match.end() + 2], "big")
    return count


def _rescued(data: bytes, mime: str, limits: Limits, widths: Sequence[int]) -> DecodedImage:
    try:
        with _leniency():
            decoded = _decoded(data, mime, limits, widths, truncated=True)
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused("image.broken", f"The image cannot be read: {error}.") from error
    if _is_blank(decoded.frames[0]):
        raise Refused("image.broken", "Next to nothing of the image can be read.")
    return decoded


@contextmanager
def _leniency() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _decoded(
    data: bytes, mime: str, limits: Limits, widths: Sequence[int], *, truncated: bool
) -> DecodedImage:
    with Image.open(io.BytesIO(data), formats=[_PILLOW_FORMATS[mime]]) as image:
        _check_size(image, limits)
        canvas, turn = image.size, orientation(image)
        width, height = upright_size(canvas, turn)
        # A JPEG with several pictures holds views of one scene, or its preview: the first counts.
        moves = mime != "image/jpeg" and getattr(image, "is_animated", False)
        scaled = _scaled((width, height), min(widths) if moves else max(widths))
        size = upright_size(scaled, turn)
        if moves:
            loop = _loop(image)
            frames, durations = _animation(image, limits, canvas, size, lenient=truncated)
        else:
            # JPEG is decoded to a half, a quarter or an eighth at once where that is enough.
            image.draft(None, size)
            image.load()
            frames, durations, loop = [clean(image, image.size, size)], [0], 0
    lossless = mime in ("image/png", "image/gif")
    return DecodedImage(width, height, _alike(frames), tuple(durations), loop, lossless, truncated)


def _scaled(size: tuple[int, int], widest: int) -> tuple[int, int]:
    width, height = size
    return size if width <= widest else (widest, max(1, round(height * widest / width)))


def _animation(
    image: Image.Image,
    limits: Limits,
    canvas: tuple[int, int],
    size: tuple[int, int],
    *,
    lenient: bool,
) -> tuple[list[Image.Image], list[int]]:
    # GIF declares no number of frames: it is counted while decoding, which stops at the limit.
    if image.format != "GIF":
        _check_frames(getattr(image, "n_frames", 1), image, limits)
    frames: list[Image.Image] = []
    durations: list[int] = []
    while True:
        try:
            image.seek(len(frames))
            _check_frames(len(frames) + 1, image, limits)
            image.load()
        except EOFError:
            break
        except Refused:
            raise
        except Exception:
            # Of what is broken, the frames before move on, or one stands still.
            if frames and lenient:
                break
            raise
        frames.append(clean(image, canvas, size))
        duration = round(image.info.get("duration", 0))
        durations.append(duration if duration > _TOO_BRIEF else _DEFAULT_DURATION)
    return frames, durations


def _check_size(image: Image.Image, limits: Limits) -> None:
    if image.width * image.height > limits.pixels or max(image.size) > _LONGEST_SIDE:
        raise _too_large(limits)


def _check_frames(count: int, image: Image.Image, limits: Limits) -> None:
    if count > limits.frames or count * image.width * image.height > limits.animation:
        raise Refused(
            "image.frames",
            f"The animation has more than {limits.frames} frames or {limits.animation} pixels "
            "in all of them; make it shorter or smaller.",
        )


def _too_large(limits: Limits) -> Refused:
    return Refused(
        "image.pixels",
        f"The image has more than {limits.pixels} pixels, or a side of more than "
        f"{_LONGEST_SIDE}; make it smaller.",
    )


def _unsupported(mime: str) -> str:
    if mime.startswith("image/"):
        return f"Images of type {mime} are not taken over; convert it to JPEG or PNG."
    return "This is no image; JPEG, PNG, GIF, WebP, AVIF and SVG are known."


def _loop(image: Image.Image) -> int:
    loop = image.info.get("loop")
    if image.format != "GIF":
        return int(loop or 0)
    # GIF counts repetitions, and plays once without a count.
    if loop is None:
        return 1
    return int(loop) + 1 if loop else 0


def _alike(frames: list[Image.Image]) -> tuple[Image.Image, ...]:
    """Frames all with transparency when one has it."""
    mode = "RGBA" if any(frame.mode == "RGBA" for frame in frames) else "RGB"
    return tuple(in_mode(frame, mode) for frame in frames)


def _is_blank(image: Image.Image) -> bool:
    """Whether samples all over the image are equal, as where a decoder had nothing to go on."""
    samples = image.convert("RGB").resize((8, 8), Image.Resampling.NEAREST)
    return samples.getcolors(1) is not None
