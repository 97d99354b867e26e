"""Draws the pictures of the example posts, each time the same: `python examples/images/draw.py`."""

# ruff: noqa: INP001, S311 - a script, and dice that are to fall the same way each time

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1280, 800
SCALE = 2  # drawn at twice the size and reduced, for smooth edges
RUNNING = 13  # drops larger than this run down the window
IN_BAND = 0.6  # the share of stars in the Milky Way
HERE = Path(__file__).parent


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour `share` of the way from `a` to `b`."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def sky(colours: Sequence[Colour]) -> Image.Image:
    """A vertical gradient through all colours, from the top."""
    column = Image.new("RGB", (1, HEIGHT * SCALE))
    steps = len(colours) - 1
    for y in range(column.height):
        place = y / (column.height - 1) * steps
        step = min(int(place), steps - 1)
        column.putpixel((0, y), mix(colours[step], colours[step + 1], place - step))
    return column.resize((WIDTH * SCALE, HEIGHT * SCALE))


def ridge(dice: random.Random, height: float, rough: float) -> Callable[[float], float]:
    """The outline of a range of hills, as a sum of waves; heights as shares of the picture."""
    waves = [
        (dice.uniform(0.6, 1.4) * 2**n, dice.uniform(0, math.tau), rough / 1.9**n) for n in range(7)
    ]
    return lambda x: (
        height + sum(size * math.sin(x * speed * math.tau + phase) for speed, phase, size in waves)
    )


def hills(picture: Image.Image, outline: Callable[[float], float], colour: Colour) -> None:
    """Fills everything below an outline."""
    width, height = picture.size
    points = [(x, outline(x / width) * height) for x in range(0, width + 8, 8)]
    ImageDraw.Draw(picture).polygon([*points, (width, height), (0, height)], fill=colour)


def glow(
    picture: Image.Image, centre: tuple[float, float], radius: float, colour: Colour
) -> Image.Image:
    """Light that fades from a centre; place and radius as shares of the width."""
    width = picture.width
    x, y, r = centre[0] * width, centre[1] * width, radius * width
    light = Image.new("RGB", picture.size)
    ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=colour)
    return ImageChops.screen(picture, light.filter(ImageFilter.GaussianBlur(r / 1.6)))


def finish(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Reduced to its size, with the fine grain of a photograph."""
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), dice.randbytes(WIDTH * HEIGHT // 4))
    grain = grain.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).point(lambda v: 122 + v // 21)
    return ImageChops.overlay(small, Image.merge("RGB", (grain, grain, grain)))


def ferry(dice: random.Random) -> Image.Image:
    """A ferry on its way home, after sunset."""
    picture = sky([(38, 54, 98), (104, 92, 136), (222, 138, 120), (250, 196, 132), (252, 214, 156)])
    picture = glow(picture, (0.67, 0.36), 0.07, (255, 214, 150))
    hills(picture, ridge(dice, 0.535, 0.03), (150, 110, 128))
    hills(picture, ridge(dice, 0.565, 0.022), (98, 80, 112))
    width, height = picture.size
    horizon = int(height * 0.6)
    water = picture.crop((0, 0, width, horizon)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = water.resize((width, height - horizon)).filter(ImageFilter.GaussianBlur(14))
    water = Image.blend(water, Image.new("RGB", water.size, (24, 34, 66)), 0.42)
    picture.paste(water, (0, horizon))
    draw = ImageDraw.Draw(picture)
    for _ in range(420):
        depth = dice.random() ** 1.7
        y = horizon + depth * (height - horizon)
        x, length = dice.uniform(0, width), 30 + depth * 260
        shade = mix((252, 206, 150), (56, 60, 96), min(1.0, abs(x / width - 0.67) * 2.4 + 0.12))
        draw.line((x, y, x + length, y), fill=shade, width=round(1 + depth * 4))
    x, y = width * 0.3, height * 0.64
    hull = [(0, 0), (430, 0), (392, 62), (40, 62)]
    draw.polygon([(x + a, y + b) for a, b in hull], fill=(26, 28, 46))
    draw.rectangle((x + 52, y - 58, x + 352, y), fill=(44, 42, 62))
    draw.rectangle((x + 92, y - 104, x + 268, y - 58), fill=(36, 36, 56))
    draw.rectangle((x + 196, y - 158, x + 236, y - 104), fill=(112, 50, 54))
    for column in range(11):
        left = x + 70 + column * 25
        draw.rectangle((left, y - 42, left + 13, y - 24), fill=(255, 220, 150))
    for number in range(16):
        r = 12 + number * 3.2
        a, b = x + 216 - number * 17, y - 176 - number * 7
        draw.ellipse(
            (a - r, b - r * 0.6, a + r, b + r * 0.6),
            fill=mix((112, 92, 112), (196, 134, 126), number / 15),
        )
    return finish(picture.filter(ImageFilter.GaussianBlur(1.2)), dice)


def morning(dice: random.Random) -> Image.Image:
    """Ranges of hills, each paler than the one before it."""
    far, near = (206, 216, 214), (30, 64, 62)
    picture = sky([(150, 190, 212), (214, 226, 222), (250, 232, 202), (250, 232, 202)])
    picture = glow(picture, (0.26, 0.2), 0.05, (255, 236, 190))
    for number in range(8):
        share = number / 7
        hills(picture, ridge(dice, 0.38 + share * 0.5, 0.045 + share * 0.03), mix(far, near, share))
        veil = Image.new("RGB", picture.size, (250, 236, 214))
        picture = Image.blend(picture, veil, 0.05 * (1 - share))
    return finish(picture, dice)


def rain(dice: random.Random) -> Image.Image:
    """The lights of a street, seen through a wet window."""
    picture = sky([(16, 20, 34), (26, 32, 52), (38, 40, 58), (20, 22, 34)])
    lamps = [(255, 196, 108), (255, 132, 84), (126, 190, 220), (236, 92, 104), (250, 226, 176)]
    for _ in range(46):
        light = Image.new("RGB", picture.size)
        x, y = dice.uniform(0, picture.width), dice.gauss(0.55, 0.13) * picture.height
        r = dice.uniform(26, 92)
        colour = mix((0, 0, 0), dice.choice(lamps), dice.uniform(0.2, 0.62))
        ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=colour)
        box = (int(x - r * 2), int(y - r * 2), int(x + r * 2), int(y + r * 2))
        light.paste(light.crop(box).filter(ImageFilter.GaussianBlur(5)), box[:2])
        picture = ImageChops.screen(picture, light)
    picture = picture.filter(ImageFilter.GaussianBlur(9))
    blurred = picture.transpose(Image.Transpose.ROTATE_180)
    drops = Image.new("L", picture.size)
    draw = ImageDraw.Draw(drops)
    for _ in range(520):
        x, y = dice.uniform(0, picture.width), dice.uniform(0, picture.height)
        r = dice.paretovariate(2.4) * 4.5
        draw.ellipse((x - r, y - r * 1.2, x + r, y + r * 1.2), fill=200)
        if r > RUNNING:
            draw.line((x, y, x + dice.uniform(-6, 6), y + r * 12), fill=90, width=int(r * 0.7))
    picture.paste(blurred, (0, 0), drops.filter(ImageFilter.GaussianBlur(1.6)))
    return finish(picture, dice)


def library(dice: random.Random) -> Image.Image:
    """A new building of many arches beside the water, with people in front."""
    picture = sky([(92, 146, 190), (156, 196, 216), (222, 230, 224), (240, 232, 212)])
    hills(picture, ridge(dice, 0.52, 0.02), (134, 160, 162))
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    base = height * 0.74
    draw.rectangle((0, base, width, height), fill=(186, 176, 158))
    left, right = width * 0.14, width * 0.88
    draw.rectangle((left, height * 0.3, right, base), fill=(226, 214, 192))
    draw.rectangle((left - 24, height * 0.28, right + 24, height * 0.315), fill=(170, 92, 70))
    for floor, rows in ((0.36, 9), (0.545, 9)):
        for column in range(rows):
            wide = (right - left) / rows
            x, top = left + column * wide + wide * 0.2, height * floor
            bottom, w = top + height * 0.15, wide * 0.6
            shade = mix((84, 104, 118), (250, 214, 150), dice.random() ** 2)
            draw.rectangle((x, top + w / 2, x + w, bottom), fill=shade)
            draw.pieslice((x, top, x + w, top + w), 180, 360, fill=shade)
            draw.line((x + w / 2, top, x + w / 2, bottom), fill=(206, 192, 170), width=6)
    for _ in range(26):
        x, depth = dice.uniform(width * 0.05, width * 0.95), dice.random()
        y, size = base + 12 + depth * height * 0.19, 42 + depth * 44
        coat = mix((44, 48, 62), (150, 74, 66), dice.random() ** 2)
        draw.rounded_rectangle((x, y - size, x + size * 0.34, y), size * 0.12, fill=coat)
        draw.ellipse(
            (x + size * 0.05, y - size * 1.3, x + size * 0.29, y - size), fill=(120, 88, 72)
        )
    return finish(picture.filter(ImageFilter.GaussianBlur(1)), dice)


def stars(dice: random.Random) -> Image.Image:
    """A clear night over an island."""
    picture = sky([(8, 12, 30), (16, 26, 56), (34, 52, 88), (92, 100, 122)])
    picture = glow(picture, (0.5, 0.62), 0.16, (70, 66, 70))
    draw = ImageDraw.Draw(picture)
    for _ in range(1500):
        along, off = dice.random(), dice.gauss(0, 0.11)
        band = dice.random() < IN_BAND
        x = along if band else dice.random()
        y = 0.62 - 0.55 * along + off if band else dice.random() * 0.7
        r = min(dice.paretovariate(2.6) * 0.9, 5)
        shade = mix((120, 130, 170), (255, 250, 236), dice.random())
        a, b = x * picture.width, y * picture.height
        draw.ellipse((a - r, b - r, a + r, b + r), fill=shade)
    hills(picture, ridge(dice, 0.8, 0.035), (20, 26, 42))
    hills(picture, ridge(dice, 0.9, 0.025), (10, 13, 24))
    return finish(picture, dice)


def names(dice: random.Random) -> Image.Image:
    """Two spellings of an address that lead to one picture, as a diagram."""
    paper, ink, red = (250, 246, 236), (54, 58, 72), (176, 74, 58)
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), paper)
    draw = ImageDraw.Draw(picture)
    boxes = [(200, 260), (200, 700), (200, 1140)]
    for number, (x, y) in enumerate(boxes):
        draw.rounded_rectangle((x, y, x + 620, y + 200), 28, outline=ink, width=7)
        for line in range(3):
            end = x + dice.randint(300, 570)
            draw.line(
                (x + 44, y + 52 + line * 46, end, y + 52 + line * 46),
                fill=(170, 170, 172),
                width=15,
            )
        draw.line((x + 640, y + 100, 1220, 800), fill=red if number == 1 else ink, width=7)
    draw.ellipse((1210, 690, 1430, 910), fill=paper, outline=red, width=9)
    for angle in range(0, 360, 30):
        a = math.radians(angle)
        draw.line(
            (
                1320 + 44 * math.cos(a),
                800 + 44 * math.sin(a),
                1320 + 82 * math.cos(a),
                800 + 82 * math.sin(a),
            ),
            fill=red,
            width=8,
        )
    draw.line((1440, 800, 1640, 800), fill=red, width=9)
    draw.polygon([(1640, 768), (1700, 800), (1640, 832)], fill=red)
    view = morning(random.Random(11)).resize((640, 400))
    picture.paste(view, (1730, 600))
    draw.rectangle((1724, 594, 2376, 1006), outline=ink, width=8)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def main() -> None:
    """Writes all pictures beside this file."""
    scenes = {"ferry": ferry, "morning": morning, "rain": rain, "library": library, "stars": stars}
    for seed, (name, scene) in enumerate(scenes.items()):
        scene(random.Random(seed)).save(
            HERE / f"{name}.jpg", quality=74, optimize=True, progressive=True
        )
    names(random.Random(7)).quantize(64).save(HERE / "names.png", optimize=True)


if __name__ == "__main__":
    main()
