"""Animations keep moving, within limits."""

import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from presswork.imaging import Limits, Refused, make
from unit.imaging.pictures import encoded, film, frames_of, opened, painting, sizes


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_animations_keep_moving(format: str) -> None:
    """WebP keeps every frame and its time; the fallback shows the first."""
    media = make(film(5, format, duration=[100, 200, 300, 400, 500], loop=0))
    assert media.animated
    assert sorted(media.files) == ["40.jpeg", "40.webp"]
    webp = opened(media.files["40.webp"])
    durations = []
    for number in range(frames_of(webp)):
        webp.seek(number)
        webp.load()
        durations.append(webp.info["duration"])
        assert webp.convert("RGB").getpixel((number + 2, 15)) == pytest.approx((255, 0, 0), abs=40)
    assert durations == [100, 200, 300, 400, 500]
    assert webp.info["loop"] == 0
    assert frames_of(opened(media.files["40.jpeg"])) == 1


@pytest.mark.parametrize(
    ("format", "options", "loop"),
    [("GIF", {}, 1), ("GIF", {"loop": 0}, 0), ("GIF", {"loop": 2}, 3), ("PNG", {"loop": 2}, 2)],
)
def test_animations_end_when_they_did(format: str, options: dict[str, Any], loop: int) -> None:
    """GIF counts repetitions, the others count how often it plays."""
    media = make(film(3, format, duration=100, **options))
    assert opened(media.files["40.webp"]).info["loop"] == loop


def test_hasty_frames_are_slowed_down() -> None:
    """Frames of no time are shown as browsers show them, for a tenth of a second."""
    webp = opened(make(film(3, "GIF", duration=0)).files["40.webp"])
    assert webp.info["duration"] == 100


def test_animations_have_the_smallest_width() -> None:
    """Every frame is scaled to the smallest width, and none is enlarged."""
    media = make(film(3, "GIF"), widths=[20, 80])
    assert sizes(media) == {"20.webp": (20, 15), "20.jpeg": (20, 15)}
    assert frames_of(opened(media.files["20.webp"])) == 3
    assert (media.width, media.height) == (40, 30)
    assert list(make(film(3, "GIF"), widths=[90, 80]).files) == ["40.webp", "40.jpeg"]


def test_frames_are_counted_by_the_header_where_it_tells() -> None:
    """A PNG that declares more frames than allowed is refused, however many there are."""
    data = film(3, "PNG")
    at = data.index(b"acTL")
    control = b"acTL" + struct.pack(">II", 101, 0)
    data = data[:at] + control + struct.pack(">I", zlib.crc32(control)) + data[at + 16 :]
    with pytest.raises(Refused) as refused:
        make(data)
    assert refused.value.rule == "image.frames"


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_too_many_frames_are_refused(format: str) -> None:
    """The limit for frames, and for the pixels of all of them, holds for every format."""
    data = film(6, format)
    assert make(data, limits=Limits(frames=6, animation=7200)).animated
    for limits in (Limits(frames=5), Limits(animation=7199)):
        with pytest.raises(Refused) as refused:
            make(data, limits=limits)
        assert refused.value.rule == "image.frames"


def test_a_million_frames() -> None:
    """A GIF of endless frames is refused after a hundred of them."""
    whole = film(2, "GIF", size=(4, 4))
    frame = whole[whole.index(b"!\xf9") : -1]
    data = whole[:-1] + frame * 100_000 + b";"
    with pytest.raises(Refused) as refused:
        make(data)
    assert refused.value.rule == "image.frames"


def test_a_frame_that_grows() -> None:
    """A frame larger than its screen counts as large as it is."""
    whole = bytearray(film(2, "GIF"))
    second = whole.rindex(b",\0\0")
    whole[second + 5 : second + 9] = struct.pack("<HH", 30_000, 30_000)
    with pytest.raises(Refused):
        make(bytes(whole))


def test_a_frame_that_grows_a_little() -> None:
    """A frame that reaches beyond the screen is cut off at its edge."""
    small = film(2, "GIF", size=(20, 15))
    corner = Image.new("RGB", (40, 30))
    corner.paste("blue", (0, 0, 20, 15))
    large = encoded(Image.new("RGB", (40, 30), "red"), "GIF", save_all=True, append_images=[corner])
    media = make(small[:-1] + large[large.rindex(b"!\xf9") : -1] + b";")
    assert sizes(media) == {"20.webp": (20, 15), "20.jpeg": (20, 15)}
    webp = opened(media.files["20.webp"])
    webp.seek(2)
    assert webp.convert("RGB").getpixel((15, 10)) == pytest.approx((0, 0, 255), abs=40)


def test_an_animation_that_turns_transparent() -> None:
    """When one frame shows something through, all are kept with transparency."""
    frames = [painting(40, 30).convert("RGBA"), painting(40, 30, "RGBA")]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], blend=0)
    media = make(data)
    assert sorted(media.files) == ["40.png", "40.webp"]
    webp = opened(media.files["40.webp"])
    webp.seek(1)
    assert webp.convert("RGBA").getpixel((39, 15))[3] < 20  # type: ignore[index]


def test_an_animation_that_ends_early() -> None:
    """The frames that can be read still move."""
    data = film(8, "GIF")
    media = make(data[: len(data) * 3 // 4])
    assert media.truncated
    assert media.animated


def test_an_animation_that_breaks() -> None:
    """Where the next frame is out of order, the one before stands still, and is marked."""
    data = film(4, "PNG")
    at = data.index(b"fdAT") + 4
    check = struct.pack(">I", zlib.crc32(b"fdAT" + b"\0\0\0\x63" + frame_data(data, at)))
    data = data[:at] + b"\0\0\0\x63" + frame_data(data, at) + check + data[end_of(data, at) :]
    media = make(data)
    assert (media.truncated, media.animated) == (True, False)


def end_of(data: bytes, at: int) -> int:
    """Where the chunk ends whose data begin at a place in a PNG."""
    return at + int.from_bytes(data[at - 8 : at - 4], "big") + 4


def frame_data(data: bytes, at: int) -> bytes:
    """The data of an `fdAT` chunk, without its sequence number."""
    return data[at + 4 : end_of(data, at) - 4]


def test_a_jpeg_of_several_pictures() -> None:
    """Of a JPEG that holds several pictures, the first counts."""
    data = encoded(
        painting(90, 60), "MPO", save_all=True, append_images=[painting(30, 20)], quality=90
    )
    media = make(data)
    assert (media.width, media.height, media.animated) == (90, 60, False)
