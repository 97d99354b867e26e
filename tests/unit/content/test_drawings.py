"""Inline SVG in bodies."""

import pytest

from presswork.content import Site
from unit.content.reading import read

PLAN = "<svg viewBox='0 0 9 9'><path d='M0 0z'/>{}</svg>"


@pytest.mark.parametrize(
    "label",
    [
        "<text>North</text>",
        "<text><tspan>North</tspan></text>",
        "<title>North</title>",
        "<foreignObject><div><b>North</b></div></foreignObject>",
    ],
)
@pytest.mark.parametrize("trusted", [(), ("posts/",)])
def test_the_words_of_a_drawing_stay_and_the_drawing_is_told(
    label: str, trusted: tuple[str, ...]
) -> None:
    """The warning has its line, and how it would be shown."""
    site = Site(trusted_html=trusted)
    for before, after in (("Text.\n\n", "\n"), ("<p>\n\n", "</p>"), ("\n\nText ", " text.")):
        body = f"{before}{PLAN.format(label)}{after}"
        parsed = read(body, site=site)
        assert "North" in parsed.text
        (warning,) = parsed.warnings
        assert (warning.rule, warning.line) == ("drawing-left-out", 6)
        assert "drawing.svg" in warning.fix
        assert not parsed.repairs


@pytest.mark.parametrize("look", ["width=16 height=16", "aria-hidden=true", "height=24px"])
def test_an_icon_is_a_repair(look: str) -> None:
    """Small ones, and those that are hidden from people who listen, tell nothing."""
    parsed = read(f"<p>a <svg {look}><path d='M0 0z'/></svg> b</p>")
    assert not parsed.warnings
    assert [repair.rule for repair in parsed.repairs] == ["icon"]


def test_a_drawing_without_words_is_told() -> None:
    """Whoever drew it wanted it seen."""
    assert read(f"<p>{PLAN.format('')}</p>").warnings
