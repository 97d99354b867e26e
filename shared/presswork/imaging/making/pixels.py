"""One frame of an image as pages want it: upright, in sRGB, no larger than shown, only pixels."""

import io
import math

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_RESAMPLING = Image.Resampling.LANCZOS
# How many pixels of the result Lanczos looks at to either side.
_REACH = 3
# Pixels of a band.
_BAND = 1_000_000
_ORIENTATION = 0x0112
# How the stored picture is turned to stand upright (EXIF 2.32, section 4.6.4, Orientation).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)


def orientation(image: Image.Image) -> int:
    """How an image is stored, from 1, upright, to 8; what EXIF does not say readably is 1."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  EXIF is broken in every way there is; the pixels are fine
        return 1
    return value if value in _TURNS else 1


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """The size of an image once it stands upright, from the size as stored; or the reverse."""
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def clean(image: Image.Image, canvas: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """A copy of the current frame in RGB or RGBA, of `size` as stored, then turned upright.

    What reaches beyond `canvas`, a size as stored, is cut off.
    """
    profile, turn = image.info.get("icc_profile"), _TURNS.get(orientation(image))
    # Scaled first: all that follows then costs less memory and time.
    coloured = _to_srgb(_scaled(image, canvas, size), profile)
    if coloured.mode == "RGBA" and coloured.getchannel("A").getextrema() == (255, 255):
        coloured = coloured.convert("RGB")
    upright = coloured if turn is None else coloured.transpose(turn)
    upright.info = {}
    return upright


def _scaled(image: Image.Image, canvas: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """The frame in `size`, made in bands: a whole copy in another mode would cost its memory again.

    A band takes as many rows more from its neighbours as the filter looks at, so none shows.
    """
    step = canvas[1] / size[1]
    margin = 0 if canvas == size else math.ceil(_REACH * max(step, 1)) + 1
    rows = max(1, _BAND // canvas[0])
    bands: list[Image.Image] = []
    for top in range(0, size[1], max(1, int(rows / step))):
        bottom = min(size[1], top + max(1, int(rows / step)))
        first = max(0, int(top * step) - margin)
        last = min(canvas[1], math.ceil(bottom * step) + margin)
        band = _expanded(_eight_bit(image.crop((0, first, canvas[0], last))))
        box = (0, top * step - first, canvas[0], min(bottom * step, canvas[1]) - first)
        bands.append(band.resize((size[0], bottom - top), _RESAMPLING, box))
    if len(bands) == 1:
        return bands[0]
    mode = "RGBA" if any(band.mode == "RGBA" for band in bands) else bands[0].mode
    whole = Image.new(mode, size)
    top = 0
    for band in bands:
        whole.paste(in_mode(band, mode), (0, top))
        top += band.height
    return whole


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The image itself if it has the mode, else converted."""
    return image if image.mode == mode else image.convert(mode)


def _eight_bit(image: Image.Image) -> Image.Image:
    # Sixteen bits a channel would be cut off at 255, not scaled.
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 257).convert("L")
    return image


def _expanded(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "RGBA", "L", "CMYK"):
        transparent = "transparency" in image.info
        return image.convert("RGBA") if transparent else image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
        # A profile that is broken, or made for other channels, says nothing about these pixels.
        except (ImageCms.PyCMSError, OSError):
            return in_mode(image, mode)
        return converted or image
    return in_mode(image, mode)
