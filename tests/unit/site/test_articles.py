"""The page of a post and its data."""

import json
import re
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import urljoin

import pytest

from presswork.object import Object
from presswork.post import Image, ImageRef, ImageState, Post
from presswork.settings import Site
from presswork.site import PAGE_LISTS, href, lists_of, post_json, post_page
from presswork.site.objects import hidden_page

HOME = "https://img.example/hill.jpg"
OWED = "https://img.example/forme.jpg?a=1&b=2"
HOSTILE = (
    "</title><script>alert(1)</script></script x\"'><img src=x onerror=alert(2)>]]>"
    "\x00\x0b\x1b{{ 7*7 }}<!-- 🦊 مرحبا \u202e"
)

Make = Callable[..., Post]
Read = Callable[[Object], Any]
Images = dict[str, Image]


def texts(root: Any, path: str) -> list[str]:
    """What an XPath finds, as text."""
    return [str(found) for found in root.xpath(path)]


def test_a_page_shows_the_post(site: Site, base_url: str, post: Make, read: Read) -> None:
    """The page has the title, the day in the site's zone, the authors, and where it is filed."""
    made = post(
        lang="en-GB",
        authors=("Ada Quill", "M. Forme"),
        categories=(("Workshop", "Hand presses"),),
        tags=("印刷",),
    )
    page = read(post_page(site, base_url, made, {}))
    assert texts(page, "/html/@lang") == ["en-GB"]
    assert texts(page, "//h1//text()") == ["The press in the cellar"]
    assert texts(page, "//time/@datetime") == ["2021-11-22T02:10:05+08:00"]
    assert texts(page, "//time/text()") == ["22 November 2021"]
    assert texts(page, "//*[@class='author']//text()") == ["Ada Quill", "M. Forme"]
    assert texts(page, "//a[@rel='category']/@href") == [
        "/categories/workshop/",
        "/categories/workshop/hand-presses/",
    ]
    assert texts(page, "//a[@rel='tag']/@href") == ["/tags/%E5%8D%B0%E5%88%B7/"]
    assert texts(page, "//link[@rel='canonical']/@href") == [f"{base_url}/2021/11/the-press/"]
    assert texts(page, "//link[@type='application/atom+xml']/@href") == ["/feed.xml"]


def test_an_image_that_came_home_is_a_picture_of_the_site(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """A rehosted image is offered in each width and format, with its natural size."""
    html = f'<p><img src="{HOME}" alt="A &quot;hill&quot; &lt;b>"></p>'
    page = read(post_page(site, base_url, post(html=html), images))
    (source,) = page.xpath("//picture/source")
    (image,) = page.xpath("//picture/img")
    assert source.get("type") == "image/webp"
    assert (
        source.get("srcset") == "/-/media/5eed/r1/800.webp 800w, /-/media/5eed/r1/1600.webp 1600w"
    )
    assert image.get("src") == "/-/media/5eed/r1/1600.jpeg"
    assert image.get("srcset") == "/-/media/5eed/r1/800.jpeg 800w, /-/media/5eed/r1/1600.jpeg 1600w"
    assert (image.get("width"), image.get("height")) == ("1600", "1000")
    assert image.get("alt") == 'A "hill" <b>'
    assert image.get("decoding") == "async"


def test_a_link_to_the_full_size_leads_to_the_site(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """A link to an image that came home leads to its largest file, any other where it led."""
    html = (
        f'<p><a href="{HOME}" rel="noopener"><img src="{HOME}" alt=""></a> '
        f'<a href="{escape(OWED)}">b</a> <a href="https://x.example/">c</a></p>'
    )
    page = read(post_page(site, base_url, post(html=html), images))
    assert texts(page, "//a[picture]/@href") == ["/-/media/5eed/r1/1600.jpeg"]
    assert texts(page, "//a[text()='b' or text()='c']/@href") == [OWED, "https://x.example/"]


def test_a_player_plays_the_copy_on_the_site(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """A film that came home is played from its copy, in data by its full address."""
    copied = {"a.mp4": Image(state=ImageState.REHOSTED, media="5eed", file="-/media/5eed/a.mp4")}
    html = '<video controls=""><source src="a.mp4"></video><audio src="b.mp3"></audio>'
    page = read(post_page(site, base_url, post(html=html), copied))
    assert texts(page, "//source/@src") == ["/-/media/5eed/a.mp4"]
    assert texts(page, "//audio/@src") == ["b.mp3"]
    data = json.loads(post_json(site, base_url, post(html=html), copied).body)
    assert f'<source src="{base_url}/-/media/5eed/a.mp4">' in data["html"]
    assert f'<audio src="{base_url}/posts/' not in data["html"]


def test_only_the_first_image_loads_at_once(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """All images but the first of a page are lazy, a cover counting as the first."""
    html = f'<p><img src="{HOME}" alt=""></p>' * 2
    page = read(post_page(site, base_url, post(html=html), images))
    assert [each.get("loading") for each in page.xpath("//img")] == [None, "lazy"]
    cover = "https://img.example/cover.jpg"
    covered = post(html=html, cover=cover)
    page = read(post_page(site, base_url, covered, images | {cover: images[HOME]}))
    assert [each.get("loading") for each in page.xpath("//img")] == [None, "lazy", "lazy"]


@pytest.mark.parametrize("state", [ImageState.OWED, ImageState.REFUSED, ImageState.LOST, None])
def test_an_absent_image_is_a_note_with_a_link(
    site: Site, base_url: str, post: Make, read: Read, state: ImageState | None
) -> None:
    """An image that is not home is its alternative text and a link; nothing is loaded for it."""
    html = '<p><img src="https://img.example/forme.jpg?a=1&amp;b=2" alt="The <forme>"></p>'
    images = {OWED: Image(state=state)} if state else {}
    page = read(post_page(site, base_url, post(html=html), images))
    (note,) = page.xpath("//p/*[@class='absent']")
    (link,) = note.xpath(".//a")
    assert "The <forme>" in "".join(note.itertext())
    assert link.get("href") == OWED
    assert link.get("rel") == "nofollow noreferrer"
    assert not page.xpath("//img")


def test_an_absent_image_inside_a_link_has_no_link_of_its_own(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """Links never nest; after the outer one ends, a note has its own again."""
    image = '<img src="https://img.example/x.jpg" alt="x">'
    html = f'<p><a href="https://img.example/big.jpg">{image}</a>{image}</p>'
    page = read(post_page(site, base_url, post(html=html), {}))
    assert texts(page, "//div[@class='text']//p/a/@href") == ["https://img.example/big.jpg"]
    assert texts(page, "//div//p/span//a/@href") == ["https://img.example/x.jpg"]


def test_the_cover_is_shown_once(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """A cover stands above the text, unless the text shows the same image."""
    alone = read(post_page(site, base_url, post(cover=HOME), images))
    assert len(alone.xpath("//figure[@class='cover']//img")) == 1
    html = f'<p><img src="{HOME}" alt=""></p>'
    repeated = read(post_page(site, base_url, post(cover=HOME, html=html), images))
    assert len(repeated.xpath("//img")) == 1
    owed = read(post_page(site, base_url, post(cover=OWED), images))
    assert not owed.xpath("//figure")


def test_other_sites_are_shown_the_cover(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """OpenGraph and JSON-LD name the widely known file of the cover, by its full URL and size."""
    page = read(post_page(site, base_url, post(cover=HOME), images))
    url = f"{base_url}/-/media/5eed/r1/1600.jpeg"
    assert texts(page, "//meta[@property='og:image']/@content") == [url]
    assert texts(page, "//meta[@property='og:image:height']/@content") == ["1000"]
    (data,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(data.text)["image"]["url"] == url


def test_hostile_words_stay_words(base_url: str, post: Make, images: Images, read: Read) -> None:
    """Whatever an author writes into any field, the page has no script, handler or broken tag."""
    made = post(
        title=HOSTILE,
        summary=HOSTILE,
        authors=(HOSTILE,),
        tags=(HOSTILE,),
        categories=((HOSTILE, HOSTILE),),
        lang='en" onload="x',
        cover=HOME,
        images=(ImageRef(url=HOME, seen=(), alt=HOSTILE),),
    )
    page = read(post_page(Site(title=HOSTILE), base_url, made, images))
    seen = re.sub("[\x00\x0b\x1b]", "", HOSTILE)
    assert texts(page, "//h1//text()") == [seen]
    assert texts(page, "//meta[@name='description']/@content") == [seen]
    assert texts(page, "//img/@alt") == [seen]
    assert texts(page, "//script/@type") == ["application/ld+json"]
    assert not [name for element in page.iter("*") for name in element.attrib if name[:2] == "on"]
    assert not page.xpath("//@style | //style")
    assert json.loads(page.xpath("//script")[0].text)["headline"] == HOSTILE


def test_nothing_is_asked_of_third_parties(
    site: Site, base_url: str, post: Make, images: Images, read: Read
) -> None:
    """Everything that a page loads comes from the site itself."""
    html = "".join(
        f'<p><img src="{url}" alt=""><video src="v.mp4" poster="{url}"></video></p>'
        for url in (HOME, OWED.replace("&", "&amp;"))
    )
    page = read(post_page(site, base_url, post(html=html, cover=HOME), images))
    assert texts(page, "//@poster") == ["/-/media/5eed/r1/1600.jpeg"]
    loaded = texts(page, "//@src | //@poster | //link[@rel='stylesheet' or @rel='icon']/@href")
    loaded += [part.split()[0] for srcset in texts(page, "//@srcset") for part in srcset.split(",")]
    assert len(loaded) == 10
    assert all(urljoin(base_url, url).startswith(f"{base_url}/") for url in loaded)


def test_wide_parts_scroll_by_themselves(site: Site, base_url: str, post: Make, read: Read) -> None:
    """A table scrolls in a box of its own that the keyboard reaches; a table within it does not."""
    inner = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    html = f"<table><tbody><tr><td>{inner}</td></tr></tbody></table><pre><code>x</code></pre>"
    page = read(post_page(site, base_url, post(html=html), {}))
    (box,) = page.xpath("//section[@class='wide']")
    assert (box.get("aria-label"), box.get("tabindex")) == ("Table 1", "0")
    assert len(box.xpath(".//table")) == 2
    assert texts(page, "//pre/@tabindex") == ["0"]


def test_a_post_as_data(site: Site, base_url: str, post: Make, images: Images) -> None:
    """`index.json` is the post without the spellings of its source, and its URLs work anywhere."""
    made = post(
        html=f'<p><img src="{HOME}" alt="A"> <a href="/about/">b</a> <a href="#fn-1">1</a>'
        ' <a href="../x/?a=1&amp;b=2">c</a> <a href="mailto:a@b.example">d</a></p>',
        images=(
            ImageRef(url=HOME, seen=("https://proxy.example/?" + HOME,), alt="A"),
            ImageRef(url=OWED, seen=(OWED,)),
        ),
        extra={"mood": "calm"},
        revision="abc",
    )
    data: dict[str, Any] = json.loads(post_json(site, base_url, made, images).body)
    assert data["url"] == f"{base_url}/2021/11/the-press/"
    assert data["date"] == "2021-11-21T18:10:05Z"
    assert data["extra"] == {"mood": "calm"}
    first, second = data["images"]
    assert first["state"] == "rehosted"
    assert first["picture"]["files"]["800"]["webp"] == f"{base_url}/-/media/5eed/r1/800.webp"
    assert second == {"url": OWED, "alt": "", "state": "owed", "picture": None}
    assert "proxy.example" not in str(data)
    links = re.findall('href="([^"]*)"', data["html"])
    assert links == [
        f"{base_url}/about/",
        f"{base_url}/2021/11/the-press/#fn-1",
        f"{base_url}/2021/11/x/?a=1&amp;b=2",
        "mailto:a@b.example",
    ]
    assert f'src="{base_url}/-/media/5eed/r1/1600.jpeg"' in data["html"]


def test_data_is_readable_and_ordered(site: Site, base_url: str, post: Make) -> None:
    """`index.json` keeps every script as it is, and its keys in one order."""
    body = post_json(site, base_url, post(title="推动共建"), {}).body.decode()
    assert '"title":"推动共建"' in body
    assert list(json.loads(body)) == sorted(json.loads(body))


def test_a_page_without_lists_has_no_date_and_leads_nowhere(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """What stands in no list names no day, no month, no terms; it is no article to others."""
    made = post(page=True, path="/about/", tags=("Sea",), categories=(("A",),), series="S")
    page = read(post_page(site, base_url, made, {}))
    assert texts(page, "//h1//text()") == ["The press in the cellar"]
    assert texts(page, "//time") == texts(page, "//*[@class='byline']") == []
    assert texts(page, "//article//a/@href") == texts(page, "//*[@class='onward']") == []
    assert texts(page, "//meta[@property='og:type']/@content") == ["website"]
    assert texts(page, "//meta[starts-with(@property, 'article:')]") == []
    (data,) = texts(page, "//script[@type='application/ld+json']/text()")
    assert json.loads(data)["@type"] == "WebPage"
    assert not {"datePublished", "dateModified"} & json.loads(data).keys()
    assert lists_of(site, made).keys() <= set(PAGE_LISTS)
    assert json.loads(post_json(site, base_url, made, {}).body)["page"] is True


def test_formulas_are_drawn_on_the_page_alone(site: Site, base_url: str, post: Make) -> None:
    """The page has MathML; the data have the TeX, which every reader of feeds can show."""
    made = post(html='<p><span data-math-style="inline">x^2</span></p>')
    page = post_page(site, base_url, made, {})
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page.body.decode()
    assert json.loads(post_json(site, base_url, made, {}).body)["html"] == made.html


def test_the_contents_are_the_headings_as_the_page_shows_them(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """The main sections stand in them whatever the level that their author began with."""
    html = "".join(
        f'<h{level} id="{id}">{id}</h{level}>'
        for level, id in [(1, "one"), (2, "two"), (3, "three"), (1, "four"), (5, "five")]
    )
    page = read(post_page(site, base_url, post(html=html), {}))
    upper = texts(page, "//nav[@class='contents']/details/ol/li/a/text()")
    assert upper == texts(page, "//div[contains(@class, 'text')]//h2/text()") == ["one", "four"]
    lower = texts(page, "//nav[@class='contents']//ol//ol//a/text()")
    assert lower == texts(page, "//div[contains(@class, 'text')]//h3/text()") == ["two", "five"]


def test_search_engines_are_told_where_the_text_stood_first(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """The canonical address is the author's where there is one, else that of the page."""
    address = "https://elsewhere.example/original?a=1&b=2"
    elsewhere = read(post_page(site, base_url, post(canonical=address), {}))
    assert texts(elsewhere, "//link[@rel='canonical']/@href") == [address]
    own = post()
    page = read(post_page(site, base_url, own, {}))
    assert texts(page, "//link[@rel='canonical']/@href") == [f"{base_url}{href(own.path)}"]


def test_the_error_page_is_a_page_without_an_address(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """It has the text of its author, and tells search engines to forget it."""
    page = read(post_page(site, base_url, post(page=True, path="/404.html"), {}))
    assert not page.xpath("//link[@rel='canonical'] | //meta[@property='og:url']")
    assert texts(page, "//meta[@name='robots']/@content") == ["noindex"]
    assert lists_of(site, post(page=True, path="/404.html")) == {}


def test_an_unlisted_post_leads_nowhere_and_is_kept_from_engines(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """Its page has its date, and no link to a list that may not be there."""
    made = post(visibility="unlisted", noindex=True, tags=("Sea",), series="S", authors=("Ann",))
    page = post_page(site, base_url, made, {})
    root = read(page)
    assert texts(root, "//time")
    assert texts(root, "//article//a/@href") == texts(root, "//*[@class='onward']") == []
    assert texts(root, "//head/meta[@name='robots']/@content") == ["noindex"]
    data = post_json(site, base_url, made, {})
    assert page.metadata == data.metadata == {"presswork-robots": "noindex"}
    assert json.loads(data.body)["visibility"] == "unlisted"
    assert lists_of(site, made) == {}


def test_a_post_with_noindex_stands_in_its_lists(
    site: Site, base_url: str, post: Make, read: Read
) -> None:
    """Only search engines are told."""
    made = post(noindex=True, tags=("Sea",))
    root = read(post_page(site, base_url, made, {}))
    assert texts(root, "//head/meta[@name='robots']/@content") == ["noindex"]
    assert "/tags/sea/" in texts(root, "//a/@href")
    assert "home" in lists_of(site, made)
    assert post_page(site, base_url, post(), {}).metadata == {}


@pytest.mark.parametrize("html", ["<html><HEAD lang=en><title>x</title>", "no head at all"])
def test_no_theme_can_forget_to_tell_engines(html: str) -> None:
    """The tag is put into whatever page a template made, so that other metadata are other bytes."""
    made = hidden_page(html)
    assert b'<meta name="robots" content="noindex">' in made.body
    assert made.body != html.encode()


def test_a_poster_that_nobody_has_is_left_out(
    site: Site, base_url: str, post: Callable[..., Post]
) -> None:
    """Also where the post has no image at all: a page asks no other host for anything."""
    html = '<video src="v.mp4" poster="https://other.example/p.jpg"></video>'
    page = post_page(site, base_url, post(html=html), {}).body
    assert b"v.mp4" in page
    assert b"other.example" not in page
