"""What the stylesheet promises to every reader."""

import re

import pytest

from presswork.site import stylesheet

CSS = stylesheet()[1].body.decode()


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance", of a colour such as #8a2f1d."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["paper", "raised"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent"])
def test_text_can_be_read(scheme: str, background: str, text: str) -> None:
    """Every colour of text has a contrast of at least 4.5 to every ground (WCAG 2.2 AA)."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = dict(re.findall(r"--(\w+): (#\w{6});", light if scheme == "light" else dark))
    assert contrast(colours[text], colours[background]) >= 4.5


def test_nothing_is_loaded() -> None:
    """The stylesheet asks for no font, no image and no other stylesheet."""
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_directions_are_logical() -> None:
    """No rule but those for code names left or right, so that right-to-left pages are mirrored."""
    code = re.sub(r"\npre \{.*?\}", "", CSS, flags=re.DOTALL).replace("safe-area-inset-", "")
    assert not re.search(r"(?:margin|padding|border|text-align)[\w-]*(?:-|: )(?:left|right)", code)
