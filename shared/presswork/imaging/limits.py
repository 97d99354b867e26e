"""How much of the world is let in, and the word for refusing the rest."""

from dataclasses import dataclass

from presswork.errors import Rejected


@dataclass(frozen=True)
class Limits:
    """Bounds for one fetch and one image; sizes in bytes and pixels, times in seconds.

    `body` counts decoded bytes. `silence` is the longest pause between two pieces of an answer,
    `total` the whole fetch with name resolution and redirects. `animation` counts the pixels of all
    frames together. `memory` and `decoding`, a time of the processor, bound the process that makes
    an image's variants.
    """

    body: int = 10 * 1024 * 1024
    header: int = 64 * 1024
    connect: float = 3.0
    silence: float = 5.0
    total: float = 15.0
    redirects: int = 3
    ports: tuple[int, ...] = (80, 443)
    pixels: int = 25_000_000
    frames: int = 100
    animation: int = 50_000_000
    memory: int = 384 * 1024 * 1024
    decoding: int = 10


DEFAULTS = Limits()


class Refused(Rejected):
    """A rule forbids this URL, this answer or this image; trying again will not change that."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, None, None, message, "")
