"""What is made of the images that authors and origins send."""

import hashlib
import random
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PIL import Image, ImageDraw

from presswork.imaging import Media, make, recipe
from unit.imaging.pictures import distance, encoded, film, opened, painting, sizes

FORMATS: dict[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {},
    "WEBP": {"quality": 90},
    "AVIF": {"quality": 90, "speed": 10},
}


@pytest.mark.parametrize("format", FORMATS)
def test_two_widths_in_three_formats(format: str) -> None:
    """Every format known is made into AVIF, WebP and JPEG of 800 and 1600 pixels."""
    picture = painting(1800, 900)
    data = encoded(picture, format, **FORMATS[format])
    media = make(data)
    assert sizes(media) == {
        f"{width}.{format}": (width, width // 2)
        for width in (800, 1600)
        for format in ("avif", "webp", "jpeg")
    }
    assert (media.width, media.height) == (1800, 900)
    assert (media.animated, media.truncated) == (False, False)
    assert media.hash == hashlib.sha256(data).hexdigest()
    for name, file in media.files.items():
        image = opened(file)
        assert image.format == name.partition(".")[2].upper()
        assert distance(image, picture.resize(image.size)) < 3


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [1]), (799, [799]), (800, [800]), (801, [800, 801]), (1600, [800, 1600])],
)
def test_nothing_is_enlarged(width: int, widths: list[int]) -> None:
    """No file is wider than the image itself."""
    media = make(encoded(painting(width, 3), "PNG"))
    assert list(media.files) == [f"{w}.{f}" for w in widths for f in ("avif", "webp", "jpeg")]


@pytest.mark.parametrize(("mode", "fallback"), [("RGB", "jpeg"), ("RGBA", "png")])
def test_one_fallback_has_the_largest_width(mode: str, fallback: str) -> None:
    """What few readers need is there once; one that is no wider than the smallest has its own."""
    picture = painting(90, 60, mode)
    media = make(encoded(picture, "PNG"), widths=[40, 80], one_fallback=True)
    assert list(media.files) == ["40.avif", "40.webp", "80.avif", "80.webp", f"80.{fallback}"]
    small = make(encoded(picture, "PNG"), widths=[90, 120], one_fallback=True)
    assert list(small.files) == ["90.avif", "90.webp", f"90.{fallback}"]


def test_a_line_stays_visible() -> None:
    """However narrow an image is, it keeps one pixel."""
    assert sizes(make(encoded(painting(1800, 1), "PNG")))["800.webp"] == (800, 1)


def test_other_widths_and_formats() -> None:
    """Widths and formats can be chosen."""
    data = encoded(painting(100, 50), "PNG")
    media = make(data, widths=[20, 40], formats=["png"])
    assert sizes(media) == {"20.png": (20, 10), "40.png": (40, 20)}


def test_a_picture_too_long_for_a_format() -> None:
    """A strip that WebP and AVIF cannot hold is shown in the other format."""
    media = make(encoded(Image.new("L", (60, 20_000), 9), "PNG"), widths=[30, 60])
    assert sorted(media.files) == ["30.avif", "30.jpeg", "30.webp", "60.jpeg"]


def test_equal_input_gives_equal_bytes() -> None:
    """Variants depend on nothing but the image, also when many are made at once."""
    sources = [
        encoded(painting(300, 200), "JPEG"),
        encoded(painting(300, 200, "RGBA"), "PNG"),
        film(5, "GIF"),
    ]
    expected = [make(source) for source in sources]
    results: dict[int, Sequence[Media]] = {}

    def work(number: int) -> None:
        results[number] = [make(source) for source in sources]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[number] for number in range(4)] == [expected] * 4


def test_a_drawing_is_kept_exactly_when_that_is_smaller() -> None:
    """A drawing in PNG becomes a lossless WebP, smaller than the lossy one."""
    drawing = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(drawing).rectangle((20, 20, 120, 60), outline="black")
    media = make(encoded(drawing, "PNG"))
    assert distance(opened(media.files["200.webp"]), drawing) == 0
    assert len(media.files["200.webp"]) < len(encoded(drawing, "WEBP", quality=80))


def test_avif_is_left_out_of_a_drawing_that_it_makes_larger() -> None:
    """Of a drawing, WebP is exact and may be smaller: then no width has AVIF; a photograph has."""
    drawing = Image.new("RGB", (400, 300), "white")
    pen, chance = ImageDraw.Draw(drawing), random.Random(3)
    for _ in range(400):
        x, y = chance.randrange(400), chance.randrange(300)
        pen.rectangle((x, y, x + chance.randrange(30), y + 1), fill="black")
    media = make(encoded(drawing, "PNG"), widths=[200, 400])
    assert sorted(media.files) == ["200.jpeg", "200.webp", "400.jpeg", "400.webp"]
    media = make(encoded(drawing, "JPEG"), widths=[200, 400])
    assert {"200.avif", "400.avif"} < set(media.files)


def test_quality_is_a_choice() -> None:
    """A lower quality takes fewer bytes in every lossy format."""
    data = encoded(painting(300, 200).effect_spread(9), "JPEG", quality=95)
    high, low = make(data, quality=80).files, make(data, quality=50).files
    assert list(high) == list(low)
    assert all(len(low[name]) < len(high[name]) for name in high)


def test_the_recipe_is_short_and_steady() -> None:
    """The recipe is the same in every process, and another for another quality."""
    assert re.fullmatch(r"[0-9a-f]{8}", recipe())
    code = "from presswork.imaging import recipe; print(recipe())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == recipe() == recipe(80)
    assert recipe(81) != recipe()
