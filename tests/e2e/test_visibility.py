"""Who may see a post, as an anonymous reader finds it through CloudFront."""

import hashlib
import re
from datetime import UTC, datetime

from e2e.local import Local, markdown
from e2e.outside import PICTURES

PICTURE = (PICTURES / "ferry.jpg").read_bytes() + b"\0visibility"
HASH = hashlib.sha256(PICTURE).hexdigest()


def now() -> str:
    """A date that makes news."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown_in(local: Local, title: str, path: str) -> set[str]:
    """The places other than its own page that name a post."""
    places = ("/", "/archives/", "/tags/visibility/", "/rss.xml", "/feed.json", "/sitemap.xml")
    found = {place for place in places if path in local.get(place).text}
    found |= {"/feed.xml"} if title in local.feed() else set()
    found |= {"sitemap"} if local.url(path) in local.sitemap() else set()
    searched = [key for key in local.objects("search/") if title in local.get(f"/{key}").text]
    return found | set(searched)


def test_an_unlisted_post_has_a_page_and_nothing_else(local: Local) -> None:
    """Its address answers; engines are told to leave page and data alone; nobody is told."""
    title = "Only for who knows the address"
    text = markdown(title, date=now(), tags="[visibility]", unlisted="true", slug="by-address")
    answer = local.publish("posts/visibility/unlisted.md", text)
    assert (answer.status, [stage.stage for stage in answer.stages][-1]) == ("unlisted", "index")
    assert answer.url is not None
    local.wait_until_idle()
    for address in (answer.url, f"{answer.url}index.json"):
        found = local.get(address)
        assert (found.status, found.headers["x-robots-tag"]) == (200, "noindex")
        assert not any(name.startswith("x-amz-meta-presswork") for name in found.headers)
    assert '<meta name="robots" content="noindex">' in local.get(answer.url).text
    assert local.document(answer.url)["visibility"] == "unlisted"
    assert shown_in(local, title, answer.url.removeprefix(local.url("").rstrip("/"))) == set()
    assert local.mails(title) == []


def test_noindex_alone_is_listed(local: Local) -> None:
    """The page stands in lists and feeds, tells engines to leave it, and is in no sitemap."""
    title = "Not for search engines"
    text = markdown(title, date=now(), tags="[visibility]", noindex="true", slug="no-engines")
    url = local.live("posts/visibility/noindex.md", text)
    assert local.get(url).headers["x-robots-tag"] == "noindex"
    places = shown_in(local, title, url.removeprefix(local.url("").rstrip("/")))
    assert {"/", "/tags/visibility/", "/feed.xml"} <= places
    assert not {"sitemap", "/sitemap.xml"} & places
    assert "x-robots-tag" not in local.get("/").headers


def test_a_post_that_gets_a_password_takes_its_picture_along(local: Local) -> None:
    """410 for the page, 404 for what it alone showed, and caches are told to forget both."""
    key, title = "posts/visibility/family.md", "For the family"
    front = {"tags": "[visibility]", "slug": "family"}
    local.put("posts/visibility/secret.jpg", PICTURE)
    url = local.live(key, markdown(title, "![Us](secret.jpg)", **front))
    (source, *_) = re.findall(rf'src="(/[^"]*{HASH}[^"]*)"', local.get(url).text)
    assert local.get(source).status == 200
    answer = local.publish(key, markdown(title, "![Us](secret.jpg)", password="hunter2", **front))
    assert answer.status == "draft"
    local.wait_until_idle()
    assert local.get(url).status == 410
    assert local.get(source).status == 404
    assert not [name for name in local.objects() if HASH in name]
    assert f"{source.partition(HASH)[0]}{HASH}/*" in local.forgotten()
    assert shown_in(local, title, url.removeprefix(local.url("").rstrip("/"))) == set()


def test_an_embargo_holds(local: Local) -> None:
    """A date of the past does not show a post before the day that it names."""
    text = markdown("Under embargo", date="2024-01-02", publishDate="2099-01-01", slug="embargo")
    answer = local.publish("posts/visibility/embargo.md", text)
    assert (answer.status, answer.url) == ("scheduled", None)
    assert local.get("/2024/01/embargo/").status == 404


def test_what_is_written_empty_keeps_what_is_live(local: Local) -> None:
    """A post and a page stand while a mounted disk has written no more of them than a name."""
    for key in ("posts/visibility/mounted.md", "pages/visibility.md"):
        url = local.live(key, markdown("On a mounted disk", slug="mounted"))
        before = local.cloud.stores.sources.read(key)
        assert before is not None
        lock = before.lock_version
        local.put(key, b"")
        local.until(lambda key=key, lock=lock: _is_looked_at(local, key, lock))  # type: ignore[misc]
        local.wait_until_idle()
        assert local.get(url).status == 200
        local.live(key, markdown("On a mounted disk", "Written.", slug="mounted"))
        assert "Written." in local.get(url).text
    assert local.dead_letters() == {}


def _is_looked_at(local: Local, key: str, lock: int) -> bool:
    source = local.cloud.stores.sources.read(key)
    return source is not None and source.lock_version > lock
