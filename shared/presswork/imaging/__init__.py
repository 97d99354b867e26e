"""Images and hooks of the open web: fetched behind address checks, and made into what pages show.

Every name is imported at first use: a function that merely fetches does without the image library,
and the process that decodes does without all the rest.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presswork.imaging.fetching.by_host import AT_ONCE, work_by_host
    from presswork.imaging.fetching.connecting import Connect, ConnectTo, Network, Resolve
    from presswork.imaging.fetching.delivery import deliver
    from presswork.imaging.fetching.fallbacks import (
        AllRefused,
        Candidate,
        FetchedImage,
        Missing,
        Try,
        candidates,
        fetch_first,
    )
    from presswork.imaging.fetching.fetcher import Fetched, Validators, fetch
    from presswork.imaging.fetching.throttle import HostThrottle
    from presswork.imaging.kinds import kind
    from presswork.imaging.limits import Limits, Refused
    from presswork.imaging.making.media import QUALITY, Media
    from presswork.imaging.making.parent import make
    from presswork.imaging.making.recipes import recipe
    from presswork.imaging.making.workshop import NoTurn

__all__ = [
    "AT_ONCE",
    "QUALITY",
    "AllRefused",
    "Candidate",
    "Connect",
    "ConnectTo",
    "Fetched",
    "FetchedImage",
    "HostThrottle",
    "Limits",
    "Media",
    "Missing",
    "Network",
    "NoTurn",
    "Refused",
    "Resolve",
    "Try",
    "Validators",
    "candidates",
    "deliver",
    "fetch",
    "fetch_first",
    "kind",
    "make",
    "recipe",
    "work_by_host",
]

_MODULES = {
    "fetching.by_host": ("AT_ONCE", "work_by_host"),
    "fetching.connecting": ("Connect", "ConnectTo", "Network", "Resolve"),
    "fetching.delivery": ("deliver",),
    "fetching.fallbacks": (
        "AllRefused",
        "FetchedImage",
        "Missing",
        "Candidate",
        "Try",
        "fetch_first",
        "candidates",
    ),
    "fetching.fetcher": ("Fetched", "Validators", "fetch"),
    "fetching.throttle": ("HostThrottle",),
    "kinds": ("kind",),
    "limits": ("Limits", "Refused"),
    "making.media": ("QUALITY", "Media"),
    "making.parent": ("make",),
    "making.recipes": ("recipe",),
    "making.workshop": ("NoTurn",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
