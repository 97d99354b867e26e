"""Parameters of addresses that, as a rule, only keep a cache from answering."""

import re

CACHE_BUSTERS = frozenset(
    [
        "_",
        "cache",
        "cachebuster",
        "cachebust",
        "cb",
        "nocache",
        "r",
        "rand",
        "random",
        "rnd",
        "t",
        "timestamp",
        "ts",
        "v",
    ]
)
"""Their names, small; they are cache-busters where their value is a number."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def without_cache_busters(query: str) -> str:
    """A query without its cache-busters, numbers that stand alone, and empty parts."""
    return "&".join(part for part in query.split("&") if part and not _is_cache_buster(part))


def _is_cache_buster(part: str) -> bool:
    name, equals, value = part.partition("=")
    if not equals:
        return _NUMBER.fullmatch(name) is not None
    return name.lower() in CACHE_BUSTERS and _NUMBER.fullmatch(value) is not None
