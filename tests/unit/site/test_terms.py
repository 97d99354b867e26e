"""Terms: tags, categories, authors and series, their posts by time, and all terms of a kind."""

from collections.abc import Callable
from typing import Any

import pytest

from presswork.object import Object
from presswork.settings import Author, Site
from presswork.site import Member, term, term_period, terms
from unit.site.test_archives import cards, members, texts

Read = Callable[[Object], Any]


def test_a_tag_is_spelled_as_its_newest_post_does(site: Site, base_url: str, read: Read) -> None:
    """The newest member's spelling is the title, whatever order the members come in."""
    newest, older = cards(2)
    both = [Member(card=older, words="letterpress"), Member(card=newest, words="LetterPress")]
    page = read(term(site, base_url, "tag:letterpress", both, None))
    assert texts(page, "//h1/text()") == ["LetterPress"]


def test_a_term_shows_the_newest_twenty(site: Site, base_url: str, read: Read) -> None:
    """A term lists twenty posts, leads to all of its own by year, and to all of its kind."""
    some, years = members(cards(25), "x"), ["2020", "2021", "2019"]
    page = read(term(site, base_url, "tag:x", some, "2019-07", years=years))
    assert len(page.xpath("//h2/a")) == 20
    assert texts(page, "//main//nav//a/@href") == [
        "/tags/x/2021.html",
        "/tags/x/2020.html",
        "/tags/x/2019.html",
    ]
    assert texts(page, "//main//nav//a/text()") == ["2021", "2020", "2019"]
    assert texts(page, "//main//header/p/a/@href")[0] == "/tags/"


def test_a_category_shows_the_way_to_it(site: Site, base_url: str, read: Read) -> None:
    """The page of a category links the categories above it by their words."""
    name = "category:新媒体/zaker/source"
    page = read(term(site, base_url, name, members(cards(1), "新媒体 › ZAKER › source"), None))
    assert texts(page, "//h1/text()") == ["source"]
    above = page.xpath("//main//header//nav//a")
    assert [each.get("href") for each in above] == [
        "/categories/",
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/",
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/zaker/",
    ]
    assert ["".join(each.itertext()) for each in above] == ["Categories", "新媒体", "ZAKER"]


def test_a_category_leads_to_those_below_it(site: Site, base_url: str, read: Read) -> None:
    """To those of its newest posts, in the order of their words, as the newest post spells them."""
    newest, older, oldest = cards(3)
    some = [
        Member(card=oldest, words="a", subcategories={"category:a/c": "C!", "category:a/d": "d"}),
        Member(card=newest, words="a", subcategories={"category:a/c": "C"}),
        Member(card=older, words="a", subcategories={"category:a/b": "b"}),
    ]
    page = read(term(site, base_url, "category:a", some, None))
    below = page.xpath("//main//header//nav//a")
    found = [(each.get("href"), "".join(each.itertext())) for each in below]
    assert found == [(f"/categories/a/{slug}/", words) for slug, words in ("bb", "cC", "dd")]
    alone = read(term(site, base_url, "category:a", members([newest], "a"), None))
    assert not alone.xpath("//main//header//nav")


def test_an_author_is_introduced(site: Site, base_url: str, read: Read) -> None:
    """The page of an author has what the settings say of them, and a feed of their posts."""
    known = site.model_copy(
        update={"authors": {"Ada Quill": Author(url="https://ada.example/", bio="Sets type.")}}
    )
    page = read(term(known, base_url, "author:ada-quill", members(cards(1), "Ada Quill"), None))
    assert texts(page, "//main//h1/text()") == ["Ada Quill"]
    assert texts(page, "//main//p[@class='motto']/text()") == ["Sets type."]
    assert texts(page, "//main//a[@rel='me']/@href") == ["https://ada.example/"]
    assert "/authors/ada-quill/feed.xml" in texts(page, "//link[@rel='alternate']/@href")


def test_a_year_of_a_term_names_its_posts(site: Site, base_url: str, read: Read) -> None:
    """Under their months, newest first; it leads up to the term, as the newest spells it."""
    some = [*members(cards(1), "Sea"), *members(cards(4)[1:], "sea")]
    page = read(term_period(site, base_url, "tag:sea.2021", some[::-1]))
    assert texts(page, "//main//h1/text()") == ["2021"]
    assert texts(page, "//title/text()") == [f"Sea · 2021 · {site.title}"]
    assert texts(page, "//main//h2/text()") == ["November", "October"]
    assert texts(page, "//main//ol//a/text()") == [f"Post {n}" for n in range(4)]
    (link,) = page.xpath("//main//nav//a")
    assert (link.get("href"), "".join(link.itertext())) == ("/tags/sea/", "Sea")


@pytest.mark.parametrize(
    ("name", "parts", "title", "links"),
    [
        (
            "tag:sea.2021",
            ["2021-11", "2021-02"],
            "2021",
            {"/tags/sea/2021-02.html": "February", "/tags/sea/2021-11.html": "November"},
        ),
        (
            "tag:sea.2021-11",
            ["2021-11-05", "2021-11-22"],
            "November 2021",
            {"/tags/sea/2021-11-05.html": "5", "/tags/sea/2021-11-22.html": "22"},
        ),
        (
            "category:a/b.2021-11-22",
            ["2021-11-22"],
            "22 November 2021",
            {"/2021/11/22/": "22 November 2021"},
        ),
    ],
)
def test_a_time_of_too_many_posts_leads_on(  # noqa: PLR0917 - fixtures and a row
    site: Site,
    base_url: str,
    read: Read,
    name: str,
    parts: list[str],
    title: str,
    links: dict[str, str],
) -> None:
    """A year to its months, a month to its days, and a day to all posts of the site on it."""
    page = read(term_period(site, base_url, name, members(cards(1), "x"), parts=parts))
    assert texts(page, "//main//h1/text()") == [title]
    found = page.xpath("//main//ol//a")
    assert [(each.get("href"), each.text) for each in found] == list(links.items())


def test_a_part_of_a_year_leads_up(site: Site, base_url: str, read: Read) -> None:
    """A day to its month and to the term, a month to its year; a month tells the days."""
    some = members(cards(2), "Sea")
    month = read(term_period(site, base_url, "tag:sea.2021-11", some))
    assert texts(month, "//main//nav//a/@href") == ["/tags/sea/", "/tags/sea/2021.html"]
    assert texts(month, "//main//ol//time/text()") == ["22", "12"]
    day = read(term_period(site, base_url, "tag:sea.2021-11-22", some[:1]))
    assert texts(day, "//main//nav//a/@href") == ["/tags/sea/", "/tags/sea/2021-11.html"]


def test_all_terms_are_in_the_order_of_their_words(site: Site, base_url: str, read: Read) -> None:
    """As their newest posts spell them, whatever the case."""
    words = {"zebra": "Zebra", "a": "apple", "b": "Bee"}
    page = read(terms(site, base_url, "terms:tag", words))
    assert texts(page, "//main//h1/text()") == ["Tags"]
    found = ["".join(each.itertext()) for each in page.xpath("//main//ul//a")]
    assert found == ["apple", "Bee", "Zebra"]
    assert texts(page, "//main//ul//a/@href") == ["/tags/a/", "/tags/b/", "/tags/zebra/"]


def test_too_many_terms_are_read_by_their_letters(site: Site, base_url: str, read: Read) -> None:
    """By the first, then by two; one that has no other letter stands above those that have."""
    page = read(terms(site, base_url, "terms:tag", {}, parts=["s", "海"]))
    assert texts(page, "//main//ol//a/@href") == [
        "/tags/index-s.html",
        "/tags/index-%E6%B5%B7.html",
    ]
    below = read(terms(site, base_url, "terms:tag.s", {"s": "S"}, parts=["se"]))
    assert texts(below, "//main//header//a/@href") == ["/tags/"]
    assert texts(below, "//main//ul//a/@href") == ["/tags/s/"]
    assert texts(below, "//main//ol//a/@href") == ["/tags/index-se.html"]
    last = read(terms(site, base_url, "terms:category.a/", {"a/b": "A › B"}))
    assert texts(last, "//main//header//a/@href") == ["/categories/index-a.html"]
    assert texts(last, "//main//ul//a/@href") == ["/categories/a/b/"]
