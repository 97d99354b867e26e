"""What becomes of the images that authors and origins send."""

import hashlib
import io
import pickle
import random
import re
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from PIL import (
    ExifTags,
    Image,
    ImageChops,
    ImageCms,
    ImageDraw,
    ImageStat,
)

from presswork.imaging import Limits, Media, Refused, make, recipe


def painting(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A smooth picture, red to the right, green downwards; transparent to the right with alpha."""
    red = Image.linear_gradient("L").rotate(90).resize((width, height))
    green = Image.linear_gradient("L").resize((width, height))
    blue = Image.new("L", (width, height), 64)
    image = Image.merge("RGB", (red, green, blue))
    if mode == "RGBA":
        image.putalpha(ImageChops.invert(red))
    return image if mode == "RGBA" else image.convert(mode)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    """The bytes of an image."""
    file = io.BytesIO()
    image.save(file, format=format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """The image in some bytes, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def distance(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two images' channels, of 255."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return sum(ImageStat.Stat(difference).mean) / 3


def frames_of(image: Image.Image) -> int:
    """The number of an image's frames."""
    count: int = getattr(image, "n_frames", 1)
    return count


def sizes(media: Media) -> dict[str, tuple[int, int]]:
    """The size of each file, by its name."""
    return {name: opened(data).size for name, data in media.files.items()}


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


def test_a_line_stays_visible() -> None:
    """However narrow an image is, it keeps one pixel."""
    assert sizes(make(encoded(painting(1800, 1), "PNG")))["800.webp"] == (800, 1)


def test_other_widths_and_formats() -> None:
    """Widths and formats can be chosen."""
    data = encoded(painting(100, 50), "PNG")
    media = make(data, widths=[20, 40], formats=["png"])
    assert sizes(media) == {"20.png": (20, 10), "40.png": (40, 20)}


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


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size and then holds one short chunk of nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that declares a canvas, with a tiny picture in it."""
    tiny = encoded(Image.new("RGB", (4, 4)), "WEBP")[12:]
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<II", 10, 0) + canvas + tiny
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_header(width: int, height: int) -> bytes:
    """A GIF that declares a screen."""
    data = bytearray(encoded(Image.new("P", (4, 4)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG that declares a size."""
    data = encoded(Image.new("RGB", (4, 4)), "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


BOMBS = {
    "png": png_header(50_000, 50_000),
    "png of 2^31": png_header(2**31 - 1, 1),
    "png just too large": png_header(5_001, 5_000),
    "png that Pillow would warn of": png_header(10_000, 10_000),
    "png too long": png_header(1, 65_501),
    "webp": webp_header(16_384, 16_384),
    "gif": gif_header(65_535, 65_535),
    "jpeg": jpeg_header(65_500, 65_500),
}


def test_bombs_are_refused_by_their_header() -> None:
    """A size beyond the limit is refused before the memory for it is taken."""
    code = (
        "import pickle, resource, sys\n"
        "from presswork.imaging import Refused\n"
        "from presswork.imaging.media import Order\n"
        "from presswork.imaging.variants import render\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for name, data in pickle.load(sys.stdin.buffer).items():\n"
        "    before = peak()\n"
        "    try: render(data, Order())\n"
        "    except Refused as refused: print(name, refused.rule, peak() - before, sep=',')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input=pickle.dumps(BOMBS),
        capture_output=True,
        check=True,
    )
    results = [line.split(",") for line in done.stdout.decode().splitlines()]
    assert [(name, rule) for name, rule, _ in results] == [(name, "image.pixels") for name in BOMBS]
    assert max(int(kilobytes) for *_, kilobytes in results) < 40_000


def test_the_largest_image_allowed() -> None:
    """The limits themselves are within."""
    data = encoded(Image.new("L", (50, 40)), "PNG")
    assert make(data, limits=Limits(pixels=2000, body=len(data))).width == 50
    for limits in (Limits(pixels=1999), Limits(body=len(data) - 1)):
        with pytest.raises(Refused):
            make(data, limits=limits)


def test_a_jpeg_of_many_scans() -> None:
    """A JPEG that would be painted over and over is refused unread."""
    data = encoded(painting(60, 40), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert make(data[:-2] + last * 90 + data[-2:]).width == 60
    with pytest.raises(Refused) as refused:
        make(data[:-2] + last * 91 + data[-2:])
    assert refused.value.rule == "image.scans"


def test_a_jpeg_with_a_film_behind_it() -> None:
    """What only looks like scans, in a preview or after the end, does not count."""
    scans = b"\xff\xda\x00\x02" * 200
    data = encoded(painting(60, 40), "JPEG", progressive=True, comment=scans)
    assert make(data + bytes(2) + scans).width == 60


def film(count: int, format: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """An animation in which a bar moves to the right."""
    frames: list[Image.Image] = []
    for number in range(count):
        frame = Image.new("RGB", size, "white")
        ImageDraw.Draw(frame).rectangle((number, 0, number + 4, size[1]), fill="red")
        frames.append(frame)
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)


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
