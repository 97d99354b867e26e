"""Marks among the words that harm texts which do not mean them: understood where a site says so."""

import re

from presswork.content import markdown
from presswork.content.dialects.draft import Draft
from presswork.patterns import late

EXTENSIONS = {
    "emoji": "shortcodes",
    "highlight": "highlight",
    "inline-footnotes": "inline_footnotes",
    "subscript": "subscript",
    "superscript": "superscript",
}
"""What the Markdown library calls each mark."""

_PAIRS = {"subscript": "~", "superscript": "^"}
_LONE = {
    "~": late(r"(?<![~\\])~(?:[^\s~\\]|\\.){1,100}~(?!~)|(?<![~\\])~(?!~)"),
    "^": late(r"(?<![\^\\\[])\^(?:[^\s^\\\[]|\\.){1,100}\^|(?<!\\)\^(?!\[)"),
}
# What begins with a letter is found many times faster than what begins behind another.
_LOOKS = {
    "highlight": late(r"==(?<![=\w!<>]==)(?=[^\s=])[^=\n]{1,200}(?<=[^\s=])==(?![=\w])"),
    "subscript": late(r"~(?<=[A-Za-z0-9)]~)[A-Za-z0-9+-]{1,20}~(?!~)"),
    "superscript": late(r"\^(?<=[A-Za-z0-9)]\^)[A-Za-z0-9+-]{1,20}\^"),
    "emoji": late(r":(?<![\w:]:)[a-z0-9_+-]{2,40}:(?![\w:])"),
}
_SHOWN = {
    "highlight": "<mark>",
    "subscript": "<sub>",
    "superscript": "<sup>",
    "emoji": "the character itself",
}
_MOST_NAMES = 200


def extensions(understood: frozenset[str]) -> tuple[str, ...]:
    """The extensions of the Markdown library for what is understood."""
    return tuple(EXTENSIONS[mark] for mark in sorted(EXTENSIONS.keys() & understood))


def settle(draft: Draft, understood: frozenset[str]) -> None:
    """Takes lone marks for themselves, and warns of those that are meant and not understood."""
    for mark, sign in _PAIRS.items():
        if mark in understood and sign in draft.text:
            draft.replace(_LONE[sign], _paired)
    for mark, pattern in _LOOKS.items():
        if mark not in understood:
            _warn(draft, mark, pattern)


def _paired(found: re.Match[str]) -> str:
    """A pair as it is, its blanks such as do not break; a mark alone as a character."""
    return found[0].replace("\\ ", "\xa0") if len(found[0]) > 1 else f"\\{found[0]}"


def _warn(draft: Draft, mark: str, pattern: re.Pattern[str]) -> None:
    found = draft.found(pattern)
    if mark == "emoji":
        known = _emoji({each[0] for each in found[:_MOST_NAMES]})
        found = [each for each in found if each[0] in known]
    for each in found:
        draft.left(
            f"{mark}-mark",
            each,
            f"{each[0][:60]} looks like a mark of another Markdown, and is no {mark} here.",
            f"Write `dialect: [{mark}]` in site.yaml, or {_SHOWN[mark]} in its place.",
        )


def _emoji(names: set[str]) -> set[str]:
    """Those of the names that are of emoji."""
    return {
        name
        for name in names
        if ":" not in markdown.to_html(name, prefix="", extensions=("shortcodes",))
    }
