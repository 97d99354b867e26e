"""Where posts stand in time, and what the periods around them are."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from presswork.settings import Site
from presswork.site import larger_period, list_path, month_in, parts_of, periods_to, whole_periods
from presswork.site.periods import smallest_period

MOMENTS = st.integers(-60_000_000_000, 250_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia"])


@given(MOMENTS, ZONES, st.text("ab-_.0", min_size=1))
def test_each_period_is_a_part_of_the_one_before(moment: datetime, zone: str, id: str) -> None:
    """From the month down to the place itself, each is one of those that the larger splits into."""
    site = Site(timezone=zone)
    periods = periods_to(smallest_period(site, moment, id))
    local = moment.astimezone(site.zone)
    assert periods[0] == month_in(periods[-1]) == f"{local.year:04}-{local.month:02}"
    assert periods[1] == f"{periods[0]}-{local.day:02}"
    assert larger_period(periods[0]) is None
    assert len(periods) == 14
    for larger, smaller in pairwise(periods):
        assert smaller in parts_of(larger)
        assert larger_period(smaller) == larger


def test_posts_of_one_instant_are_parted_evenly() -> None:
    """A thousand posts that share a date fall into ten parts of about a hundred."""
    moment = datetime(2021, 11, 5, tzinfo=UTC)
    parts = [periods_to(smallest_period(Site(), moment, f"p{n}"))[2] for n in range(1000)]
    counts = [parts.count(part) for part in parts_of("2021-11-05")]
    assert sum(counts) == 1000
    assert min(counts) > 70
    assert max(counts) < 130


def test_no_two_periods_share_an_address() -> None:
    """Parts of a day stand below the archives, where no post may stand."""
    days = parts_of("2021-11")
    some = [*days, *parts_of(days[0]), *parts_of(parts_of(days[0])[4])]
    paths = [list_path(f"period:{period}") for period in some]
    assert len(set(paths)) == len(some)
    assert list_path("period:2021-11-05") == "/2021/11/05/"
    assert list_path("period:2021-11-05-48") == "/archives/2021/11/05/48/"


def test_leaves_are_the_periods_that_do_not_split() -> None:
    """A split month is replaced by its days, and a split day by its parts, in their order."""
    splits = {
        "2021-11": ("2021-11-05", "2021-11-30"),
        "2021-11-05": ("2021-11-05-4", "2021-11-05-9"),
    }
    assert whole_periods(("2021-12", "2021-11"), splits) == (
        *("2021-11-05-4", "2021-11-05-9", "2021-11-30"),
        "2021-12",
    )
