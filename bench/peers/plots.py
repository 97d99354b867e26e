"""Bars as SVG: drawn on a ground of their own, light or dark as the reader's system is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, NAMES, VALUES = 760, 130, 110
BAR, GAP, HEADING, MARGIN = 18, 6, 34, 14

_STYLE = """
.ground{fill:#fff}.text{fill:#24292f}.quiet{fill:#57606a}.bar{fill:#9aa4af}.ours{fill:#0b6bcb}
text{font:13px system-ui,sans-serif}.heading{font-weight:600}
@media(prefers-color-scheme:dark){.ground{fill:#161b22}.text{fill:#e6edf3}.quiet{fill:#9aa4af}
.bar{fill:#58626e}.ours{fill:#58a6ff}}
"""


@dataclass(frozen=True)
class Bar:
    """A bar with its name, how long it is, and what is written behind it."""

    name: str
    value: float
    words: str
    is_ours: bool = False


@dataclass(frozen=True)
class Group:
    """Bars that share a heading and a scale."""

    heading: str
    bars: Sequence[Bar]


def bars(title: str, groups: Iterable[Group]) -> str:
    """The groups below each other; the longest bar of each fills its line."""
    y, parts = MARGIN, []
    for group in groups:
        parts.append(_text(MARGIN, y + 15, group.heading, "text heading"))
        y += HEADING - GAP
        longest = max((bar.value for bar in group.bars), default=0) or 1
        for bar in group.bars:
            parts += _line(bar, y, longest)
            y += BAR + GAP
        y += GAP
    height = y + MARGIN - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n"
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _line(bar: Bar, y: int, longest: float) -> list[str]:
    room = WIDTH - NAMES - VALUES - MARGIN
    width = max(1, round(room * bar.value / longest))
    kind = "ours" if bar.is_ours else "bar"
    return [
        _text(NAMES - 8, y + 14, bar.name, "text", anchor="end"),
        f'<rect class="{kind}" x="{NAMES}" y="{y}" width="{width}" height="{BAR}" rx="2"/>',
        _text(NAMES + width + 8, y + 14, bar.words, "quiet"),
    ]


def _text(x: int, y: int, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
