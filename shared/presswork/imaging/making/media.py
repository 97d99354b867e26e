"""What is made of an image, and how it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presswork.imaging.limits import DEFAULTS, Limits

WIDTHS = (800, 1600)
FORMATS = ("avif", "webp", "jpeg")
QUALITY = 80


@dataclass(frozen=True)
class Order:
    """The variants that are wanted; `quality` is from 0 to 100, on the scale of JPEG."""

    limits: Limits = DEFAULTS
    widths: Sequence[int] = WIDTHS
    formats: Sequence[str] = FORMATS
    quality: int = QUALITY


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
