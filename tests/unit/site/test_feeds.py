"""The Atom feed, as two of its readers see it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree

from presswork.post import Image, Post
from presswork.settings import Site
from presswork.site import atom, post_json

Make = Callable[..., Post]
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></title><script>alert(1)</script>&amp;\x00\x0b\ufffe\u202e🦊 推动"


@pytest.fixture
def documents(
    site: Site, base_url: str, post: Make, images: dict[str, Image]
) -> list[Mapping[str, Any]]:
    """Two posts as their `index.json`, newest first."""
    posts = [
        post(
            id="new",
            authors=("Ada Quill",),
            tags=("Letterpress",),
            summary="Short.",
            html='<p>A &lt; B <a href="/about/">about</a></p>',
        ),
        post(id="old", date="2021-10-01T00:00:00Z", updated="2021-12-24T10:00:00Z"),
    ]
    return [json.loads(post_json(site, base_url, each, images).body) for each in posts]


def test_the_feed_is_read_without_complaint(
    site: Site, base_url: str, documents: list[Mapping[str, Any]]
) -> None:
    """A feed reader gets each post's full text, with links that work outside of the site."""
    feed = feedparser.parse(atom(site, base_url, documents).body)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "The Cellar Press"
    assert [entry.title for entry in feed.entries] == ["The press in the cellar"] * 2
    first = feed.entries[0]
    assert first.link == f"{base_url}/2021/11/the-press/"
    assert first.author == "Ada Quill"
    assert first.summary == "Short."
    assert [tag.term for tag in first.tags] == ["Letterpress"]
    (content,) = first.content
    assert content.value == f'<p>A &lt; B <a href="{base_url}/about/">about</a></p>'


def test_the_feed_has_what_atom_demands(
    site: Site, base_url: str, documents: list[Mapping[str, Any]]
) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: id, title, updated and an author, once each."""
    root = etree.fromstring(atom(site, base_url, documents).body)
    for holder in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(ATOM + name)) == 1
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The Cellar Press"
    assert root.findtext(f"{ATOM}updated") == "2021-12-24T10:00:00Z"
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(ids)) == 2


def test_an_entry_keeps_its_id_when_the_post_moves(
    site: Site, base_url: str, documents: list[Mapping[str, Any]]
) -> None:
    """No reader sees a post twice because its path or date was mended."""

    def id_of(post: Mapping[str, Any]) -> str | None:
        root = etree.fromstring(atom(site, base_url, [post]).body)
        return root.findtext(f"{ATOM}entry/{ATOM}id")

    moved = dict(documents[0]) | {
        "url": f"{base_url}/elsewhere/",
        "path": "/elsewhere/",
        "date": "2020-01-01T00:00:00Z",
    }
    assert id_of(moved) == id_of(documents[0])


def test_an_empty_feed_is_a_feed(site: Site, base_url: str) -> None:
    """A site without posts has a feed that says nothing, and says so the same way every time."""
    made = atom(site, base_url, [])
    assert not feedparser.parse(made.body).bozo
    root = etree.fromstring(made.body)
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert made == atom(site, base_url, [])


def test_hostile_words_stay_words(base_url: str, post: Make) -> None:
    """Any text can stand in a feed; characters that XML forbids are left out."""
    site = Site(title=HOSTILE)
    made = post(
        title=HOSTILE,
        summary=HOSTILE,
        tags=(HOSTILE,),
        authors=(HOSTILE,),
        categories=((HOSTILE,),),
        html=f"<p>{HOSTILE}</p>",
    )
    document = json.loads(post_json(site, base_url, made, {}).body)
    body = atom(site, base_url, [document]).body
    assert not feedparser.parse(body).bozo
    entry = etree.fromstring(body).find(f"{ATOM}entry")
    assert entry is not None
    words = "]]></title><script>alert(1)</script>&amp;\u202e🦊 推动"
    assert entry.findtext(f"{ATOM}title") == words
    assert entry.findtext(f"{ATOM}summary") == words
    assert entry.findtext(f"{ATOM}content") == f"<p>{words}</p>"
