"""Periods: a month, and what it splits into when one page cannot hold its posts.

`2021-11` is a month, `2021-11-05` one of its days, `2021-11-05-4` one of ten parts of that day, and
`2021-11-05-48` one of ten parts of that. The smallest period that a post could be in has twelve
such digits; the larger ones begin with the same characters.

Parts go by a digest of the post's id: posts of one instant are parted as well as others, and a
post's part depends on no other post.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from presswork.settings import Site

LARGEST_PERIOD = 200
"""How many posts one period lists; one with more splits."""

_DIGITS = 12
_MONTH, _DAY, _PART = len("2021-11"), len("2021-11-05"), len("2021-11-05-4")


def smallest_period(site: Site, moment: datetime, id: str) -> str:
    """The smallest period that a post could be in, in the site's time zone."""
    day = moment.astimezone(site.zone).date()
    number = int.from_bytes(sha256(id.encode()).digest()) % 10**_DIGITS
    return f"{day.isoformat()}-{number:0{_DIGITS}}"


def periods_to(smallest: str) -> tuple[str, ...]:
    """The periods that hold the smallest one, the largest first; that one itself is the last."""
    ends = (_MONTH, _DAY, *range(_PART, len(smallest) + 1))
    return tuple(smallest[:end] for end in ends if end <= len(smallest))


def parts_of(period: str) -> tuple[str, ...]:
    """All periods that one may split into, the oldest first."""
    if len(period) == _MONTH:
        return tuple(f"{period}-{day:02}" for day in range(1, 32))
    dash = "-" if len(period) == _DAY else ""
    return tuple(f"{period}{dash}{digit}" for digit in range(10))


def month_in(period: str) -> str:
    """The month that a period is in, or is."""
    return period[:_MONTH]


def day_in(period: str) -> str:
    """The day that a day or a part of it is in."""
    return period[:_DAY]


def larger_period(period: str) -> str | None:
    """The period that splits into this one and others; None for a month."""
    return periods_to(period)[-2] if len(period) > _MONTH else None


def whole_periods(months: Iterable[str], splits: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The periods that list posts, the oldest first: those of the months that do not split."""
    listing: list[str] = []
    for period in sorted(months):
        listing += whole_periods(splits[period], splits) if period in splits else [period]
    return tuple(listing)
