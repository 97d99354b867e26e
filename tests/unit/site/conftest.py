"""A site, posts made to measure, and the strictest reader of pages at hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import html5lib  # type: ignore[import-untyped]
import pytest

from presswork.object import Object
from presswork.post import Image, ImageState, Picture, Post
from presswork.settings import Site

BASE_URL = "https://press.example"
HOME_URL = "https://img.example/hill.jpg"
OWED_URL = "https://img.example/forme.jpg?a=1&b=2"


@pytest.fixture
def base_url() -> str:
    """Where the site stands."""
    return BASE_URL


@pytest.fixture
def site() -> Site:
    """A site whose days begin eight hours before those of UTC."""
    return Site(title="The Cellar Press", base_url=BASE_URL, timezone="Asia/Shanghai")


@pytest.fixture
def post() -> Callable[..., Post]:
    """Makes a post; what is not given is plain."""

    def make(**fields: Any) -> Post:
        plain: dict[str, Any] = {
            "id": "p1",
            "title": "The press in the cellar",
            "date": datetime(2021, 11, 21, 18, 10, 5, tzinfo=UTC),
            "path": "/2021/11/the-press/",
            "slug": "the-press",
            "lang": "en",
            "html": "<p>It went round.</p>",
        }
        return Post(**(plain | fields))

    return make


@pytest.fixture
def picture() -> Picture:
    """A picture of 1600 by 1000 pixels in two widths and two formats."""
    files = {
        width: {format: f"-/media/5eed/r1/{width}.{format}" for format in ("jpeg", "webp")}
        for width in (1600, 800)
    }
    return Picture(width=1600, height=1000, files=files)


@pytest.fixture
def images(picture: Picture) -> dict[str, Image]:
    """One image that came home and one that is owed."""
    return {
        HOME_URL: Image(state=ImageState.REHOSTED, picture=picture),
        OWED_URL: Image(state=ImageState.OWED),
    }


@pytest.fixture
def read() -> Callable[[Object], Any]:
    """Parses a page as browsers do, and fails on whatever they would have to mend."""

    def parse(page: Object) -> Any:
        assert page.content_type == "text/html; charset=utf-8"
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("lxml"), strict=True, namespaceHTMLElements=False
        )
        return parser.parse(page.body.decode()).getroot()

    return parse
