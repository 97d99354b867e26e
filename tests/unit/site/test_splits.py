"""The parts that long lists are read in: by time, and by letters."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.settings import Site
from presswork.site import bounds, larger_list, part_of, positions, possible_parts, way_to
from presswork.site.periods import day_in, smallest_period

ZONES = [
    "UTC",
    "Asia/Shanghai",
    "America/Sao_Paulo",  # its clocks went forward, and back, at midnight
    "America/Havana",
    "Pacific/Apia",  # skipped 30 December 2011
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_a_post_is_within_the_bounds_of_its_own_day_month_and_year(
    naive: datetime, zone: str
) -> None:
    """Whatever the zone does to its clocks."""
    site, moment = Site(timezone=zone), naive.replace(tzinfo=UTC, microsecond=0)
    day = day_in(smallest_period(site, moment, "id"))
    for part in (day[:4], day[:7], day):
        first, following = bounds(site, f"tag:sea.{part}") or (None, None)
        assert first is not None
        assert first <= moment
        assert following is None or moment < following


@pytest.mark.parametrize("zone", ZONES)
def test_days_follow_upon_each_other(zone: str) -> None:
    """Where one ends the next begins, in a zone that skips an hour or a day, too."""
    site = Site(timezone=zone)
    start = datetime(2011, 12, 1, tzinfo=UTC)
    days = [f"tag:x.{start + timedelta(days=n):%Y-%m-%d}" for n in range(45)]
    spans = [span for day in days if (span := bounds(site, day)) is not None]
    assert len(spans) == 45
    assert all(one[1] == following[0] for one, following in pairwise(spans))
    is_skipped = [one[0] == one[1] for one in spans]
    assert is_skipped.count(True) == (1 if zone == "Pacific/Apia" else 0)


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_and_the_last_year_have_bounds(zone: str) -> None:
    """Where UTC has no such year, the first instant of all, or none."""
    first = bounds(Site(timezone=zone), "home.0001")
    assert first is not None
    assert first[0].year == 1
    last = bounds(Site(timezone=zone), "home.9999-12-31")
    assert last is not None
    assert last[1] is None
    assert last[0].astimezone(ZoneInfo(zone)).day == 31


def test_what_is_not_told_by_dates_has_no_bounds() -> None:
    """The whole list, terms, and the site's own periods, which are found by how they begin."""
    for name in ("tag:sea", "home", "terms:tag.s", "period:2021-05"):
        assert bounds(Site(), name) is None


def test_the_way_to_a_position_leads_through_time_or_letters() -> None:
    """Each list with its part on the way; None for one that never splits."""
    assert way_to("tag:sea.2021-05-17") == (
        ("tag:sea.2021", "2021-05"),
        ("tag:sea.2021-05", "2021-05-17"),
        ("tag:sea.2021-05-17", None),
    )
    assert way_to("home.2021-05-17") == (("home.2021", "2021-05"),)
    assert way_to("terms:tag.sea") == (
        ("terms:tag", "s"),
        ("terms:tag.s", "se"),
        ("terms:tag.se", "sea"),
        ("terms:tag.sea", ""),
    )
    assert way_to("period:2021-05-17-12") == (
        ("period:2021-05", "2021-05-17"),
        ("period:2021-05-17", "2021-05-17-1"),
        ("period:2021-05-17-1", "2021-05-17-12"),
        ("period:2021-05-17-12", None),
    )


@pytest.mark.parametrize(
    "position", ["tag:sea.2021-05-17", "category:a/b.2021-05-17", "terms:tag.sea"]
)
def test_each_list_on_a_way_is_one_of_the_larger_ones_parts(position: str) -> None:
    """The next one is among those that it may split into, and knows which it is a part of."""
    way = way_to(position)
    for (name, part), (smaller, _) in pairwise(way):
        assert part is not None
        assert part_of(name, part) == smaller
        assert larger_list(smaller) == name
        assert part in (possible_parts(name) or (part,))
    assert larger_list(way[0][0]) is None


def test_a_month_has_the_days_of_the_calendar() -> None:
    """29 in February of a leap year; a year has twelve months, and a year of all posts as well."""
    assert len(possible_parts("tag:x.2024-02")) == 29
    assert len(possible_parts("tag:x.2023-02")) == 28
    assert possible_parts("home.2021")[-1] == "2021-12"
    assert possible_parts("tag:x.2024-02-29") == ()


def test_a_post_has_a_position_in_each_list_that_is_read_by_time() -> None:
    """The day of its own period; lists of pages, and a list alone, have none."""
    lists = ["home", "period:2021-05-17-123456789012", "tag:sea", "category:a/b"]
    assert list(positions(lists)) == [
        "home.2021-05-17",
        "period:2021-05-17-123456789012",
        "tag:sea.2021-05-17",
        "category:a/b.2021-05-17",
    ]
    assert list(positions(["pages:a"])) == ["pages:a"]
