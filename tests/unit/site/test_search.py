"""What a search reads; the search itself is tested in a browser."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site, Theme
from presswork.site import (
    base_objects,
    search_page,
    search_periods,
    search_segment,
    searched_periods,
)

Read = Callable[[Object], Any]


def card(id: str, day: int, title: str = "T") -> Card:
    """A card of a post of November."""
    date = datetime(2021, 11, day, 18, tzinfo=UTC)
    return Card(id=id, path=f"/推/{id}/", title=title, date=date, lang="en", summary="S")


def test_a_segment_holds_what_is_found_and_shown(site: Site) -> None:
    """Each post, newest first, its day in the site's zone, no forbidden character."""
    posts = [card("a", 1).model_copy(update={"lang": "ja"}), card("b", 2, "<B>\x00")]
    made = search_segment(site, posts)
    assert json.loads(made.body) == [
        ["/推/b/", "<B>", "S", "3 November 2021"],
        ["/推/a/", "T", "S", "2 November 2021", "ja"],
    ]
    assert made == search_segment(site, [*reversed(posts)])


def test_a_year_is_searched_as_it_is_listed() -> None:
    """By itself, unless it is split; then by its periods. One without a record is whole."""
    periods = ["2020-03", "2021-11-05", "2021-11-06", "2021-12", "2022-01", "2020-02"]
    years = {"2020": (), "2021": ("2021-11", "2021-12")}
    assert searched_periods(periods, years) == (
        "2020",
        "2021-11-05",
        "2021-11-06",
        "2021-12",
        "2022",
    )


def test_periods_are_named_newest_first() -> None:
    """The script reads the newest posts first, and stops when it has a screenful."""
    made = search_periods(["2020", "2021-11", "2020", "2021-12"])
    assert json.loads(made.body) == ["2021-12", "2021-11", "2020"]


def test_the_page_says_what_to_do_without_a_script(site: Site, base_url: str, read: Read) -> None:
    """Who has no JavaScript is led to the archives; the script comes from the site itself."""
    page = read(search_page(site, base_url))
    assert page.xpath("//main//noscript//a/@href") == ["/archives/"]
    (source,) = page.xpath("//script/@src")
    assert source.lstrip("/") in base_objects(site, base_url)


def test_a_site_may_do_without(base_url: str, read: Read) -> None:
    """With the search switched off there is no page of it, and no link to one."""
    made = base_objects(Site(theme=Theme(search=False)), base_url)
    assert not [key for key in made if key.startswith("search/")]
    assert not read(made["404.html"]).xpath("//a[@rel='search']")
    assert read(base_objects(Site(), base_url)["404.html"]).xpath("//a[@rel='search']")
