"""Images and hooks of the open web: fetched behind a guard, and made into what pages show.

Every name is imported at first use: a function that merely fetches does without the image library,
and the process that decodes does without all the rest.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presswork.imaging.connecting import Connect, ConnectTo, Guard, Resolve, guard
    from presswork.imaging.delivery import deliver
    from presswork.imaging.fetcher import Fetched, Validators, fetch
    from presswork.imaging.kinds import kind
    from presswork.imaging.ladder import Barred, Found, Missing, Rung, Try, climb, rungs
    from presswork.imaging.limits import Limits, Refused
    from presswork.imaging.making import make
    from presswork.imaging.media import QUALITY, Media
    from presswork.imaging.politeness import Politeness
    from presswork.imaging.recipes import recipe

__all__ = [
    "QUALITY",
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
    "kind",
    "make",
    "recipe",
    "rungs",
]

_MODULES = {
    "connecting": ("Connect", "ConnectTo", "Guard", "Resolve", "guard"),
    "delivery": ("deliver",),
    "fetcher": ("Fetched", "Validators", "fetch"),
    "kinds": ("kind",),
    "ladder": ("Barred", "Found", "Missing", "Rung", "Try", "climb", "rungs"),
    "limits": ("Limits", "Refused"),
    "making": ("make",),
    "media": ("QUALITY", "Media"),
    "politeness": ("Politeness",),
    "recipes": ("recipe",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
