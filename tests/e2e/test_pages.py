"""What readers get through CloudFront."""

import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from e2e.local import Local, markdown
from e2e.outside import ORIGIN
from presswork_cli.local.cloud import Response

KEY = "posts/pages-test.md"
TEXT = f"Before.\n\n![A ferry](http://{ORIGIN}/ferry.jpg)\n\nAfter."


@pytest.fixture(scope="module")
def page(local: Local) -> Response:
    """The page of a post with an image."""
    return local.get(local.live(KEY, markdown("A page with a picture", TEXT, tags="[ferries]")))


def test_a_page_is_html(page: Response) -> None:
    """A live post is answered with 200 and its type."""
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ],
)
def test_a_page_carries_security_headers(page: Response, header: str, value: str) -> None:
    """Browsers are told not to guess types and not to tell others the whole address."""
    assert page.headers[header] == value


def test_a_page_allows_no_inline_script(page: Response) -> None:
    """The content security policy starts from nothing and allows nothing inline."""
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_the_images_of_a_page_come_from_the_site(local: Local, page: Response) -> None:
    """Every source of an image is the site's own, decodes, and has the type it claims."""
    document = BeautifulSoup(page.body, "lxml")
    sources = {str(image["src"]) for image in document.select("article img")}
    for element in document.select("article img[srcset], article source[srcset]"):
        sources |= {part.split()[0] for part in str(element["srcset"]).split(",")}
    assert len(sources) >= 4
    for source in sources:
        answer = local.get(source)
        with Image.open(io.BytesIO(answer.body)) as image:
            image.load()
            assert answer.headers["content-type"] == Image.MIME[image.format or ""]


def test_an_image_in_a_page_has_its_size(page: Response) -> None:
    """Width and height stand in the page, so that nothing jumps when the image comes."""
    image = BeautifulSoup(page.body, "lxml").select_one("article img")
    assert image is not None
    assert (image["width"], image["height"]) == ("1280", "800")


@pytest.mark.parametrize("path", ["/no/such/page/", "/no-such-file.txt", "/-/media/none.webp"])
def test_an_unknown_path_is_404_with_the_themes_page(
    local: Local, page: Response, path: str
) -> None:
    """What is not there is answered in the words of the site."""
    answer = local.get(path)
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    document, home = BeautifulSoup(answer.body, "lxml"), BeautifulSoup(page.body, "lxml")
    style, own = (
        document.select_one("link[rel=stylesheet]"),
        home.select_one("link[rel=stylesheet]"),
    )
    assert style is not None
    assert own is not None
    assert style["href"] == own["href"]


def test_an_address_without_its_slash_leads_to_the_page(local: Local, page: Response) -> None:
    """`/a` is sent to `/a/`."""
    answer = local.get(page.url.rstrip("/"))
    assert (answer.status, local.url("").rstrip("/") + answer.headers["location"]) == (
        301,
        page.url,
    )


def test_the_lists_name_a_live_post(local: Local, page: Response) -> None:
    """Home, month, tag, feed and sitemap follow a post that went live."""
    path = page.url.removeprefix(local.url(""))
    for place in ("/", "/2025/03/", "/tags/ferries/"):
        assert f'href="{path}"' in local.get(place).text, place
    assert "A page with a picture" in local.feed()
    assert page.url in local.sitemap()


@pytest.mark.usefixtures("page")
def test_robots_name_the_sitemap(local: Local) -> None:
    """Crawlers find the sitemap by robots.txt."""
    assert f"Sitemap: {local.url('/sitemap.xml')}" in local.get("/robots.txt").text
