"""The three feeds against the schemas of their formats, and as a reader gets them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from lxml import etree

from presswork.post import Image, ImageRef, Post
from presswork.settings import Author, Feeds, Site
from presswork.site import atom, feeds, json_feed, post_json, rss

Make = Callable[..., Post]
Documents = list[Mapping[str, Any]]
SCHEMAS = Path(__file__).parent / "schemas"
ATOM = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
JSON_FEED = Draft202012Validator(json.loads((SCHEMAS / "json-feed-1.1.json").read_text()))
HOSTILE = "]]></title><script>alert(1)</script>&amp;\x00\x0b\ufffe\u202e🦊 推动"
COVER = "https://img.example/hill.jpg"


@pytest.fixture
def site(base_url: str) -> Site:
    """A site that says all it can of itself and of an author."""
    return Site(
        title="The Cellar Press",
        base_url=base_url,
        description="Type, set by hand.",
        authors={"Ada Quill": Author(url="https://ada.example/")},
    )


@pytest.fixture
def documents(site: Site, base_url: str, post: Make, images: dict[str, Image]) -> Documents:
    """A plain post, a full one, one without text, and one of hostile words."""
    posts = [
        post(id="plain"),
        post(
            id="full",
            authors=("Ada Quill", "Bo"),
            tags=("Letterpress",),
            categories=(("News", "Press"),),
            summary="Short.",
            cover=COVER,
            images=(ImageRef(url=COVER, seen=(COVER,)),),
            updated="2022-01-01T00:00:00Z",
            html='<p>A &lt; B <a href="/about/">about</a></p>',
        ),
        post(id="empty", html="", summary=""),
        post(
            id="hostile",
            title=HOSTILE,
            summary=HOSTILE,
            authors=(HOSTILE,),
            tags=(HOSTILE,),
            categories=((HOSTILE,),),
            html=f"<p>{HOSTILE}</p>",
        ),
    ]
    return [json.loads(post_json(site, base_url, each, images).body) for each in posts]


@pytest.fixture(params=[True, False], ids=["full-text", "summaries"])
def sites(site: Site, request: pytest.FixtureRequest) -> Site:
    """The site with feeds of either kind."""
    return site.model_copy(update={"feeds": Feeds(full_text=request.param)})


@pytest.mark.parametrize("name", ["home", "tag:letterpress"])
def test_atom_is_valid(sites: Site, base_url: str, documents: Documents, name: str) -> None:
    """The feeds of the site and of a term are what the RELAX NG of RFC 4287 describes."""
    for posts in (documents, []):
        feed = etree.fromstring(atom(sites, base_url, posts, name=name, words="x").body)
        assert ATOM.validate(feed), ATOM.error_log


def test_json_feed_is_valid(sites: Site, base_url: str, documents: Documents) -> None:
    """The feed is what a schema of JSON Feed 1.1 describes."""
    for posts in (documents, []):
        feed = json.loads(json_feed(sites, base_url, posts).body)
        assert not [error.message for error in JSON_FEED.iter_errors(feed)]


def test_rss_has_what_it_demands(sites: Site, base_url: str, documents: Documents) -> None:
    """A feed reader finds nothing to mend; channel and items have the elements of RSS 2.0."""
    body = rss(sites, base_url, documents).body
    feed = feedparser.parse(body)
    assert not feed.bozo
    assert feed.version == "rss20"
    channel = etree.fromstring(body).find("channel")
    assert channel is not None
    for name in ("title", "link", "description"):
        assert channel.findtext(name)
    items = channel.findall("item")
    assert len(items) == len(documents)
    for item in items:
        assert item.findtext("title")
        assert item.findtext("link")
        assert item.findtext("guid")
        assert item.findtext("pubDate") == "Sun, 21 Nov 2021 18:10:05 +0000"


def test_a_json_item_holds_what_the_post_says(
    site: Site, base_url: str, documents: Documents
) -> None:
    """Text, cover, dates, authors and tags of a post stand in its item."""
    feed = json.loads(json_feed(site, base_url, documents).body)
    assert (feed["home_page_url"], feed["feed_url"]) == (f"{base_url}/", f"{base_url}/feed.json")
    item = feed["items"][1]
    assert item["content_html"] == f'<p>A &lt; B <a href="{base_url}/about/">about</a></p>'
    assert item["image"] == f"{base_url}/-/media/5eed/r1/1600.jpeg"
    assert item["date_modified"] == "2022-01-01T00:00:00Z"
    assert item["authors"] == [{"name": "Ada Quill", "url": "https://ada.example/"}, {"name": "Bo"}]
    assert item["tags"] == ["Letterpress"]


def test_a_reader_gets_the_same_of_all_three(
    site: Site, base_url: str, documents: Documents
) -> None:
    """Ids, titles and texts are the same in each of the site's feeds."""
    made = feeds(site, base_url, documents)
    assert set(made) == {"feed.xml", "rss.xml", "feed.json"}
    of_atom, of_rss = (feedparser.parse(made[key].body).entries for key in ("feed.xml", "rss.xml"))
    of_json = json.loads(made["feed.json"].body)["items"]
    assert [each.id for each in of_atom] == [each.id for each in of_rss]
    assert [each.id for each in of_atom] == [each["id"] for each in of_json]
    assert of_atom[1].content[0].value == of_rss[1].content[0].value == of_json[1]["content_html"]


def test_feeds_hold_what_the_settings_say(site: Site, base_url: str, documents: Documents) -> None:
    """A site may have shorter feeds, and feeds of summaries."""
    short = site.model_copy(update={"feeds": Feeds(entries=2, full_text=False)})
    for feed in feeds(short, base_url, documents).values():
        assert b"about</a>" not in feed.body
        assert b"Short." in feed.body
    assert len(json.loads(json_feed(short, base_url, documents).body)["items"]) == 2


def test_a_terms_feed_is_its_own(site: Site, base_url: str, documents: Documents) -> None:
    """The feed of a term has its words, its page and its own address."""
    feed = feedparser.parse(
        atom(site, base_url, documents, name="category:news/press", words="News › Press").body
    ).feed
    assert feed.title == "News › Press · The Cellar Press"
    assert feed.link == f"{base_url}/categories/news/press/"
    assert {link.href for link in feed.links if link.rel == "self"} == {
        f"{base_url}/categories/news/press/feed.xml"
    }
