"""Pictures drawn for tests, and what can be seen of those that were made."""

import io
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageStat

from presswork.imaging import Media


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


def film(count: int, format: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """An animation in which a bar moves to the right."""
    frames: list[Image.Image] = []
    for number in range(count):
        frame = Image.new("RGB", size, "white")
        ImageDraw.Draw(frame).rectangle((number, 0, number + 4, size[1]), fill="red")
        frames.append(frame)
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
