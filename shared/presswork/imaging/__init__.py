"""Images and hooks of the open web: fetched behind a guard, and made into what pages show.

Only `make`, `recipe` and `Media` need Pillow; they are imported at first use, so that a function
that merely fetches or delivers does without it.
"""

from typing import TYPE_CHECKING, Any

from presswork.imaging.connecting import Connect, ConnectTo, Guard, Resolve, guard
from presswork.imaging.delivery import deliver
from presswork.imaging.fetcher import Fetched, Validators, fetch
from presswork.imaging.ladder import Barred, Found, Missing, Rung, Try, climb, rungs
from presswork.imaging.limits import Limits, Refused
from presswork.imaging.politeness import Politeness

if TYPE_CHECKING:
    from presswork.imaging.variants import Media, make, recipe

__all__ = [
    "Barred",
    "Connect",
    "ConnectTo",
    "Fetched",
    "Found",
    "Guard",
    "Limits",
    "Media",
    "Missing",
    "Politeness",
    "Refused",
    "Resolve",
    "Rung",
    "Try",
    "Validators",
    "climb",
    "deliver",
    "fetch",
    "guard",
    "make",
    "recipe",
    "rungs",
]


def __getattr__(name: str) -> Any:
    if name in ("Media", "make", "recipe"):
        from presswork.imaging import variants  # noqa: PLC0415  the import that waits

        return getattr(variants, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
