"""The values of attributes that not everything may stand in."""

import pytest

from presswork.content.html.embedded import name_of
from presswork.content.html.sanitizing import sanitize

NAME = name_of(b"bytes")


@pytest.mark.parametrize("trusted", [False, True])
def test_what_stands_for_an_embedded_image_is_the_source_of_an_image_alone(trusted: bool) -> None:
    """No link and no quotation leads to such a name, and no image to one of another form."""
    kept = sanitize(f'<img alt="" src="{NAME}">', trusted=trusted)
    assert f'src="{NAME}"' in kept
    for html in (
        f'<a href="{NAME}">a</a>',
        f'<blockquote cite="{NAME}">a</blockquote>',
        '<img alt="" src="ni:other">',
        '<img alt="" src=" NI:///sha-256;x">',
    ):
        assert "ni:" not in sanitize(html, trusted=trusted).lower(), html


def test_the_style_of_math_is_one_of_two() -> None:
    """Anything else is dropped, for the theme takes it as it is."""
    assert "display" in sanitize('<span data-math-style="display">x</span>')
    assert sanitize('<span data-math-style="wide">x</span>') == "<span>x</span>"


@pytest.mark.parametrize("url", ["ftp://a.example/x", "magnet:?x", "tel:1", " JavaScript:x"])
def test_nothing_is_asked_for_but_by_http(url: str) -> None:
    """A scheme that a link may have is none for what a browser loads by itself."""
    for html in (f'<img alt="" src="{url}">', f'<video src="a.mp4" poster="{url}"></video>'):
        assert url not in sanitize(html)
        assert url not in sanitize(html, trusted=True)


@pytest.mark.parametrize("name", ["audio", "source", "track", "video"])
@pytest.mark.parametrize("url", ["https://a.example/x", "//a.example/x", "\\\\a.example/x", NAME])
def test_a_player_plays_files_of_the_site_alone(name: str, url: str) -> None:
    """Whatever was mended before: no other host is asked."""
    assert url not in sanitize(f'<{name} src="{url}">')
    assert "/v/a.mp4" in sanitize(f'<{name} src="/v/a.mp4">')
