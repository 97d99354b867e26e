"""Images that are cut off or damaged, and files that are none."""

import random
from contextlib import suppress

import pytest
from PIL import Image

from presswork.imaging import Limits, Refused, make
from unit.imaging.pictures import distance, encoded, opened, painting


def noise(format: str) -> bytes:
    """A picture that no format can make small."""
    pixels = random.Random(1).randbytes(300 * 200 * 3)
    options = {"interlace": 0} if format == "GIF" else {}
    return encoded(Image.frombytes("RGB", (300, 200), pixels), format, **options)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF"])
def test_an_image_that_ends_early(format: str) -> None:
    """What can be read of it is kept, and marked."""
    data = noise(format)
    whole = make(data, formats=["png"])
    media = make(data[: len(data) * 2 // 3], formats=["png"])
    assert not whole.truncated
    assert media.truncated
    assert (media.width, media.height) == (300, 200)
    top, bottom = (0, 0, 300, 100), (0, 180, 300, 200)
    before, after = opened(whole.files["300.png"]), opened(media.files["300.png"])
    assert distance(before.crop(top), after.crop(top)) == 0
    assert distance(before.crop(bottom), after.crop(bottom)) > 30


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_an_image_that_ends_before_it_begins(format: str) -> None:
    """A file without pixels is refused."""
    data = noise(format)
    end = data.index(b"\xff\xda") + 14 if format == "JPEG" else 64
    with pytest.raises(Refused) as refused:
        make(data[:end])
    assert refused.value.rule == "image.broken"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_damaged_images(format: str) -> None:
    """Damage anywhere gives an image or a refusal, never another error."""
    random.seed(2)
    data = encoded(painting(60, 40), format)
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(random.randint(1, 8)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        with suppress(Refused):
            make(bytes(damaged), limits=Limits(pixels=100_000))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"BM" + bytes(60), "convert it to JPEG or PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "convert it to JPEG or PNG"),
        (b"<html>", "no image"),
        (b"", "no image"),
    ],
)
def test_other_types_are_refused(data: bytes, word: str) -> None:
    """The refusal names the cure."""
    with pytest.raises(Refused, match=word) as refused:
        make(data)
    assert refused.value.rule == "image.type"
    assert (refused.value.line, refused.value.column, refused.value.fix) == (None, None, "")
