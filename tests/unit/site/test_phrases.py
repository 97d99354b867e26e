"""The theme's own words."""

from datetime import date

import pytest

from presswork.settings import Site
from presswork.site import not_found
from presswork.site.phrases import direction, phrases_for


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en-GB", "5 March 2021", "March 2021"),
        ("zh-Hans", "2021年3月5日", "2021年3月"),
        ("fi", "5 March 2021", "March 2021"),
    ],
)
def test_dates_are_written_as_readers_do(language: str, day: str, month: str) -> None:
    """Dates follow the site's language, or English where the theme does not speak it."""
    phrases = phrases_for(language)
    assert phrases.day(date(2021, 3, 5)) == day
    assert phrases.month("2021-03") == month


def test_a_chinese_site_speaks_chinese(base_url: str) -> None:
    """The frame of a page is in the site's language."""
    assert "找不到这个页面" in not_found(Site(language="zh-Hans"), base_url).body.decode()


def test_the_way_a_language_runs() -> None:
    """Arabic and Hebrew run from right to left."""
    assert [direction(language) for language in ("ar-EG", "HE", "en", "zh-Hans")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
