"""Dates as authors and feed tools write them, read as instants."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from presswork.content.entries import Entry
from presswork.errors import Rejected

# ISO 8601 and its everyday spellings: one-digit months, slashes, a blank before the zone.
_ISO = re.compile(
    r"""(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})
        (?:(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
        (?:\s*(?:(?P<utc>Z|UTC|GMT)|(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?))?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EPOCH = re.compile(r"\d{10}|\d{13}")
# RFC 822 section 5, with the years of RFC 1123 section 5.2.14.
_RFC_822 = re.compile(
    r"""(?:[A-Z]{3,9}\s*,?\s+)?\d{1,2}[\s-]+[A-Z]{3,9}[\s-]+(?:\d{2}|\d{4})
        (?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?P<zone>[A-Z]+|[+-]\d{4}))?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_RFC_822_ZONES = frozenset(
    {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"}
)
_NAMED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=[-_ ]|\Z)")
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


def date_in_name(stem: str, zone: ZoneInfo) -> datetime | None:
    """The start of the day that begins a file name such as `2021-11-21-title`."""
    found = _NAMED.match(stem)
    if not found:
        return None
    try:
        return to_utc(_midnight(found, zone))
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
    if found := _ISO.fullmatch(text):
        return _iso(found, zone)
    if found := _BASIC.fullmatch(text):
        return _midnight(found, zone)
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if found := _RFC_822.fullmatch(text):
        return _rfc_822(text, found["zone"], zone)
    return None


def _midnight(found: re.Match[str], zone: ZoneInfo) -> datetime:
    year, month, day = (int(part) for part in found.groups())
    return datetime(year, month, day, tzinfo=zone)


def _iso(found: re.Match[str], zone: ZoneInfo) -> datetime:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found) or zone)


def _offset(found: re.Match[str]) -> timezone | None:
    if found["utc"]:
        return UTC
    if not found["sign"]:
        return None
    # time() refuses what a clock cannot show, so that +05:99 is no zone
    clock = time(int(found["hours"]), int(found["minutes"] or 0))
    offset = timedelta(hours=clock.hour, minutes=clock.minute)
    return timezone(-offset if found["sign"] == "-" else offset)


def _rfc_822(text: str, named: str | None, zone: ZoneInfo) -> datetime | None:
    if named and named[0].isalpha() and named.upper() not in _RFC_822_ZONES:
        return None
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is not None:
        return moment
    # RFC 5322 section 3.3: -0000 is a time in UTC that says nothing of its place.
    return moment.replace(tzinfo=UTC if named else zone)
