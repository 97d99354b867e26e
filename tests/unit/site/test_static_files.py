"""Static files as readers get them."""

import pytest

from presswork.site import IMMUTABLE, static_file


@pytest.mark.parametrize(
    ("place", "type"),
    [
        ("favicon.ico", "image/vnd.microsoft.icon"),
        ("css/site.css", "text/css; charset=utf-8"),
        ("js/a.MJS", "text/javascript; charset=utf-8"),
        ("google123.html", "text/html; charset=utf-8"),
        ("site.webmanifest", "application/manifest+json"),
        ("fonts/a.woff2", "font/woff2"),
        ("paper.pdf", "application/pdf"),
        ("CNAME", "application/octet-stream"),
        ("a.constructor", "application/octet-stream"),
    ],
)
def test_a_file_is_served_as_what_its_name_says(place: str, type: str) -> None:
    """Its bytes are untouched; it may change, so it is not kept for ever."""
    made = static_file(place, b"\xff\x00")
    assert (made.body, made.content_type) == (b"\xff\x00", type)
    assert made.cache_control != IMMUTABLE
    assert "immutable" not in made.cache_control
