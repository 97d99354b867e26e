"""Looks at a published site as its readers do, through CloudFront's address alone."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from PIL import Image

from presswork_cli.local.cloud import Response

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

_HTML = "text/html; charset=utf-8"
_FETCHING = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "script": ("src",),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
}
_LINK_RELS = {"stylesheet", "icon", "preload", "modulepreload"}
_LISTS = {
    "a month": re.compile(r"^/\d{4}/\d{2}/$"),
    "a tag": re.compile(r"^/tags/[^/]+/$"),
    "a category": re.compile(r"^/categories/.+/$"),
}


@dataclass
class SiteCheck:
    """Fetches and checks; `problems` tells in words what is not as it should be.

    `site` is the site's address without a slash at the end.
    """

    site: str
    fetch: Callable[[str], Response]
    problems: list[str] = field(default_factory=list)
    pages: dict[str, Response] = field(default_factory=dict)
    images: set[str] = field(default_factory=set)
    feeds: set[str] = field(default_factory=set)

    def post(self, url: str, title: str) -> None:
        """A live post: its page, its pictures, and its data."""
        page = self._page(url)
        if title not in page.text:
            self._problem(url, f"does not show its title {title!r}")
        data = self._get(urljoin(url, "index.json"), 200, "application/json")
        try:
            document = json.loads(data.body)
        except ValueError:
            self._problem(data.url, "is no JSON")
            return
        if document.get("title") != title:
            self._problem(data.url, f"has the title {document.get('title')!r}, not {title!r}")

    def lists(self, posts: list[str]) -> None:
        """The home page names every post; all that is linked is there, each kind of list too."""
        home = self._page(f"{self.site}/")
        linked = set(self._links(home))
        for url in posts:
            if url not in linked:
                self._problem(home.url, f"does not link to {url}")
        waiting = list(linked)
        followed = {home.url}
        while waiting:
            url = waiting.pop()
            if url not in followed and self._is_page(url):
                followed.add(url)
                waiting += self._links(self.pages.get(url) or self._page(url))
        paths = [unquote(urlsplit(url).path) for url in self.pages]
        for kind, pattern in _LISTS.items():
            if not any(pattern.match(path) for path in paths):
                self._problem(home.url, f"leads to no page of {kind}")

    def feed(self, titles: set[str]) -> None:
        """The Atom feed has one entry for each of the titles, with its full text."""
        page = self._get(f"{self.site}/feed.xml", 200, "application/atom+xml")
        self.feeds.add(page.url)
        entries = self._xml(page).findall(f"{ATOM}entry")
        found = {entry.findtext(f"{ATOM}title", "") for entry in entries}
        for title in sorted(titles ^ found):
            self._problem(page.url, f"{'misses' if title in titles else 'has'} {title!r}")
        for entry in entries:
            if not entry.findtext(f"{ATOM}content"):
                self._problem(page.url, f"has no text for {entry.findtext(f'{ATOM}title')!r}")

    def sitemap(self, posts: list[str]) -> None:
        """The sitemap's shards name every post; robots.txt names the sitemap."""
        index = self._get(f"{self.site}/sitemap.xml", 200, "application/xml")
        robots = self._get(f"{self.site}/robots.txt", 200, "text/plain")
        if f"Sitemap: {index.url}" not in robots.text:
            self._problem(robots.url, "does not name the sitemap")
        named: set[str] = set()
        for place in self._xml(index).iter(f"{SITEMAPS}loc"):
            shard = self._get(place.text or "", 200, "application/xml")
            named |= {loc.text or "" for loc in self._xml(shard).iter(f"{SITEMAPS}loc")}
        for url in posts:
            if url not in named:
                self._problem(index.url, f"does not lead to {url}")

    def absent(self, path: str) -> None:
        """An address without a page is answered by the theme's page, with 404."""
        page = self._get(f"{self.site}{path}", 404, _HTML)
        if b"</html>" not in page.body:
            self._problem(page.url, "is not answered by the theme's page")

    def unseen(self, title: str) -> None:
        """No page that was fetched shows a title that readers are not to see."""
        for page in self.pages.values():
            if title in page.text:
                self._problem(page.url, f"shows {title!r}, which is not for readers")

    def _page(self, url: str) -> Response:
        page = self._get(url, 200, _HTML)
        self.pages[url] = page
        if not page.headers.get("content-type", "").startswith("text/html"):
            return page
        self._headers(page)
        for reference in self._references(page):
            address = urljoin(url, reference)
            if not address.startswith(f"{self.site}/"):
                self._problem(url, f"makes its readers fetch {address}")
            elif urlsplit(address).path.startswith("/-/media/"):
                self._image(address)
            else:
                self._get(address, 200, "")
        return page

    def _headers(self, page: Response) -> None:
        policy = page.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self._problem(page.url, f"has the content security policy {policy!r}")
        for name, value in (
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
        ):
            if page.headers.get(name) != value:
                self._problem(page.url, f"has {name}: {page.headers.get(name)!r}, not {value!r}")

    def _references(self, page: Response) -> Iterator[str]:
        """All that a browser fetches by itself for a page."""
        document = BeautifulSoup(page.body, "lxml")
        for tag, attributes in _FETCHING.items():
            for element in document.find_all(tag):
                for attribute in attributes:
                    value = str(element.get(attribute) or "")
                    if attribute == "srcset":
                        yield from (part.split()[0] for part in value.split(",") if part.strip())
                    elif value:
                        yield value
        for element in document.find_all("link"):
            if _LINK_RELS & set(element.get_attribute_list("rel")):
                yield str(element.get("href"))
        for element in document.find_all("meta", property="og:image"):
            yield str(element.get("content"))

    def _links(self, page: Response) -> list[str]:
        if not page.headers.get("content-type", "").startswith("text/html"):
            return []
        found = BeautifulSoup(page.body, "lxml").find_all("a", href=True)
        addresses = [urljoin(page.url, str(link["href"])).partition("#")[0] for link in found]
        return [address for address in addresses if address.startswith(f"{self.site}/")]

    def _is_page(self, url: str) -> bool:
        return urlsplit(url).path.endswith("/")

    def _image(self, url: str) -> None:
        if url in self.images:
            return
        self.images.add(url)
        page = self._get(url, 200, "image/")
        try:
            with Image.open(io.BytesIO(page.body)) as image:
                image.load()
                mime = Image.MIME[image.format or ""]
        except (OSError, KeyError) as error:
            self._problem(url, f"cannot be decoded: {error}")
            return
        if page.headers.get("content-type") != mime:
            self._problem(url, f"is {mime}, and is called {page.headers.get('content-type')}")

    def _xml(self, page: Response) -> ET.Element:
        try:
            return ET.fromstring(page.body)
        except ET.ParseError as error:
            self._problem(page.url, f"is no XML: {error}")
            return ET.Element("nothing")

    def _get(self, url: str, status: int, mime: str) -> Response:
        page = self.fetch(url)
        found = page.headers.get("content-type", "")
        if page.status != status:
            self._problem(url, f"answers {page.status}, not {status}")
        elif not found.startswith(mime):
            self._problem(url, f"comes as {found}, not as {mime}")
        return page

    def _problem(self, url: str, what: str) -> None:
        self.problems.append(f"{url} {what}")
