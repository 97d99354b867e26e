"""Sitemaps and robots.txt."""

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from presswork.post import Card
from presswork.site import robots, sitemap_index, sitemap_shard

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_a_shard_names_pages_with_their_last_change(base_url: str) -> None:
    """Pages stand in the order of their paths, percent-encoded, but for those kept from it."""
    changed = datetime(2021, 11, 21, 18, 10, 5, tzinfo=UTC)
    cards = [
        Card(id=path, path=path, title="", date=changed, lang="en", sitemap=path != "/b/")
        for path in ("/推/?&<", "/b/", "/a/")
    ]
    root: Any = etree.fromstring(sitemap_shard(base_url, cards).body)
    assert root.xpath("//s:loc/text()", namespaces=NAMES) == [
        f"{base_url}/a/",
        f"{base_url}/%E6%8E%A8/%3F%26%3C",
    ]
    assert root.xpath("//s:lastmod/text()", namespaces=NAMES) == ["2021-11-21T18:10:05Z"] * 2


def test_the_index_names_each_list_once(base_url: str) -> None:
    """The index lists the sitemap of each month in their order, then those of pages."""
    root: Any = etree.fromstring(
        sitemap_index(
            base_url, ["period:2021-11", "period:2020-03", "period:2021-11", "pages:a"]
        ).body
    )
    assert root.tag == f"{{{NAMES['s']}}}sitemapindex"
    assert root.xpath("//s:loc/text()", namespaces=NAMES) == [
        f"{base_url}/-/sitemap/2020-03.xml",
        f"{base_url}/-/sitemap/2021-11.xml",
        f"{base_url}/-/sitemap/pages-a.xml",
    ]


def test_robots_are_shown_the_sitemap(base_url: str) -> None:
    """robots.txt allows everything and names the index by its full URL."""
    lines = robots(base_url).body.decode().splitlines()
    assert "Disallow:" not in " ".join(lines)
    assert f"Sitemap: {base_url}/sitemap.xml" in lines
