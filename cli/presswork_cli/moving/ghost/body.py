"""The text of a post as an export of Ghost has it, put into the HTML that readers were shown.

What members alone were shown is left out: the marks around it are comments, and would be dropped.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import unquote

from presswork_cli.moving.ghost import cards, lexical, mobiledoc
from presswork_cli.moving.ghost.export import Row, text
from presswork_cli.moving.mentions import Mentions

_SITE = "__GHOST_URL__"
_GATE = re.compile(r"<!--\s{0,9}kg-gated-block:(?P<mark>begin|end)\b(?P<given>[^<>\n]{0,500})-->")
_FOR_ALL = re.compile(r"""\bnonMember:\s{0,9}["']?true\b""")
_IMAGE = re.compile(r"<img\b[^<>]*+>", re.IGNORECASE)
_SIZES = re.compile(r"""\s(?:srcset|sizes)\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+')""", re.IGNORECASE)
_OF_A_SIZE = re.compile(r"(/content/images/)size/[\w,-]{1,40}/(?:format/\w{1,10}/)?")
_OWN_FILE = re.compile(r"""(?<=["'(])/content/(?:images|files|media)/[^"'<>()\s?#]{1,400}""")
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*+\n\s*+")
_BEGINS_WITH_BLOCK = re.compile(
    r"\s*+<(?:p|div|figure|h[1-6]|ul|ol|dl|blockquote|pre|table|hr|section|details)(?=[\s/>])",
    re.IGNORECASE,
)
_NOT_OF_THE_SITE = ("email", "email-cta", "paywall")


def shown(row: Row, title: str, mentions: Mentions) -> str:
    """The HTML of a post; of what the editor keeps where the export has none."""
    html = text(row, "html")
    if not html:
        html = _made(row, title, mentions)
        mentions.add("rendered" if html else "empty", title)
    html, gated = _without_gated(html)
    if gated:
        mentions.add("members-only", title)
    html = _IMAGE.sub(_full_size, here(html))
    html = _TEMPLATE.sub("&#123;", html.strip())
    if html and not _BEGINS_WITH_BLOCK.match(html):
        html = f"<div>\n{html}\n</div>"  # else it would be read as Markdown
    return html


def here(html: str) -> str:
    """A text whose addresses of the site begin at its root."""
    return html.replace(f'"{_SITE}"', '"/"').replace(_SITE, "")


def own_files(html: str) -> Iterator[str]:
    """The paths of the site's own files that a text shows or leads to."""
    return map(unquote, _OWN_FILE.findall(html))


def _without_gated(html: str) -> tuple[str, int]:
    """A text without what is not for all, and how many such parts it had.

    A part that does not end is all that follows.
    """
    parts, at, gated = list[str](), 0, 0
    is_shown = True
    for mark in _GATE.finditer(html):
        if is_shown:
            parts.append(html[at : mark.start()])
        at = mark.end()
        is_shown = mark["mark"] == "end" or bool(_FOR_ALL.search(mark["given"]))
        gated += not is_shown
    return "".join([*parts, html[at:] if is_shown else ""]), gated


def _full_size(image: re.Match[str]) -> str:
    """A picture of the site itself in full size; the site makes sizes of its own."""
    if "/content/images/" not in image[0]:
        return image[0]
    return _OF_A_SIZE.sub(r"\1", _SIZES.sub("", image[0]))


def _made(row: Row, title: str, mentions: Mentions) -> str:
    def left(name: str) -> None:
        if name == "members-only":
            mentions.add("members-only", title)
        elif name not in _NOT_OF_THE_SITE:
            mentions.add("card", title, name)

    for name, html_of in (("lexical", lexical.html_of), ("mobiledoc", mobiledoc.html_of)):
        try:
            html = html_of(json.loads(text(row, name) or "null"), left)
        except (ValueError, RecursionError):
            html = ""
        if html:
            return html
    if text(row, "markdown"):
        return str(cards.html_of("markdown", row))
    paragraphs = _EMPTY_LINE.split(text(row, "plaintext"))
    return "\n".join(f"<p>{escape(each, quote=False)}</p>" for each in paragraphs if each.strip())
