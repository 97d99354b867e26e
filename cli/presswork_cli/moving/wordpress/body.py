"""The text of a post as WordPress keeps it, put into the HTML that readers were shown.

Blocks lose their comments, the classic editor's text gets its paragraphs, what stands for another
item (a gallery, a block for many posts, `?p=12`) becomes that item. Shortcodes are left to the
dialect of posts; what nobody knows is named, and stays as text.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from presswork.content.dialects.signs import SHORTCODES
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.wordpress import spans
from presswork_cli.moving.wordpress.autop import paragraphs

_DEEPEST = 5
"""How deep a block for many posts may hold another."""
_MOST_BLOCKS = 200
_BLOCK = re.compile(
    r"<!--\s++(?P<closes>/)?+wp:(?P<name>[a-z][a-z0-9_/-]{0,80})(?P<rest>(?:(?!-->|<!--).)*+)-->",
    re.DOTALL,
)
_NEXT_PAGE = "<!--nextpage-->"
_GALLERY = re.compile(r"(?<!\[)\[(?P<name>gallery|playlist)(?P<given>(?:\s[^\[\]]*+)?+)\](?!\])")
_ARGUMENT = re.compile(r"""([a-z]++)\s*+=\s*+["']?([^"'\s\]]*+(?:,\s*+\d++)*+)""")
_SHORTCODE = re.compile(r"(?<!\[)\[(?P<name>[a-zA-Z][\w-]{1,39})(?P<given>(?:\s[^\[\]<>]*+)?+)/?\]")
_KNOWN = re.compile(SHORTCODES)
_ESCAPED = re.compile(rf"\[\[(/?(?:{SHORTCODES}|gallery|playlist)(?:\s[^\[\]]*+)?\])\]")
_CLOSING = re.compile(r"\[/([a-zA-Z][\w-]{1,39})\]")
_LINE_OF_ADDRESS = re.compile(r"^[ \t]*+(https?://[^\s<>\"'\[\]]++)[ \t]*+$", re.MULTILINE)
_PARAGRAPH_OF_ADDRESS = re.compile(r"(<p\b[^<>]*+>\s*+)(https?://[^\s<>\"'\[\]]++)(\s*+</p>)")
_IMAGE = re.compile(r"<(?:img|audio|video|source)\b[^<>]*+>", re.IGNORECASE)
_PLAYER = re.compile(r"\[(?:audio|video)\s[^\[\]]*+\]")
_OF_PLAYER = re.compile(r"""(?<==")(?:https?:)?/[^"<>\s]++""")
_LINK = re.compile(r"<a\b[^<>]*+>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?P<name>(?<![\w-])(?:href|src))(?P<sign>\s*+=\s*+)"""
    r"""(?P<quote>["'])(?P<value>[^"'<>]*+)(?P=quote)""",
    re.IGNORECASE,
)
_SIZES = re.compile(r"""\s(?:srcset|sizes)\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+')""", re.IGNORECASE)
_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z]{3,4}\Z)")
_GAP = re.compile(r"\n\n\n++")
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_BEGINS_WITH_BLOCK = re.compile(
    r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    r"<(?:p|div|figure|h[1-6]|ul|ol|dl|blockquote|pre|table|hr|section)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_OF_WORDPRESS = ("/wp-content/", "/wp-includes/", "/wp-admin", "/wp-login", "/wp-json", "/xmlrpc")
_LONGEST_QUERY = 2000
_IDS = ("p", "page_id", "attachment_id")


class Attachment(NamedTuple):
    """A file of the media library: its address, the text for who cannot see it, its caption."""

    url: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Library:
    """What posts refer to by numbers and addresses; `origin` is where the blog stands.

    `places` has the address of an item by its number, `pages_of_files` that of a file by the path
    of the page which shows it alone, `local` the files that lie beside the export, by their paths.
    """

    origin: str = ""
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    attached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    pages_of_files: Mapping[str, str] = field(default_factory=dict)
    local: frozenset[str] = frozenset()

    def full_size(self, url: str) -> str:
        """The address of a picture in full size, where the export names that."""
        full = _SIZE.sub("", url)
        if full == url:
            return url
        stem, _, suffix = full.rpartition(".")
        named = (self._files.get(_bare(each)) for each in (full, f"{stem}-scaled.{suffix}"))
        return next(filter(None, named), url)

    def is_own(self, netloc: str) -> bool:
        """Whether a host is that of the blog."""
        return _host(netloc) == _host(_bare(self.origin))

    @cached_property
    def _files(self) -> dict[str, str]:
        return {_bare(each.url): each.url for each in self.attachments.values() if each.url}


class Shown(NamedTuple):
    """What readers are shown of a post, and on how many pages they were."""

    html: str
    pages: int


def shown(content: str, item: str, library: Library, mentions: Mentions, line: int) -> Shown:
    """The HTML of an item's text, which begins on a line of the export.

    What can be no part of it is told as `mentions`: blocks that WordPress fills when it shows them,
    and shortcodes of plugins.
    """
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    _mention_shortcodes(content, mentions, line)
    pages = content.count(_NEXT_PAGE) + 1
    content = content.replace(_NEXT_PAGE, "\n\n")
    if "<!-- wp:" in content:
        html = _without_blocks(content, library, mentions, line)
        html = _outside_code(html, partial(_PARAGRAPH_OF_ADDRESS.sub, r"\1[embed]\2[/embed]\3"))
    else:
        html = _outside_code(content, partial(_LINE_OF_ADDRESS.sub, r"[embed]\1[/embed]"))
        html = paragraphs(html)
    html = _outside_code(html, lambda text: _GALLERY.sub(partial(_gallery, item, library), text))
    html = _outside_code(html, partial(_GAP.sub, "\n\n"))
    html = _ESCAPED.sub(r"&#91;\1", html)
    html = _IMAGE.sub(partial(_image, library), html)
    html = _PLAYER.sub(partial(_player, library), html)
    html = _LINK.sub(partial(_link, library), html)
    html = _TEMPLATE.sub("&#123;", html.strip())
    if html and not _BEGINS_WITH_BLOCK.match(html):
        html = f"<div>\n{html}\n</div>"  # else it would be read as Markdown
    return Shown(html, pages)


def _outside_code(html: str, change: Callable[[str], str]) -> str:
    return spans.outside(spans.code(html), html, change)


def _mention_shortcodes(content: str, mentions: Mentions, line: int) -> None:
    """Tells of what looks like a shortcode, and is none that the dialect of posts knows."""
    closed = frozenset(_CLOSING.findall(content))
    for text, start in _without_code(content):
        for found in _SHORTCODE.finditer(text):
            name = found["name"]
            if not _KNOWN.fullmatch(name) and ("=" in found["given"] or name in closed):
                at = start + found.start()
                mentions.add("shortcode", line + content.count("\n", 0, at), name)


def _without_code(content: str) -> Iterator[tuple[str, int]]:
    """The text around code, each part with its place."""
    at = 0
    for start, end, _ in spans.code(content):
        yield content[at:start], at
        at = end
    yield content[at:], at


def _without_blocks(content: str, library: Library, mentions: Mentions, line: int) -> str:
    """A text of the block editor without its marks; blocks for many posts stand where they are."""
    left = [_MOST_BLOCKS]

    def filled(text: str, depth: int, at_line: int) -> str:
        def block(found: re.Match[str]) -> str:
            is_void = found["rest"].rstrip().endswith("/")
            if found["closes"] or not is_void:
                return ""
            held = library.blocks.get(_ref(found["rest"])) if found["name"] == "block" else None
            if held is not None and depth < _DEEPEST and left[0] > 0:
                left[0] -= 1
                return filled(held, depth + 1, 0)
            where = at_line + text.count("\n", 0, found.start()) if at_line else None
            mentions.add("dynamic-block", where, found["name"])
            return ""

        return _BLOCK.sub(block, text)

    return filled(content, 0, line)


def _ref(attributes: str) -> str:
    try:
        given = json.loads(attributes.strip().removesuffix("/") or "{}")
    except (ValueError, RecursionError):
        return ""
    return str(given.get("ref", "")) if isinstance(given, dict) else ""


def _gallery(item: str, library: Library, found: re.Match[str]) -> str:
    """The pictures of a gallery; as it is where the export does not have all of them."""
    given = dict(_ARGUMENT.findall(found["given"]))
    named = given.get("ids") or given.get("include")
    ids = re.findall(r"\d+", named) if named else library.attached.get(item, ())
    files = [library.attachments[id] for id in ids if id in library.attachments]
    if not files or len(files) < len(ids):
        return found[0]
    if found["name"] == "playlist":
        kind = "video" if given.get("type") == "video" else "audio"
        return "\n".join(f'[{kind} src="{escape(each.url)}"]' for each in files)
    return "\n".join(map(_figure, files))


def _figure(file: Attachment) -> str:
    caption = f"<figcaption>{file.caption}</figcaption>" if file.caption else ""
    return f'<figure><img src="{escape(file.url)}" alt="{escape(file.alt)}" />{caption}</figure>'


def _image(library: Library, found: re.Match[str]) -> str:
    """A picture in full size, of which the site makes sizes of its own."""

    def attribute(each: re.Match[str]) -> str:
        name, url = each["name"].lower(), unescape(each["value"])
        full = library.full_size(url) if name == "src" else url
        return _spelled(each, file_at(full, library) if name == "src" else url)

    image = _ATTRIBUTE.sub(attribute, found[0])
    return image if image == found[0] else _SIZES.sub("", image)


def _player(library: Library, found: re.Match[str]) -> str:
    return _OF_PLAYER.sub(lambda url: file_at(url[0], library), found[0])


def _link(library: Library, found: re.Match[str]) -> str:
    """A link within the blog, from the root of the site wherever that will be."""

    def attribute(each: re.Match[str]) -> str:
        return _spelled(each, here(unescape(each["value"]), library))

    return _ATTRIBUTE.sub(attribute, found[0])


def _spelled(attribute: re.Match[str], value: str) -> str:
    if value == unescape(attribute["value"]):
        return attribute[0]
    quote = attribute["quote"]
    return f"{attribute['name']}{attribute['sign']}{quote}{escape(value)}{quote}"


def own_paths(content: str, library: Library) -> Iterator[str]:
    """The paths of the blog that a text leads to, as readers see them."""
    for tag in _LINK.findall(content):
        for each in _ATTRIBUTE.finditer(tag):
            path = here(unescape(each["value"]), library)
            if path.startswith("/") and not path.startswith("//"):
                yield unquote(path.partition("?")[0].partition("#")[0])


def here(url: str, library: Library) -> str:
    """An address of the blog as the site has it; any other as it is."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    is_own = library.is_own(parts.netloc) and parts.scheme in ("", "http", "https")
    if not is_own and (parts.netloc or not url.strip().startswith(("/", "?"))):
        return url
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if place := _by_number(parts.query, library):
        return f"{place}{fragment}"
    path = parts.path or "/"
    file = library.pages_of_files.get(unquote(path).rstrip("/"))
    if file:
        return _upload(file, library)
    if path.startswith(_OF_WORDPRESS) and unquote(path) not in library.local:
        return url
    return f"{path}{f'?{parts.query}' if parts.query else ''}{fragment}"


def _by_number(text: str, library: Library) -> str:
    """The address of the item that a query names by its number: `attachment_id=12`."""
    query = parse_qs(text) if len(text) <= _LONGEST_QUERY else {}
    for name in _IDS:
        id = next(iter(query.get(name, ())), "")
        if id in library.places:
            return library.places[id]
        if name == "attachment_id" and id in library.attachments:
            return _upload(library.attachments[id].url, library)
    return ""


def _upload(url: str, library: Library) -> str:
    """The address of a file of the media library, here if it came along."""
    path = f"/{_bare(url).partition('/')[2]}"
    return path if unquote(path) in library.local else url


def file_at(url: str, library: Library) -> str:
    """Where a picture or a player's file is: here if it came along, else where the blog has it."""
    place = here(url, library)
    is_path = place.startswith("/") and not place.startswith("//")
    if is_path and unquote(place.partition("?")[0]) not in library.local:
        return f"{library.origin}{place}"
    return place


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _bare(url: str) -> str:
    """An address without its scheme."""
    return url.partition("://")[2] or url.removeprefix("//")
