"""Nothing but pixels survives: every file that is made is searched for what the source held."""

import base64
import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from presswork.imaging import make

SCRIPT = b"<script>SECRET()</script>"
TRAILER = b"PK\x03\x04SECRET behind the end"
TRACES = (b"SECRET", b"script", b"GPS", b"Exif\0\0", b"ICC_PROFILE", b"iCCP", b"PK\x03")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def painting(mode: str = "RGB") -> Image.Image:
    """A picture; transparent to the right with alpha."""
    red = Image.linear_gradient("L").rotate(90).resize((90, 60))
    picture = Image.merge("RGB", (red, red.transpose(Image.Transpose.ROTATE_180), red))
    if mode == "RGBA":
        picture.putalpha(red)
    return picture.convert(mode)


def exif() -> bytes:
    """Who took a picture, where, and with what; a preview, too."""
    data = Image.Exif()
    data[ExifTags.Base.Make] = "SECRET"
    data[ExifTags.Base.Artist] = "SECRET"
    data[ExifTags.Base.ImageDescription] = SCRIPT.decode()
    gps = data.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSMapDatum] = "SECRET"
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 29.5)
    return data.tobytes()


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    """An image with all the metadata that its format and the options hold, and more behind it."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue() + TRAILER


def texts() -> PngImagePlugin.PngInfo:
    """Texts of every kind."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "SECRET")
    info.add_text("Comment", SCRIPT.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", "SECRET", zip=True)
    return info


ALL: dict[str, Any] = {"exif": exif(), "icc_profile": PROFILE, "xmp": SCRIPT}
SOURCES: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(painting(), "JPEG", comment=SCRIPT, dpi=(300, 300), **ALL),
    "PNG": lambda: encoded(painting(), "PNG", pnginfo=texts(), dpi=(300, 300), **ALL),
    "transparent PNG": lambda: encoded(painting("RGBA"), "PNG", pnginfo=texts(), **ALL),
    "palette": lambda: encoded(painting("P"), "PNG", pnginfo=texts(), **ALL),
    "GIF": lambda: encoded(painting("P"), "GIF", comment=SCRIPT),
    "moving GIF": lambda: encoded(
        painting("P"), "GIF", comment=SCRIPT, save_all=True, append_images=[painting("L")]
    ),
    "moving PNG": lambda: encoded(
        painting(), "PNG", pnginfo=texts(), save_all=True, append_images=[painting("L")], **ALL
    ),
    "WebP": lambda: encoded(painting(), "WEBP", **ALL),
    "moving WebP": lambda: encoded(
        painting(), "WEBP", save_all=True, append_images=[painting("L")], **ALL
    ),
    "AVIF": lambda: encoded(painting(), "AVIF", speed=10, **ALL),
    "SVG": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!-- SECRET -->'
        b"<metadata>SECRET</metadata><desc>SECRET</desc>" + SCRIPT + b'<image href="'
        b"data:image/jpeg;base64,"
        + base64.b64encode(encoded(painting(), "JPEG", comment=SCRIPT, **ALL))
        + b'"/></svg><!-- SECRET -->'
    ),
}


def unpacked(file: bytes) -> bytes:
    """A file with what it holds deflated or in base64, as far as that can be found."""
    found = [file]
    for at in range(len(file) - 1):
        if file[at] == 0x78 and (file[at] * 256 + file[at + 1]) % 31 == 0:
            try:
                found.append(zlib.decompressobj().decompress(file[at:], 1_000_000))
            except zlib.error:
                continue
    parts = (part.partition(b'"')[0] for part in file.split(b"base64,")[1:])
    found += map(base64.b64decode, parts)
    return b"".join(found)


@pytest.mark.parametrize("make_source", SOURCES.values(), ids=list(SOURCES))
def test_no_metadata_survives(make_source: Callable[[], bytes]) -> None:
    """Neither place, camera, comment, script, profile nor what stands behind the end."""
    source = make_source()
    assert b"SECRET" in unpacked(source)
    media = make(source)
    assert media.files
    for name, file in media.files.items():
        everything = unpacked(file)
        for trace in (
            b"SECRET",
            b"script",
            b"GPS",
            b"Exif\0\0",
            b"ICC_PROFILE",
            b"iCCP",
            b"PK\x03",
        ):
            assert trace not in everything, (name, trace)
        if name.endswith(".svg"):
            continue
        image = Image.open(io.BytesIO(file))
        assert not image.getexif()
        told = {"icc_profile", "exif", "xmp", "comment", "dpi", "Author", "XML:com.adobe.xmp"}
        assert not told & set(image.info)


def test_what_is_searched_for_would_be_found() -> None:
    """The search sees through what is deflated, and through a drawing's own pictures."""
    assert b"SECRET" in unpacked(b"..." + zlib.compress(b"SECRET " * 9) + b"...")
    assert b"SECRET" in unpacked(b'"data:x;base64,' + base64.b64encode(b"SECRET") + b'"')
