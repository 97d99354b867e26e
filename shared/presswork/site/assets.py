"""The files that pages of the theme refer to, named by their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from presswork.object import Object
from presswork.site.objects import IMMUTABLE

THEME = Path(__file__).parent / "theme"


@cache
def stylesheet() -> tuple[str, Object]:
    """The key and the object of the theme's stylesheet."""
    return _asset("style.css", "text/css; charset=utf-8")


@cache
def icon() -> tuple[str, Object]:
    """The key and the object of the picture that browsers show beside a page's title."""
    return _asset("icon.svg", "image/svg+xml")


def _asset(name: str, content_type: str) -> tuple[str, Object]:
    path = THEME / name
    body = path.read_bytes()
    key = f"assets/{sha256(body).hexdigest()[:16]}{path.suffix}"
    return key, Object(body, content_type, IMMUTABLE)
