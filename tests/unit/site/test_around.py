"""What the page of a post leads to: other posts, its author, its own headings."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from presswork.object import Object
from presswork.post import Card, Image, ImageRef, Post
from presswork.settings import ImageSettings, Site, Theme
from presswork.site import Around, lists_around, lists_of, post_page
from presswork.site.contents import contents_of

Make = Callable[..., Post]
Read = Callable[[Object], Any]
COVER = "https://img.example/hill.jpg"


def card(id: str, title: str, lang: str = "en") -> Card:
    """A card of a post beside the one at hand."""
    date = datetime(2021, 11, 1, tzinfo=UTC)
    return Card(id=id, path=f"/{id}/", title=title, date=date, lang=lang)


def texts(root: Any, path: str) -> list[str]:
    """What an XPath finds, as text."""
    return [str(found) for found in root.xpath(path)]


def test_a_page_leads_on(site: Site, base_url: str, post: Make, read: Read) -> None:
    """Newer and older posts, parts of the series, and related posts are linked by their titles."""
    around = Around(
        newer=card("n", "Newer & newer"),
        older=card("o", "旧", "zh-Hans"),
        next_part=card("np", "Part 3"),
        last_part=card("lp", "Part 1"),
        related=(card("r1", "R 1"), card("r2", "R 2")),
    )
    made = post(tags=("Type",), series="On type")
    page = read(post_page(site, base_url, made, {}, around))
    onward = "//div[@class='onward']"
    assert texts(page, f"{onward}/nav/a/@href") == ["/n/", "/o/"]
    assert texts(page, f"{onward}/nav/a[2]/bdi/@lang") == ["zh-Hans"]
    assert texts(page, f"{onward}/section//a/text()") == ["R 1", "R 2"]
    assert texts(page, f"{onward}/section/h2/text()") == ["More on Type"]
    assert texts(page, "//footer[@class='filing']/nav[@class='turn']/a/@href") == ["/np/", "/lp/"]
    assert texts(page, "//footer[@class='filing']/p/a/@href")[0] == "/series/on-type/"


def test_a_lonely_page_leads_to_its_month(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """Where there is no other post, nothing pretends that there is one."""
    page = read(post_page(site, base_url, post(tags=("Type",)), {}))
    assert texts(page, "//div[@class='onward']//a/@href") == ["/2021/11/"]
    assert not page.xpath("//section | //nav[@class='turn']")


@pytest.mark.parametrize(
    ("series", "name"),
    [("On type", "series:on-type"), (" On\x07 type", "series:on-type"), ("2", "series:2")],
)
def test_a_series_is_a_list(site: Site, post: Make, series: str, name: str) -> None:
    """A post with a series in its front matter stands in that list."""
    assert name in lists_of(site, post(series=series))
    assert lists_around(site, post(series=series)).series == name


@pytest.mark.parametrize("series", ["", " ", None])
def test_what_is_no_series_is_none(site: Site, post: Make, series: str | None) -> None:
    """Without a name there is no list."""
    assert lists_around(site, post(series=series)).series is None


def test_the_first_tag_is_what_others_are_related_by(site: Site, post: Make) -> None:
    """Related posts are taken from the list of the first tag alone."""
    assert lists_around(site, post(tags=("B", "A"))).tag == "tag:b"
    assert lists_around(site, post()).tag is None


def test_authors_lead_to_their_posts(site: Site, base_url: str, post: Make, read: Read) -> None:
    """Each author is a link to their page, and stands in the linked data with it."""
    page = read(post_page(site, base_url, post(authors=("Ada Quill", "林晚")), {}))
    assert texts(page, "//a[@rel='author']/@href") == [
        "/authors/ada-quill/",
        "/authors/%E6%9E%97%E6%99%9A/",
    ]
    assert f"{base_url}/authors/ada-quill/" in page.xpath("string(//script)")


def test_long_texts_have_contents(site: Site, base_url: str, post: Make, read: Read) -> None:
    """Headings with ids are listed in two levels; a text with few of them has no list."""
    html = (
        '<h2 id="a">A &amp; <code>b</code></h2><h3 id="b">B</h3><h3 id="c">C</h3><h4 id="x">X</h4>'
        '<h2 id="d">D</h2><h2 id="e"></h2>'
    )
    page = read(post_page(site, base_url, post(html=html), {}))
    assert texts(page, "//nav[@class='contents']//a/@href") == ["#a", "#b", "#c", "#d"]
    assert texts(page, "//nav[@class='contents']//li/ol//a/text()") == ["B", "C"]
    assert texts(page, "//nav[@class='contents']//a/text()")[0] == "A & b"
    assert contents_of('<h2 id="a">A</h2><h2 id="b">B</h2>') == []
    assert contents_of("<h2>A</h2><h2>B</h2><h2>C</h2>") == []
    plain = Site(theme=Theme(contents=False))
    assert not read(post_page(plain, base_url, post(html=html), {})).xpath(
        "//nav[@class='contents']"
    )


def test_covers_can_be_left_out(
    base_url: str, post: Make, images: dict[str, Image], read: Read
) -> None:
    """A site may show covers in lists alone; other sites still get them."""
    made = post(cover=COVER, images=(ImageRef(url=COVER, seen=(COVER,)),))
    page = read(post_page(Site(images=ImageSettings(cover=False)), base_url, made, images))
    assert not page.xpath("//figure")
    assert page.xpath("//meta[@property='og:image']")
    assert read(post_page(Site(), base_url, made, images)).xpath("//figure[@class='cover']//img")
