"""What the stylesheet promises to every reader."""

import re

import pytest

from presswork.settings import Theme, contrast
from presswork.site import stylesheet

CSS = stylesheet()[1].body.decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["paper", "raised"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent"])
def test_text_can_be_read(scheme: str, background: str, text: str) -> None:
    """Every colour of text has a contrast of at least 4.5 to every ground (WCAG 2.2 AA)."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = dict(re.findall(r"--(\w+): (#\w{6});", light if scheme == "light" else dark))
    assert contrast(colours[text], colours[background]) >= 4.5


def test_accents_are_those_of_the_settings() -> None:
    """A site's own colours make a stylesheet of another name; printed links stay black."""
    key, made = stylesheet(Theme(accent="#003366", accent_dark="#99ccff"))
    css = made.body.decode()
    assert key != stylesheet()[0]
    assert css.startswith(CSS)
    assert ":root { --accent: #003366; }" in css
    assert "(prefers-color-scheme: dark) { :root { --accent: #99ccff; } }" in css
    assert css.index("@media print { :root { --accent: #000; } }") > css.index("#99ccff; }")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["keyword", "string", "number", "name", "quiet"])
def test_code_can_be_read(scheme: str, text: str) -> None:
    """Every colour of code has a contrast of at least 4.5 to the ground that code stands on."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = dict(re.findall(r"--(\w+): (#\w{6});", light if scheme == "light" else dark))
    assert contrast(colours[text], colours["raised"]) >= 4.5


def test_nothing_is_loaded() -> None:
    """The stylesheet asks for no font, no image and no other stylesheet."""
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_directions_are_logical() -> None:
    """No rule but those for code names left or right, so that right-to-left pages are mirrored."""
    code = re.sub(r"\npre \{.*?\}", "", CSS, flags=re.DOTALL).replace("safe-area-inset-", "")
    assert not re.search(r"(?:margin|padding|border|text-align)[\w-]*(?:-|: )(?:left|right)", code)
