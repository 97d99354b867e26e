"""Dates as authors and feed tools write them, read as instants."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from presswork.content.front_matter.entries import Entry
from presswork.errors import Rejected
from presswork.patterns import late

_CLOCK = r"""(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
    (?:\s*(?P<half>[ap])\.?m\b\.?)?"""
# Where an offset stands, a name behind it only explains it (RFC 9557 section 3, and JavaScript).
_ZONE = r"""(?:\s*(?:
    (?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?
        (?:\s*(?:\[[\w/+-]+\]|\([\w\s]+\)|\b[A-Z]{2,5}))?
    |(?P<utc>Z|UTC|GMT)(?:\[[\w/]+\])?
    |(?P<place>[A-Z]+(?:/[A-Z\d_+-]+){1,2})))?"""
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TIME = rf"(?:(?:,|\s+at)?\s+{_CLOCK}{_ZONE})?"
# ISO 8601 and its everyday spellings: one-digit months, slashes, a blank before the zone.
_ISO = late(
    rf"""(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})
        (?:(?:T|\s+){_CLOCK}{_ZONE})?""",
    re.VERBOSE | re.IGNORECASE,
)
_OTHERS = tuple(
    late(form, re.VERBOSE | re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}}){_TIME}",
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}){_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",  # asctime, date
        rf"(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月{_DAY}日(?:\s*{_CLOCK}{_ZONE})?",
        r"""(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})T
            (?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<utc>Z)?""",
    )
)
_MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            *("january", "february", "march", "april", "may", "june", "july", "august"),
            *("september", "october", "november", "december"),
        ),
        start=1,
    )
    for name in (names, names[:3], *(("sept",) if names == "september" else ()))
}
_BASIC = late(r"(\d{4})(\d{2})(\d{2})")
_EPOCH = late(r"\d{10}|\d{13}")
# RFC 822 section 5, with the years of RFC 1123 section 5.2.14.
_RFC_822 = late(
    r"""(?:[A-Z]{3,9}\s*,?\s+)?\d{1,2}[\s-]+[A-Z]{3,9}[\s-]+(?:\d{2}|\d{4})
        \s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?P<zone>[A-Z]+|[+-]\d{4}))?""",
    re.VERBOSE | re.IGNORECASE,
)
_RFC_822_ZONES = frozenset(
    {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"}
)
_NOON = 12
_LONGEST = 100
"""No date of any form is longer; what is costs the patterns no time."""
_NAMED = late(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=[-_ ]|\Z)")
# Eleventy's words for times that a file or its repository has ("Special values" of its dates).
_OF_THE_FILE = late(r"(?:git\s+)?(?:last\s+modified|created)", re.IGNORECASE)
_FIX = "Write it as 2021-11-21T18:10:05Z, as 2021-11-21 18:10:05, or as 2021-11-21."


def instant(entry: Entry, zone: ZoneInfo) -> datetime:
    """The instant that an entry names, in UTC and whole seconds; `zone` holds if it names none."""
    text = str(entry.value).strip()
    try:
        moment = _read(text, zone)
        if moment is not None:
            return to_utc(moment)
    except (ValueError, OverflowError) as error:
        raise Rejected(
            "date.impossible",
            entry.line,
            entry.column,
            f"There is no such date as {text[:60]!r}.",
            _FIX,
        ) from error
    raise Rejected(
        "date.form",
        entry.line,
        entry.column,
        f"{text[:60]!r} is not a date that is understood.",
        _FIX,
    )


def looks_like_date(value: object) -> bool:
    """Whether a value is meant as a date at all: it has digits, and is no true or false."""
    return not isinstance(value, bool) and any(each.isdigit() for each in str(value))


def is_of_the_file(value: object) -> bool:
    """Whether a date is left to the file, as by Eleventy's `Created` and `git Last Modified`."""
    return isinstance(value, str) and _OF_THE_FILE.fullmatch(value.strip()) is not None


def date_in_name(stem: str, zone: ZoneInfo) -> datetime | None:
    """The start of the day that begins a file name such as `2021-11-21-title`."""
    found = _NAMED.match(stem)
    if not found:
        return None
    try:
        return to_utc(_midnight(found, zone))
    except (ValueError, OverflowError):
        return None


def date_in_page(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a page of HTML names for itself; None where it is none."""
    try:
        moment = _read(text, zone)
        return to_utc(moment) if moment else None
    except (ValueError, OverflowError):
        return None


def without_date(stem: str) -> str:
    """A file name without the date that it begins with."""
    found = _NAMED.match(stem)
    return stem[found.end() :].strip("-_ ") if found else stem


def to_utc(moment: datetime) -> datetime:
    """The instant in UTC, cut to whole seconds; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _read(text: str, zone: ZoneInfo) -> datetime | None:
    if len(text) > _LONGEST:
        return None
    if found := _ISO.fullmatch(text):
        return _written_out(found, zone)
    if found := _BASIC.fullmatch(text):
        return _midnight(found, zone)
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    matches = (form.fullmatch(text) for form in _OTHERS)
    if found := next(filter(None, matches), None):
        return _written_out(found, zone)
    found = _RFC_822.fullmatch(text)
    return _rfc_822(text, found["zone"], zone) if found else None


def _midnight(found: re.Match[str], zone: ZoneInfo) -> datetime:
    year, month, day = (int(part) for part in found.groups())
    return datetime(year, month, day, tzinfo=zone)


def _written_out(found: re.Match[str], zone: ZoneInfo) -> datetime | None:
    """The moment of a match; None where the name of its month or its zone is not known."""
    parts = found.groupdict()
    month = _MONTH_NAMES.get(parts.get("name", "").lower()) or parts.get("month")
    named = _place(parts.get("place"))
    if month is None or (parts.get("place") and named is None):
        return None
    minute, second = (int(parts.get(part) or 0) for part in ("minute", "second"))
    return datetime(
        int(parts["year"]),
        int(month),
        int(parts["day"]),
        _hour(int(parts["hour"] or 0), parts.get("half")),
        minute,
        second,
        tzinfo=_offset(parts) or named or zone,
    )


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError(hour)
    return hour % _NOON + (_NOON if half.lower() == "p" else 0)


def _place(name: str | None) -> ZoneInfo | None:
    """A zone of the IANA database, by its name."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _offset(parts: dict[str, str | None]) -> timezone | None:
    if parts.get("utc"):
        return UTC
    sign, hours = parts.get("sign"), parts.get("hours")
    if not sign or not hours:
        return None
    # time() refuses what a clock cannot show, so that +05:99 is no zone
    clock = time(int(hours), int(parts.get("minutes") or 0))
    offset = timedelta(hours=clock.hour, minutes=clock.minute)
    return timezone(-offset if sign == "-" else offset)


def _rfc_822(text: str, named: str | None, zone: ZoneInfo) -> datetime | None:
    if named and named[0].isalpha() and named.upper() not in _RFC_822_ZONES:
        return None
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is not None:
        return moment
    # RFC 5322 section 3.3: -0000 is a time in UTC that says nothing of its place.
    return moment.replace(tzinfo=UTC if named else zone)
