"""Pixels as pages want them: upright, in sRGB, transparent where they were."""

import random

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms

from presswork.imaging import make
from unit.imaging.pictures import distance, encoded, opened, painting


def test_transparency_is_kept() -> None:
    """An image with transparency gets PNG in place of JPEG, and stays transparent."""
    media = make(encoded(painting(90, 60, "RGBA"), "PNG"))
    assert sorted(media.files) == ["90.avif", "90.png", "90.webp"]
    for file in media.files.values():
        alpha = opened(file).getchannel("A")
        assert alpha.getpixel((1, 30)) > 240  # type: ignore[operator]
        assert alpha.getpixel((88, 30)) < 15  # type: ignore[operator]


def test_one_colour_may_be_transparent() -> None:
    """A PNG without alpha may name a colour that shows through."""
    for mode, colour in (("RGB", (255, 0, 0)), ("L", 7)):
        data = encoded(Image.new(mode, (8, 8), colour), "PNG", transparency=colour)
        assert opened(make(data).files["8.png"]).getchannel("A").getextrema() == (0, 0)


def test_transparency_that_hides_nothing_is_dropped() -> None:
    """An alpha channel that is opaque throughout does not cost the JPEG."""
    picture = painting(90, 60).convert("RGBA")
    assert sorted(make(encoded(picture, "PNG")).files) == ["90.avif", "90.jpeg", "90.webp"]


def deep_png(value: int) -> bytes:
    """A grey PNG of sixteen bits a pixel."""
    return encoded(Image.new("I;16", (8, 8), value), "PNG")


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (encoded(Image.new("L", (8, 8), 100), "PNG"), "#646464"),
        (encoded(Image.new("1", (8, 8), 1), "PNG"), "#ffffff"),
        (encoded(Image.new("RGB", (8, 8), "#336699").quantize(), "GIF"), "#336699"),
        (encoded(Image.new("LA", (8, 8), (0, 0)), "PNG"), "#ffffff"),
        (encoded(Image.new("RGBA", (8, 8), (255, 0, 0, 128)), "PNG"), "#ff7f7f"),
        (encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100), "#ff0000"),
        (encoded(Image.new("RGB", (8, 8), "#336699"), "PNG"), "#336699"),
        (deep_png(100 * 257), "#646464"),
        (deep_png(65535), "#ffffff"),
    ],
)
def test_the_placeholder_of_every_mode(data: bytes, colour: str) -> None:
    """The placeholder is the average colour on white, however the pixels are stored."""
    assert make(data).placeholder == colour


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_images_stand_upright(format: str, orientation: int) -> None:
    """All eight orientations of EXIF end as the same picture."""
    picture = painting(120, 80)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture.transpose(undo[orientation]) if orientation in undo else picture
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    media = make(encoded(stored, format, exif=exif.tobytes()))
    assert (media.width, media.height) == (120, 80)
    assert list(media.files) == ["120.avif", "120.webp", "120.jpeg"]
    assert distance(opened(media.files["120.webp"]), picture) < 4


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("exif", [b"II*\0\xff\xff\xff\xff", b"nonsense", b""])
def test_broken_exif_is_no_harm(exif: bytes) -> None:
    """An image with unreadable EXIF is shown as it is stored, and not called truncated."""
    for format in ("JPEG", "PNG"):
        media = make(encoded(painting(120, 80), format, exif=b"Exif\0\0" + exif))
        assert (media.width, media.truncated) == (120, False)


def rotated_profile() -> bytes:
    """An sRGB profile whose red and green colorants are exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_colours_are_converted(format: str) -> None:
    """Pixels of another colour space are turned into sRGB, which pages assume."""
    red = Image.new("RGB", (16, 16), (255, 0, 0))
    data = encoded(red, format, icc_profile=rotated_profile(), quality=100)
    colour = bytes.fromhex(make(data).placeholder[1:])
    assert colour[0] < 20
    assert colour[1] > 235


def test_colours_keep_their_transparency() -> None:
    """A profile changes colours, not what shows through."""
    clear = Image.new("RGBA", (16, 16), (255, 0, 0, 77))
    media = make(encoded(clear, "PNG", icc_profile=rotated_profile()))
    assert opened(media.files["16.png"]).getpixel((8, 8)) == pytest.approx((0, 255, 0, 77), abs=8)


@pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200])
def test_a_profile_that_cannot_be_used(profile: bytes) -> None:
    """A broken profile leaves the colours as they are."""
    data = encoded(Image.new("RGB", (16, 16), "#336699"), "PNG", icc_profile=profile)
    assert make(data).placeholder == "#336699"


def test_a_profile_for_other_channels() -> None:
    """So does one that was made for another kind of image."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    data = encoded(Image.new("RGB", (16, 16), "#336699"), "PNG", icc_profile=profile)
    assert make(data).placeholder == "#336699"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_large_images_are_scaled_without_seams(mode: str) -> None:
    """A large image is scaled in bands, to the same pixels as if it were in one."""
    pixels = random.Random(4).randbytes(300 * 200 * 3)
    coarse = Image.frombytes("RGB", (300, 200), pixels)
    source = coarse.resize((2100, 1800)).convert(mode)
    if mode == "RGBA":
        source.putalpha(Image.linear_gradient("L").resize(source.size))
    whole = source.convert("RGBA" if mode == "RGBA" else "RGB")
    expected = whole.resize((500, 429), Image.Resampling.LANCZOS)
    made = opened(make(encoded(source, "PNG"), widths=[500], formats=["png"]).files["500.png"])
    assert made.size == (500, 429)
    if mode == "RGBA":  # the colour of what is all but transparent is anybody's guess
        made, expected = made.convert("RGBa"), expected.convert("RGBa")
    pairs = zip(made.split(), expected.split(), strict=True)
    assert not any(ImageChops.difference(*pair).point(lambda d: d > 2).getbbox() for pair in pairs)
