"""Which file of a picture is for which reader."""

from presswork.post import Picture
from presswork.site.pictures import preview, renditions


def picture(*names: str) -> Picture:
    """A picture of 1000 by 500 pixels with these files."""
    files: dict[int, dict[str, str]] = {}
    for name in names:
        width, _, format = name.partition(".")
        files.setdefault(int(width), {})[format] = f"-/media/{name}"
    return Picture(width=1000, height=500, files=files)


def test_the_best_format_comes_first() -> None:
    """AVIF is offered before WebP, and what every reader knows comes last."""
    of_all = picture("800.jpeg", "800.webp", "800.avif", "1000.jpeg", "1000.webp", "1000.avif")
    found = renditions(of_all, "")
    assert [each.mime for each in found] == ["image/avif", "image/webp", "image/jpeg"]
    assert found[0].srcset == "/-/media/800.avif 800w, /-/media/1000.avif 1000w"


def test_one_fallback_serves_all_widths() -> None:
    """Readers who know nothing better get the one there is; so do other sites."""
    one = picture("800.webp", "1000.webp", "1000.jpeg")
    *_, fallback = renditions(one, "")
    assert (fallback.srcset, fallback.url) == ("/-/media/1000.jpeg 1000w", "/-/media/1000.jpeg")
    shown = preview(one, "https://press.example")
    assert shown is not None
    assert shown.url == "https://press.example/-/media/1000.jpeg"


def test_a_drawing_is_offered_as_it_is() -> None:
    """An SVG is its own fallback, by its registered type; no other site shows it as a preview."""
    drawing = picture("1000.svg")
    assert [each.mime for each in renditions(drawing, "")] == ["image/svg+xml"]
    assert preview(drawing, "") is None
