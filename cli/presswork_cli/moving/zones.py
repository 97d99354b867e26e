"""The time zone of a blog whose export has each time twice: by its clock, and in UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

_LIKELY = (
    "UTC",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/Athens",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Dubai",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Africa/Johannesburg",
)
_MOST = 400
"""So many times are compared: those that differ in their month and offset."""

Pair = tuple[datetime, datetime]
"""A time by the blog's clock, and the same in UTC; both without a zone."""


def zones_of(pairs: Iterable[Pair]) -> list[str]:
    """The zones whose clocks showed those times, the likeliest first; none where no clock did."""
    told = {(utc.year, utc.month, local - utc): (local, utc) for local, utc in pairs}
    chosen = list(told.values())[:_MOST]
    others = (
        name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith(("posix/", "right/", "SystemV/", "US/"))
    )
    return [name for name in dict.fromkeys((*_LIKELY, *others)) if _fits(name, chosen)]


def _fits(name: str, pairs: Iterable[Pair]) -> bool:
    zone = ZoneInfo(name)
    return all(
        utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) == local
        for local, utc in pairs
    )
