"""What an export of WordPress says: the blog, and each of its items, as frozen values.

The format is WXR 1.2, as wp-admin/includes/export.php of WordPress writes it; earlier ones have
fewer elements. Entities, a DTD or the network take no part.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias, cast

from lxml import etree
from lxml import html as lxml_html

from presswork_cli.failure import Exit, Failure
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.wordpress import xml_items
from presswork_cli.moving.wordpress.xml_items import Item

_NAMESPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
_DECLARED = re.compile(
    r"""\bxmlns:([A-Za-z][\w.-]{0,40})\s{0,9}=\s{0,9}["']([^"'<>&]{1,200})["']"""
)
_ROOT = re.compile(r"<rss\b[^<>]{0,20000}>")
_KEPT_META = frozenset({"_thumbnail_id", "_wp_attachment_image_alt", "_wp_old_slug"})

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it


class Category(NamedTuple):
    """A category: its name, and the nicename of the one above it."""

    name: str
    parent: str


class Term(NamedTuple):
    """A term of an item: its taxonomy, its part of an address, and its name."""

    taxonomy: str
    nicename: str
    name: str


@dataclass(frozen=True)
class Channel:
    """A blog: what it is called, where it stands, who writes in it, and its terms by nicename."""

    title: str
    description: str
    language: str
    address: str
    authors: dict[str, str] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An item: a post, a page, a file, or what a plugin keeps as one.

    `is_whole` is false where the export breaks off in it, or is broken there: who may see it is not
    to be told then. `is_locked` where it has a password, which is not kept.
    """

    line: int
    id: str
    type: str
    status: str
    title: str
    link: str
    name: str
    date: str
    date_gmt: str
    modified_gmt: str
    creator: str
    content: str
    content_line: int
    excerpt: str
    parent: str
    attachment_url: str
    is_locked: bool
    is_sticky: bool
    is_whole: bool
    comments: int
    terms: tuple[Term, ...]
    meta: dict[str, tuple[str, ...]]

    @property
    def called(self) -> str:
        """What its author knows it by."""
        return self.title or self.name or f"{self.type} {self.id}"


@dataclass
class Export:
    """An export on disk, which is read from its beginning each time it is asked."""

    path: Path

    def channel(self, mentions: Mentions) -> Channel:
        """The blog; raises Failure for a file that is no export."""
        with closing(xml_items.items(self.path, mentions)) as found:
            head = next(found, None)
        if head is None or not head.is_head or "wordpress.org/export/" not in head.xml:
            raise Failure(
                f"{self.path} is no export of WordPress: write one under Tools, Export, and name "
                "that file of XML",
                Exit.USAGE,
            )
        return _channel(_element(head, _namespaces(head.xml), mentions)[0])

    def entries(self, mentions: Mentions) -> Iterator[Entry]:
        """Each item, in its order."""
        namespaces: dict[str, str] = {}
        for item in xml_items.items(self.path, mentions):
            if item.is_head:
                namespaces = _namespaces(item.xml)
                continue
            element, is_sound = _element(item, namespaces, mentions)
            yield _entry(_Fields(element), item.line, is_whole=item.is_whole and is_sound)


def _namespaces(head: str) -> dict[str, str]:
    """What the prefixes of an export stand for; our own names for those that we look for."""
    root = _ROOT.search(head)
    return {**dict(_DECLARED.findall(root[0] if root else "")), **_NAMESPACES}


def _element(item: Item, namespaces: dict[str, str], mentions: Mentions) -> tuple[Element, bool]:
    """The element of an item or a channel, and whether its XML is sound."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in namespaces.items())
    # What stands before the first item opens a channel that its end does not close.
    xml = f"{_ROOT.sub('', item.xml, count=1)}</channel>" if item.is_head else item.xml
    text = f"<rss {declared}>{xml}</rss>".encode()
    try:
        root = etree.fromstring(text, _parser(recover=False))
        is_sound = True
    except etree.XMLSyntaxError:
        root = etree.fromstring(text, _parser(recover=True))
        is_sound = False
        mentions.add("cut-off" if not item.is_whole else "broken", item.line)
    if root is None or len(root) == 0:
        return etree.Element("item"), False
    return root[0], is_sound


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=False,
    )


def plain(text: str) -> str:
    """A title or an excerpt without tags, as one line."""
    if "<" in text or "&" in text:
        fragment = lxml_html.fromstring(f"<div>{text}</div>")
        text = "".join(map(str, fragment.itertext()))
    return " ".join(text.split())


class _Fields:
    """The elements right below one, by their names as WordPress spells them."""

    def __init__(self, element: Element) -> None:
        self._by_name: dict[str, list[Element]] = {}
        for child in element:
            self._by_name.setdefault(_name(child), []).append(child)

    def text(self, name: str) -> str:
        """The text of the first of a name; none is the empty text."""
        return next((_text(each).strip() for each in self._by_name.get(name, ())), "")

    def title(self) -> str:
        """The title in plain words: in CDATA it is HTML, else WordPress has taken out its tags."""
        first = next(iter(self._by_name.get("title", ())), None)
        if first is None:
            return ""
        is_html = "<![CDATA[" in etree.tostring(first, encoding="unicode", with_tail=False)
        return plain(_text(first)) if is_html else " ".join(_text(first).split())

    def raw(self, name: str) -> str:
        """As `text`, with the blanks around it."""
        return next((_text(each) for each in self._by_name.get(name, ())), "")

    def line(self, name: str) -> int:
        """On which line of the item the first of a name is; 0 where there is none."""
        first = next(iter(self._by_name.get(name, ())), None)
        return 0 if first is None else cast("int | None", first.sourceline) or 0

    def all(self, name: str) -> list[Element]:
        """All of a name."""
        return self._by_name.get(name, [])

    @cached_property
    def meta(self) -> dict[str, tuple[str, ...]]:
        """What is known of the fields that plugins and WordPress itself keep with a post."""
        found: dict[str, tuple[str, ...]] = {}
        for each in map(_Fields, self.all("wp:postmeta")):
            key = each.text("wp:meta_key")
            if key in _KEPT_META:
                found[key] = (*found.get(key, ()), each.text("wp:meta_value"))
        return found


def _name(element: Element) -> str:
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _channel(element: Element) -> Channel:
    fields = _Fields(element)
    authors = map(_Fields, fields.all("wp:author"))
    categories = map(_Fields, fields.all("wp:category"))
    tags = map(_Fields, fields.all("wp:tag"))
    return Channel(
        title=fields.title(),
        description=fields.text("description"),
        language=fields.text("language"),
        address=(fields.text("wp:base_blog_url") or fields.text("link")).rstrip("/"),
        authors={
            each.text("wp:author_login"): each.text("wp:author_display_name")
            or each.text("wp:author_login")
            for each in authors
        },
        categories={
            each.text("wp:category_nicename"): Category(
                each.text("wp:cat_name"), each.text("wp:category_parent")
            )
            for each in categories
        },
        tags={each.text("wp:tag_slug"): each.text("wp:tag_name") for each in tags},
    )


def _entry(fields: _Fields, line: int, *, is_whole: bool) -> Entry:
    return Entry(
        line=line,
        id=fields.text("wp:post_id"),
        type=fields.text("wp:post_type"),
        status=fields.text("wp:status"),
        title=fields.title(),
        link=fields.text("link"),
        name=fields.text("wp:post_name"),
        date=fields.text("wp:post_date"),
        date_gmt=fields.text("wp:post_date_gmt"),
        modified_gmt=fields.text("wp:post_modified_gmt"),
        creator=fields.text("dc:creator"),
        content=fields.raw("content:encoded"),
        content_line=line + max(0, fields.line("content:encoded") - 1),
        excerpt=fields.text("excerpt:encoded"),
        parent=fields.text("wp:post_parent"),
        attachment_url=fields.text("wp:attachment_url"),
        is_locked=bool(fields.raw("wp:post_password")),
        is_sticky=fields.text("wp:is_sticky") == "1",
        is_whole=is_whole,
        comments=len(fields.all("wp:comment")),
        terms=tuple(
            Term(str(each.get("domain", "")), str(each.get("nicename", "")), _text(each).strip())
            for each in fields.all("category")
        ),
        meta=fields.meta,
    )
