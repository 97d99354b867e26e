"""What a search reads; the search itself is tested in a browser."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site, Theme
from presswork.site import base_objects, search_keys, search_page, search_periods, search_segment
from presswork.site.search import tokens

Read = Callable[[Object], Any]


def card(id: str, day: int, title: str = "T") -> Card:
    """A card of a post of November."""
    date = datetime(2021, 11, day, 18, tzinfo=UTC)
    return Card(id=id, path=f"/推/{id}/", title=title, date=date, lang="en", summary="S")


def test_a_segment_holds_what_is_found_and_shown(site: Site) -> None:
    """Each post of a month, newest first, its day in the site's zone, no forbidden character."""
    made = search_segment(site, "2021-11", [card("a", 1), card("b", 2, "<B>\x00")])
    assert list(made) == list(search_keys("2021-11"))
    assert json.loads(made["-/search/2021-11/posts.json"].body) == [
        ["/推/b/", "<B>", "S", "3 November 2021", "en"],
        ["/推/a/", "T", "S", "2 November 2021", "en"],
    ]
    parts = [json.loads(made[f"-/search/2021-11/{part}.json"].body) for part in range(4)]
    assert parts == [{"t": [1]}, {}, {"b": [0]}, {"s": [0, 1]}]
    assert made == search_segment(site, "2021-11", [card("b", 2, "<B>\x00"), card("a", 1)])


def test_words_are_found_however_they_are_written() -> None:
    """Case and accents do not matter; Han, kana and Thai are found by two characters anywhere."""
    assert set(tokens("旧书店 Ålesund’s BOOK_2")) == {
        "旧书",
        "书店",
        "店",
        "alesund",
        "s",
        "book",
        "2",
    }


def test_months_are_named_newest_first() -> None:
    """The script reads the newest posts first, and stops when it has a screenful."""
    made = search_periods(["2020-03", "2021-11", "2020-03"])
    assert json.loads(made.body) == ["2021-11", "2020-03"]


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
