"""Making variants of an image in a process apart, of which several are kept at work."""

import atexit
from collections.abc import Sequence

from presswork.errors import RetryLater
from presswork.imaging.kinds import SVG, kind
from presswork.imaging.limits import DEFAULTS, Limits
from presswork.imaging.making.media import FORMATS, QUALITY, WIDTHS, Media, Order
from presswork.imaging.making.workshop import Workshop

# Longer than any image may take, even if it waits for others.
_PATIENCE = 300.0


def make(
    data: bytes,
    *,
    limits: Limits = DEFAULTS,
    widths: Sequence[int] = WIDTHS,
    formats: Sequence[str] = FORMATS,
    quality: int = QUALITY,
    one_fallback: bool = False,
    series: str | None = None,
    patience: float = _PATIENCE,
) -> Media:
    """What `variants.render` makes of an image, in a process without secrets and within limits.

    Images of one `series` may be made by one process, one after the other: none of them is to be
    hurt by another more than by itself. One without a series has its process to itself. As many are
    made at once as there are processors; a turn is waited for `patience` seconds. Raises `Refused`,
    `NoTurn` when none comes, and `RetryLater` when the process is lost.
    """
    order = Order(limits, tuple(widths), tuple(formats), quality, one_fallback)
    # A drawing needs a module that a process at work cannot open any more.
    series = None if kind(data) == SVG else series
    try:
        return _workshop.make(order, data, series, patience)
    except OSError as error:
        raise RetryLater(f"The process that makes images was lost: {error}.") from error


_workshop = Workshop()
atexit.register(_workshop.close)
