"""What is made of an image, and how it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presswork.imaging.limits import DEFAULTS, Limits

WIDTHS = (800, 1600)
FORMATS = ("avif", "webp", "jpeg")
FALLBACKS = frozenset({"jpeg", "png"})
"""What every program shows: for mail, link previews and the last hundredth of readers."""
QUALITY = 80


@dataclass(frozen=True)
class Order:
    """The variants that are wanted; `quality` is from 0 to 100, on the scale of JPEG.

    With `one_fallback` the largest width alone has one.
    """

    limits: Limits = DEFAULTS
    widths: Sequence[int] = WIDTHS
    formats: Sequence[str] = FORMATS
    quality: int = QUALITY
    one_fallback: bool = False

    def formats_at(self, width: int, largest: int) -> Sequence[str]:
        """The formats of a width of an image whose largest one is told."""
        if width == largest or not self.one_fallback:
            return self.formats
        return [format for format in self.formats if format not in FALLBACKS]


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
