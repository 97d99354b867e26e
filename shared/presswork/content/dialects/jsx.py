"""Attributes of JSX: as HTML writes them, as far as no code has to run for it."""

import re
from collections.abc import Mapping
from html import escape

from presswork.content.dialects.code import Code
from presswork.content.dialects.left import Left
from presswork.content.dialects.origin import Origin
from presswork.patterns import late

_TAG = late(r"<[A-Za-z][\w.]*+(?=\s)")
_TAG_END = late(r"\s*+/?>")
_PART = late(
    r"""\s++(?P<name>[A-Za-z_][\w:.-]*+)
    (?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<brace>\{)))?+|\s++(?P<spread>\{)""",
    re.VERBOSE,
)
# What JSX may hold and be known by: `'a'`, `require('a').default`, `useBaseUrl('a')`.
_KNOWN = late(
    r"""\{\s*+(?:(?:require|useBaseUrl|withBase)\(\s*+)?+(?:"([^"\n]*+)"|'([^'\n]*+)'|`([^`$\n]*+)`)
    \s*+\)?+(?:\.default)?+\s*+\}""",
    re.VERBOSE,
)
_BLANK = late(r"""\{(["'])[ ]\1\}""")
_LONGEST_VALUE = 2_000
_NAMES = {"className": "class", "htmlFor": "for", "srcSet": "srcset"}
"""Attributes of HTML by their names in JSX."""
_BRACE = late(r"[{}]")
_FIX_OF_IMAGE = "Write the address of the picture between quotes."


def may_be_in(text: str) -> bool:
    """Whether a text has an attribute or a blank in braces."""
    return "={" in text or _BLANK.search(text) is not None


def without(text: str, pictures: Mapping[str, str], origin: Origin, before: int) -> str:
    """The text, its tags with attributes of HTML alone; a picture has the address that is meant."""
    code, braces = Code(text, markdown=origin.markdown), pairs_of_braces(text)
    left = Left(origin, before)
    edits = [
        (blank.start(), blank.end(), " ")
        for blank in _BLANK.finditer(text)
        if code.end(blank.start()) is None
    ]
    for tag in _TAG.finditer(text):
        if code.end(tag.start()) is not None:
            continue
        end, attributes = _attributes(text, tag.end(), braces, pictures)
        if attributes is None:
            continue
        edits.append((tag.end(), end, attributes))
        if tag[0] == "<img" and ' src="' not in attributes:
            said = "has an address that a run of its code would give; it is left out."
            left.add(
                "component-dropped", "`<img src={…}>`", said, _FIX_OF_IMAGE, code.line(tag.start())
            )
    parts, at = [], 0
    for start, end, stands in sorted(edits):
        if start < at:
            continue
        line = origin.first_line + before + code.line(start)
        origin.log.add(
            "mdx-attribute", before=text[start:end].strip(), after=stands.strip(), line=line
        )
        parts += [text[at:start], stands, "\n" * text.count("\n", start, end)]
        at = end
    left.tell()
    return "".join([*parts, text[at:]])


def _attributes(
    text: str, at: int, braces: dict[int, int], pictures: Mapping[str, str]
) -> tuple[int, str | None]:
    """Where the attributes end that begin here, and those of HTML; None where none is in braces."""
    parts, in_braces = [], False
    while part := _PART.match(text, at):
        at, name = part.end(), _NAMES.get(part["name"] or "", part["name"])
        value = part["double"] if part["double"] is not None else part["single"]
        if part["brace"] or part["spread"]:
            in_braces, start = True, at - 1
            at = braces.get(start, len(text)) + 1
            if text.startswith("{{", start) and name != "style":  # a value of a template
                return at, None
            value = _known(text[start:at], pictures) if at - start < _LONGEST_VALUE else None
            if value is None:
                continue
        parts.append(f" {name}" if value is None else f' {name}="{escape(value)}"')
    is_tag = in_braces and _TAG_END.match(text, at) is not None
    return at, "".join(parts) if is_tag else None


def _known(value: str, pictures: Mapping[str, str]) -> str | None:
    """What an attribute in braces is, where no run of its code is needed to tell."""
    found = _KNOWN.fullmatch(value)
    if found:
        return next((each for each in found.groups() if each is not None), "")
    name = value[1:-1].strip()
    return pictures.get(name.removesuffix(".src"))


def pairs_of_braces(text: str) -> dict[int, int]:
    """Where the braces end that are opened in a text, by where they begin."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.start()
    return pairs
