"""The demonstration's checks: a site as it should be passes, and each fault is told."""

import io
import json

import pytest
from PIL import Image

from e2e.site_check import SiteCheck
from presswork_cli.local.cloud import Response

SITE = "http://d1.cloudfront.localhost:4566"
POST = f"{SITE}/2025/01/a/"
HTML = "text/html; charset=utf-8"
HEADERS = {
    "content-security-policy": "default-src 'none'; img-src 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
PATHS = ("/2025/01/", "/tags/t/", "/categories/c/")


def webp() -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "WEBP")
    return out.getvalue()


class FakeSite:
    """A site of one post in memory; tests spoil it before they look."""

    def __init__(self) -> None:
        self.pages: dict[str, Response] = {}
        links = "".join(f'<a href="{path}">list</a>' for path in PATHS)
        self.html("/2025/01/a/", f'<h1>A</h1><img src="/-/media/x/1.webp">{links}')
        for path in ("/", *PATHS):
            self.html(path, '<a href="/2025/01/a/">A</a>')
        self.put("/-/media/x/1.webp", "image/webp", webp())
        self.put("/2025/01/a/index.json", "application/json", json.dumps({"title": "A"}).encode())
        self.put(
            "/feed.xml",
            "application/atom+xml; charset=utf-8",
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title>'
            b"<content>text</content></entry></feed>",
        )
        xmlns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        index = f"<sitemapindex {xmlns}><sitemap><loc>{SITE}/s.xml</loc></sitemap></sitemapindex>"
        shard = f"<urlset {xmlns}><url><loc>{POST}</loc></url></urlset>"
        self.put("/sitemap.xml", "application/xml; charset=utf-8", index.encode())
        self.put("/s.xml", "application/xml; charset=utf-8", shard.encode())
        robots = f"Sitemap: {SITE}/sitemap.xml\n"
        self.put("/robots.txt", "text/plain; charset=utf-8", robots.encode())

    def html(self, path: str, body: str) -> None:
        """Puts a page at a path."""
        self.put(path, HTML, f"<html><body>{body}</body></html>".encode())

    def put(self, path: str, mime: str, body: bytes, **headers: str) -> None:
        """Puts anything at a path."""
        found = HEADERS | {"content-type": mime} | headers
        self.pages[SITE + path] = Response(SITE + path, 200, found, body)

    def fetch(self, url: str) -> Response:
        """What is at an address, or the theme's page with 404."""
        absent = Response(url, 404, HEADERS | {"content-type": HTML}, b"<html>none</html>")
        return self.pages.get(url, absent)

    def problems(self) -> list[str]:
        """All that the checks find."""
        check = SiteCheck(SITE, self.fetch)
        check.post(POST, "A")
        check.lists([POST])
        check.feed({"A"})
        check.sitemap([POST])
        check.absent("/no/")
        check.unseen("Secret")
        return check.problems


@pytest.fixture
def site() -> FakeSite:
    """A site as it should be."""
    return FakeSite()


def test_a_site_as_it_should_be_has_no_problems(site: FakeSite) -> None:
    """Nothing is found where nothing is wrong."""
    assert site.problems() == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<h1>A</h1><img src="http://far.example/x.jpg">', "fetch http://far.example/x.jpg"),
        ('<h1>A</h1><img src="/-/media/x/2.webp">', "answers 404, not 200"),
        ('<h1>A</h1><img srcset="http://far.example/y.jpg 2x">', "fetch http://far.example/y.jpg"),
        ('<h1>A</h1><script src="//far.example/x.js"></script>', "fetch http://far.example/x.js"),
        ("<h1>B</h1>", "does not show its title 'A'"),
        ("<h1>A</h1>Secret", "shows 'Secret'"),
        ('<h1>A</h1><a href="/tags/u/">u</a>', "/tags/u/ answers 404, not 200"),
    ],
)
def test_a_fault_of_a_page_is_told(site: FakeSite, body: str, problem: str) -> None:
    """A page with one fault has that problem, in words that name it."""
    site.html("/2025/01/a/", body)
    assert any(problem in found for found in site.problems())


@pytest.mark.parametrize(
    ("path", "mime", "body", "problem"),
    [
        ("/-/media/x/1.webp", "image/webp", b"RIFF", "cannot be decoded"),
        ("/-/media/x/1.webp", "image/png", webp(), "is image/webp, and is called image/png"),
        ("/feed.xml", "application/atom+xml", b"<feed", "is no XML"),
        ("/feed.xml", "application/atom+xml", b"<feed/>", "misses 'A'"),
        ("/sitemap.xml", "application/xml", b"<sitemapindex/>", f"does not lead to {POST}"),
        ("/robots.txt", "text/plain", b"", "does not name the sitemap"),
        ("/2025/01/a/index.json", "application/json", b"{", "is no JSON"),
        ("/2025/01/a/index.json", "application/json", b"{}", "has the title None"),
        ("/", HTML, b"<html></html>", f"does not link to {POST}"),
        ("/", "text/plain", b"", "comes as text/plain"),
    ],
)
def test_a_fault_of_another_object_is_told(
    site: FakeSite, path: str, mime: str, body: bytes, problem: str
) -> None:
    """Images, data, feeds, sitemaps and lists are looked at too."""
    site.put(path, mime, body)
    assert any(problem in found for found in site.problems())


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("content-security-policy", "default-src 'none'; script-src 'unsafe-inline'"),
        ("x-content-type-options", ""),
        ("referrer-policy", "unsafe-url"),
    ],
)
def test_a_missing_security_header_is_told(site: FakeSite, header: str, value: str) -> None:
    """Every page carries the headers that keep its readers safe."""
    body = site.pages[f"{SITE}/"].body
    site.put("/", HTML, body, **{header: value})
    assert any("/ has " in found for found in site.problems())


@pytest.mark.parametrize("path", PATHS)
def test_a_kind_of_list_that_nothing_leads_to_is_told(site: FakeSite, path: str) -> None:
    """A month, a tag and a category are each found by following links."""
    site.html("/2025/01/a/", '<h1>A</h1><img src="/-/media/x/1.webp">')
    assert sum("leads to no page of" in found for found in site.problems()) == len(PATHS)
    others = "".join(f'<a href="{other}">list</a>' for other in PATHS if other != path)
    site.html("/2025/01/a/", f'<h1>A</h1><img src="/-/media/x/1.webp">{others}')
    assert sum("leads to no page of" in found for found in site.problems()) == 1
