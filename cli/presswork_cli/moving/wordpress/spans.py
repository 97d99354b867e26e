"""Where in a text something stands between its beginning and its end, in linear time."""

import re
from collections.abc import Callable, Iterator

from presswork.content.dialects.wordpress import SHORTCODES

LISTINGS = tuple(name for name, mark in SHORTCODES.items() if mark.rule == "template-code")
"""The shortcodes that enclose code."""

_OPENING = re.compile(
    rf"<(?P<tag>pre|script|style|svg|textarea|code)(?=[\s>])[^<>]*+>"
    rf"|\[(?P<code>{'|'.join(LISTINGS)})(?:[\s=][^\[\]]*+)?+\]",
    re.IGNORECASE,
)
_PLAYER = re.compile(r"<(?P<tag>audio|video|object|select)(?=[\s>])[^<>]*+>", re.IGNORECASE)

Span = tuple[int, int, str]
"""Where something begins and ends, and by what name."""


def code(text: str) -> Iterator[Span]:
    """What is shown or run to the letter: listings, code in the line, scripts, styles, drawings."""
    return _spans(text, _OPENING)


def players(text: str) -> Iterator[Span]:
    """Players and their sources."""
    return _spans(text, _PLAYER)


def outside(spans: Iterator[Span], text: str, change: Callable[[str], str]) -> str:
    """The text with a change to all that is not within one of the spans."""
    parts, at = list[str](), 0
    for start, end, _ in spans:
        parts += [change(text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, change(text[at:])])


def inside(spans: Iterator[Span], text: str, change: Callable[[str], str]) -> str:
    """The text with a change to all that is within one of the spans."""
    parts, at = list[str](), 0
    for start, end, _ in spans:
        parts += [text[at:start], change(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _spans(text: str, opening: re.Pattern[str]) -> Iterator[Span]:
    """What an opening mark and the next closing one of its name enclose, from left to right."""
    unclosed, at = set[str](), 0
    while found := opening.search(text, at):
        tag, name = found["tag"], (found["tag"] or found["code"]).lower()
        at = found.end()
        closing = rf"</{name}\s{{0,9}}>" if tag else rf"\[/{name}\]"
        if closing in unclosed:
            continue
        end = re.compile(closing, re.IGNORECASE).search(text, at)
        if end is None:
            unclosed.add(closing)
            continue
        yield found.start(), end.end(), name
        at = end.end()
