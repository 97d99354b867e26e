"""Lists that one page cannot hold, and the parts that they are read in.

The posts of a term, `tag:sea`, are read by its years, `tag:sea.2021`. A year of too many posts
leads to its months, `tag:sea.2021-05`, and such a month to its days. `home.2021` is a year of all
posts, and leads to the months of the site (`site.periods`). `terms:tag` are all tags; too many are
read by their first letter, `terms:tag.s`, and by the next one, `terms:tag.se`, and so on.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from presswork.settings import Site
from presswork.site.addresses import TERMS
from presswork.site.periods import day_in, parts_of, periods_to

TERM_LISTS = tuple(f"terms:{kind}" for kind in TERMS)
"""The lists of all terms of a kind."""

Way = tuple[tuple[str, str | None], ...]
"""Lists, each with the next one's part of it; None for one that never splits."""

_YEAR, _MONTH, _DAY = len("2021"), len("2021-05"), len("2021-05-17")


def positions(lists: Iterable[str]) -> Iterator[str]:
    """Where a post of these lists stands in each: `tag:sea.2021-05-17` for `tag:sea`."""
    names = list(lists)
    periods = (name.partition(":")[2] for name in names if name.startswith("period:"))
    day = next(map(day_in, periods), None)
    for name in names:
        is_dated = name == "home" or name.partition(":")[0] in TERMS
        yield f"{name}.{day}" if is_dated and day else name


def whole_list(name: str) -> str:
    """The list that a part is one of: `tag:sea` for `tag:sea.2021`."""
    return name.partition(".")[0]


def part_in(name: str) -> str:
    """The part of a list that a name stands for: `2021` for `tag:sea.2021`; empty for all of it."""
    return name.partition(":")[2] if name.startswith("period:") else name.partition(".")[2]


def is_term(name: str) -> bool:
    """Whether a list is that of a term, or a part of one."""
    return name.partition(":")[0] in TERMS


def names_terms(name: str) -> bool:
    """Whether a list is one of terms, or a part of one."""
    return whole_list(name) in TERM_LISTS


def part_of(name: str, part: str) -> str:
    """The name of a part of a list: those of a year of all posts are the months of the site."""
    list = whole_list(name)
    return f"period:{part}" if name.startswith(("period:", "home.")) else f"{list}.{part}"


def way_to(position: str) -> Way:
    """The lists that lead to a position, the largest first, as far as they may have to split."""
    list, part = whole_list(position), part_in(position)
    if list.startswith("period:"):
        parts: tuple[str, ...] = periods_to(part)
    elif list == "home":
        return ((f"home.{part[:_YEAR]}", part[:_MONTH]),)
    elif list in TERM_LISTS:
        parts = tuple(part[:end] for end in range(1, len(part) + 1))
        names = (list, *(part_of(list, each) for each in parts))
        return tuple(zip(names, (*parts, ""), strict=True))
    else:
        parts = (part[:_YEAR], part[:_MONTH], part[:_DAY])
    names = tuple(part_of(list, each) for each in parts)
    return tuple(zip(names, (*parts[1:], None), strict=True))


def larger_list(name: str) -> str | None:
    """The part that splits into this one and others; None for one that is there by itself."""
    list, part = whole_list(name), part_in(name)
    if list in TERM_LISTS:
        return None if not part else part_of(list, part[:-1]) if part[:-1] else list
    if is_term(name) and len(part) > _YEAR:
        return part_of(list, part.rpartition("-")[0])
    return None


def possible_parts(name: str) -> tuple[str, ...]:
    """All parts that one may split into, the oldest first; none where letters are the parts."""
    part = part_in(name)
    if name.startswith("period:"):
        return parts_of(part)
    if name.startswith("terms:") or len(part) == _DAY:
        return ()
    last = 12 if len(part) == _YEAR else monthrange(*map(int, part.split("-")))[1]
    return tuple(f"{part}-{number:02}" for number in range(1, last + 1))


def is_year(name: str) -> bool:
    """Whether a name is that of a year: one that has posts is named, whether it splits or not."""
    return "." in name and not name.startswith("terms:") and len(part_in(name)) == _YEAR


def bounds(site: Site, name: str) -> tuple[datetime, datetime | None] | None:
    """The instants between which the posts of a year, month or day of a list are.

    The second is no part of it, and None where time ends. None for what is not told by dates.
    """
    part = part_in(name)
    if name.startswith(("period:", "terms:")) or not part:
        return None
    year, month, day = (*map(int, part.split("-")), 1, 1)[:3]
    first = date(year, month, day)
    days = 1
    if len(part) == _MONTH:
        days = monthrange(year, month)[1]
    elif len(part) == _YEAR:
        days = 365 + isleap(year)
    following = first.toordinal() + days
    return _start(site, first), (
        _start(site, date.fromordinal(following)) if following <= date.max.toordinal() else None
    )


def _start(site: Site, day: date) -> datetime:
    """The first instant of a day in the site's time zone."""
    try:
        return datetime.combine(day, time(), site.zone).astimezone(UTC)
    except OverflowError:  # the first day of all, in the east
        return datetime.min.replace(tzinfo=UTC)
