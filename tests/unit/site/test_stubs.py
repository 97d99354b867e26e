"""What stands where no page is, and what every site has."""

from collections.abc import Callable
from typing import Any

from presswork.object import Object
from presswork.settings import Site
from presswork.site import base_objects, gone, not_found, redirect, stylesheet

Read = Callable[[Object], Any]


def test_a_moved_page_leads_on(read: Read) -> None:
    """A redirect tells the edge 301 and where to, in ASCII, and a reader of its body the same."""
    stub = redirect("/2021/11/推/")
    assert stub.metadata == {
        "presswork-status": "301",
        "presswork-location": "/2021/11/%E6%8E%A8/",
    }
    page = read(stub)
    (link,) = page.xpath("//a")
    assert link.get("href") == "/2021/11/%E6%8E%A8/"
    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    assert refresh == "0; url=/2021/11/%E6%8E%A8/"


def test_metadata_have_room_for_every_location() -> None:
    """S3 keeps 2 KB of metadata; a longer way is told by the body alone."""
    stub = redirect(f"/{'推' * 300}/")
    assert not stub.metadata
    assert b"refresh" in stub.body


def test_a_removed_page_says_so(site: Site, base_url: str, read: Read) -> None:
    """A removed page is answered with 410, and no search engine keeps it."""
    stub = gone(site, base_url)
    assert stub.metadata == {"presswork-status": "410"}
    page = read(stub)
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.xpath("//link[@rel='canonical']")


def test_other_metadata_are_other_bytes(site: Site, base_url: str) -> None:
    """The store compares bodies alone, so that no two stubs may share one."""
    stubs = [gone(site, base_url), not_found(site, base_url), redirect("/a/"), redirect("/b/")]
    assert len({stub.body for stub in stubs}) == len(stubs)


def test_what_every_site_has(site: Site, base_url: str, read: Read) -> None:
    """Robots, the page for no page, and the files that pages refer to stand under their keys."""
    made = base_objects(site, base_url)
    page = read(made["404.html"])
    assert "robots.txt" in made
    for path in page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href"):
        asset = made[path.removeprefix("/")]
        assert "immutable" in asset.cache_control
    key, css = stylesheet()
    assert made[key] == css
    assert "immutable" not in made["404.html"].cache_control
