"""Home, months, tags and categories."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Author, MenuEntry, Site
from presswork.site import Member, archives, home, period, term, year, years_beside

Read = Callable[[Object], Any]
HOSTILE = "</a><script>alert(1)</script>\"'>]]>\x00🦊"


def cards(count: int) -> list[Card]:
    """Cards of posts ten days apart, newest first."""
    first = datetime(2021, 11, 21, 18, 10, 5, tzinfo=UTC)
    return [
        Card(
            id=f"p{n}",
            path=f"/posts-of-old/{n}/",
            title=f"Post {n}",
            date=first - timedelta(days=10 * n),
            lang="en",
            summary=f"About {n}.",
        )
        for n in range(count)
    ]


def texts(root: Any, path: str) -> list[str]:
    """What an XPath finds, as text."""
    return [str(found) for found in root.xpath(path)]


def members(cards: Sequence[Card], words: str) -> list[Member]:
    """The cards as members that spell their term alike."""
    return [Member(card=card, words=words) for card in cards]


def test_home_shows_the_newest_twenty(site: Site, base_url: str, read: Read) -> None:
    """Home lists twenty posts with summaries, their months, and the month of the next older one."""
    page = read(home(site, base_url, cards(25), "2020-03"))
    assert texts(page, "//h2/a/text()") == [f"Post {n}" for n in range(20)]
    assert texts(page, "//p[@class='summary']/text()")[0] == "About 0."
    months = texts(page, "//main//nav//a/@href")
    assert months[:2] == ["/2021/11/", "/2021/10/"]
    assert months[-1] == "/2020/03/"
    assert months == sorted(months, reverse=True)


def test_an_empty_home_is_friendly(site: Site, base_url: str, read: Read) -> None:
    """A site without posts says so, and has no empty list."""
    page = read(home(site, base_url, [], None))
    assert "Nothing here yet" in "".join(page.itertext())
    assert not page.xpath("//ol | //main//nav")


def test_the_order_of_members_does_not_matter(site: Site, base_url: str) -> None:
    """Lists are ordered by date and id, so that equal members are equal bytes."""
    some = cards(9)
    assert home(site, base_url, some, None) == home(site, base_url, some[::-1], None)


def test_a_month_leads_to_its_neighbours(site: Site, base_url: str, read: Read) -> None:
    """A month lists all of its posts and the next months with posts on either side."""
    page = read(period(site, base_url, "2021-11", cards(2), newer="2021-12", older="2020-03"))
    assert texts(page, "//h1/text()") == ["November 2021"]
    assert texts(page, "//ol//a/text()") == ["Post 0", "Post 1"]
    assert texts(page, "//ol//time/text()") == ["22", "12"]
    assert texts(page, "//main//nav//a/@href") == ["/2021/12/", "/2020/03/"]


def test_a_split_month_leads_to_its_days(site: Site, base_url: str, read: Read) -> None:
    """In order, and to the months on either side, whether or not it lists posts itself."""
    days = ["2021-11-22", "2021-11-05"]
    page = read(period(site, base_url, "2021-11", parts=days, newer="2021-12", older="2020-03"))
    assert texts(page, "//main//ol//a/@href") == ["/2021/11/05/", "/2021/11/22/"]
    assert texts(page, "//main//ol//a/text()") == ["5", "22"]
    assert texts(page, "//main//nav//a/@href") == ["/2021/12/", "/2020/03/"]


@pytest.mark.parametrize(
    ("name", "title", "above", "path"),
    [
        ("2021-11-22", "22 November 2021", "November 2021", "/2021/11/"),
        ("2021-11-22-4", "22 November 2021 · 4", "22 November 2021", "/2021/11/22/"),
        (
            "2021-11-22-48",
            "22 November 2021 · 48",
            "22 November 2021 · 4",
            "/archives/2021/11/22/4/",
        ),
    ],
)
def test_a_period_leads_to_the_one_above_it(  # noqa: PLR0917 - fixtures and a row
    site: Site, base_url: str, read: Read, name: str, title: str, above: str, path: str
) -> None:
    """A day to its month, a part to its day, a part of a part to that; and each has a title."""
    page = read(period(site, base_url, name, cards(1)))
    assert texts(page, "//h1/text()") == [title]
    (link,) = page.xpath("//main//header//a")
    assert (link.get("href"), link.text) == (path, above)
    assert texts(page, "//main//ol//a/text()") == ["Post 0"]


def test_a_tag_is_spelled_as_its_newest_post_does(site: Site, base_url: str, read: Read) -> None:
    """The newest member's spelling is the title, whatever order the members come in."""
    newest, older = cards(2)
    both = [Member(card=older, words="letterpress"), Member(card=newest, words="LetterPress")]
    page = read(term(site, base_url, "tag:letterpress", both, None))
    assert texts(page, "//h1/text()") == ["LetterPress"]
    assert texts(page, "//main//nav//a/@href") == ["/2021/11/"]


def test_a_term_shows_the_newest_twenty(site: Site, base_url: str, read: Read) -> None:
    """A term lists twenty posts, and the months that lead to the others."""
    page = read(term(site, base_url, "tag:x", members(cards(25), "x"), "2019-07"))
    assert len(page.xpath("//h2/a")) == 20
    assert texts(page, "//main//nav//a/@href")[-1] == "/2019/07/"


def test_a_category_shows_the_way_to_it(site: Site, base_url: str, read: Read) -> None:
    """The page of a category links the categories above it by their words."""
    name = "category:新媒体/zaker/source"
    page = read(term(site, base_url, name, members(cards(1), "新媒体 › ZAKER › source"), None))
    assert texts(page, "//h1/text()") == ["source"]
    above = page.xpath("//main//header//nav//a")
    assert [each.get("href") for each in above] == [
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/",
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/zaker/",
    ]
    assert ["".join(each.itertext()) for each in above] == ["新媒体", "ZAKER"]


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


def test_a_cover_in_a_list_has_a_size(site: Site, base_url: str, read: Read) -> None:
    """A small image comes from the site, and the page is laid out before it arrives."""
    (card,) = cards(1)
    page = read(
        home(site, base_url, [card.model_copy(update={"cover": "-/media/5eed/r1/800.webp"})], None)
    )
    (image,) = page.xpath("//img")
    assert image.get("src") == "/-/media/5eed/r1/800.webp"
    assert image.get("width")
    assert image.get("height")


@pytest.mark.parametrize("kind", ["home", "month", "tag", "category"])
def test_hostile_words_stay_words(base_url: str, read: Read, kind: str) -> None:
    """Whatever stands in a card, a list has no script and no broken tag."""
    hostile = Card(
        id="p",
        path=f"/{HOSTILE}/",
        title=HOSTILE,
        date=datetime(2021, 11, 21, tzinfo=UTC),
        lang='en" onload="x',
        summary=HOSTILE,
        cover=f"-/media/{HOSTILE}",
    )
    site = Site(title=HOSTILE)
    page = read(
        {
            "home": lambda: home(site, base_url, [hostile], None),
            "month": lambda: period(site, base_url, "2021-11", [hostile]),
            "tag": lambda: term(site, base_url, "tag:x", members([hostile], HOSTILE), None),
            "category": lambda: term(
                site, base_url, "category:x", members([hostile], HOSTILE), None
            ),
        }[kind]()
    )
    shown = HOSTILE.replace("\x00", "")
    assert shown in texts(page, "//ol//a/text()")
    assert not page.xpath(
        "//script[not(@type='application/ld+json')] | //style | //@style | //@onload"
    )


MONTHS = ["2020-03", "2021-02", "2021-11", "2023-01"]


def test_a_year_lists_its_months(site: Site, base_url: str, read: Read) -> None:
    """A year leads to its months that have posts, and to the years that have some beside it."""
    page = read(year(site, base_url, "2021", MONTHS))
    assert texts(page, "//main//h1/text()") == ["2021"]
    assert texts(page, "//main//ul//a/@href") == ["/2021/11/", "/2021/02/"]
    assert texts(page, "//main//ul//a/text()") == ["November", "February"]
    assert texts(page, "//main//nav//a/@href") == ["/2023/", "/2020/"]


def test_the_archives_lead_to_every_month(site: Site, base_url: str, read: Read) -> None:
    """All months that have posts are one page away from every page, whatever their order."""
    page = read(archives(site, base_url, MONTHS[::-1]))
    assert texts(page, "//main//ul//a/@href") == [
        "/2023/01/",
        "/2021/11/",
        "/2021/02/",
        "/2020/03/",
    ]
    assert texts(page, "//main//h2/a/@href") == ["/2023/", "/2021/", "/2020/"]
    assert "/archives/" in texts(read(home(site, base_url, [], None)), "//header//a/@href")
    assert read(archives(site, base_url, [])).xpath("//main//p")


@pytest.mark.parametrize(
    ("month", "years"),
    [
        ("2021-11", ("2020", "2021", "2023")),
        ("2022-05", ("2021", "2022", "2023")),
        ("2019-01", ("2019", "2020")),
        ("2024-01", ("2023", "2024")),
    ],
)
def test_a_month_changes_the_years_beside_its_own(month: str, years: tuple[str, ...]) -> None:
    """A month that comes or goes may be the only one of its year: its neighbours lead past it."""
    assert years_beside(month, MONTHS) == years


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


def test_the_menu_is_that_of_the_settings(base_url: str, read: Read) -> None:
    """Each link of the menu stands on every page, and the one to the page itself says so."""
    menu = (
        MenuEntry(text="Press <us>", url="/2021/"),
        MenuEntry(text="B", url="mailto:b@b.example"),
    )
    page = read(year(Site(menu=menu), base_url, "2021", MONTHS))
    links = page.xpath("//header//nav//a")
    assert [link.get("href") for link in links] == [
        "/2021/",
        "mailto:b@b.example",
        "/archives/",
        "/search/",
    ]
    assert links[0].text == "Press <us>"
    assert [link.get("aria-current") for link in links] == ["page", None, None, None]


def test_a_described_site_says_what_it_is(base_url: str, read: Read) -> None:
    """The description stands on the home page, for readers and for search engines."""
    page = read(home(Site(description="Type & ink"), base_url, [], None))
    assert texts(page, "//main/p[@class='motto']/text()") == ["Type & ink"]
    assert texts(page, "//meta[@name='description']/@content") == ["Type & ink"]
