"""The documents as the site of `make docs-site`: its links, and what it asks others for."""

import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import comrak
import pytest
from lxml import etree, html

ROOT = Path(__file__).parents[2]
SITE = ROOT / "dist" / "docs"
BROWSER = ROOT / "tests" / "browser"
PAGES = sorted(SITE.rglob("*.html"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

COUNTED = ("h1", "h2", "h3", "h4", "li", "pre", "table", "tr", "td", "th", "img", "blockquote")
"""What a text is made of; paragraphs in lists are told otherwise by each library."""
LOADED = "//@src | //@srcset | //@poster | //@data | //link[not(@rel='next' or @rel='prev')]/@href"

DIAGRAM = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)
"""A table on the site: what draws it would come from somebody else's server."""


def named(page: Path) -> str:
    """A page's place, as the name of its test."""
    return str(page.relative_to(SITE if page.is_relative_to(SITE) else ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=named)


@cache
def tree(page: Path) -> etree._Element:
    """A page, parsed."""
    return html.document_fromstring(page.read_bytes())


def select(root: etree._Element, path: str) -> list[Any]:
    """What an XPath finds: elements, or texts."""
    found: Any = root.xpath(path)
    return list(found)


@cache
def names(page: Path) -> frozenset[str]:
    """What links may name in a page."""
    return frozenset(select(tree(page), "//@id | //a/@name"))


def led_to(page: Path, link: str) -> tuple[Path, str]:
    """The file that a link leads to, and the place in it."""
    parts = urlsplit(link)
    path = unquote(parts.path)
    start = SITE if path.startswith("/") else page.parent
    target = (start / path.lstrip("/")).resolve() if path else page
    return (target / "index.html" if target.is_dir() else target), unquote(parts.fragment)


def test_the_site_is_there() -> None:
    """Each document has a page, and so do the sources that documents link to."""
    assert len(PAGES) > len(DOCUMENTS), "make docs-site builds it"


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Within the site to a file and, where it names a place, to that place."""
    links = [link for link in select(tree(page), "//@href | //@src") if not urlsplit(link).scheme]
    assert links
    for link in links:
        target, place = led_to(page, link)
        assert target.is_relative_to(SITE), link
        assert target.is_file(), link
        assert not place or target.suffix != ".html" or place in names(target), link


@each_page
def test_nothing_is_loaded_from_elsewhere(page: Path) -> None:
    """No script, style, picture, font or frame of a page is of another server."""
    loaded = select(tree(page), LOADED)
    styles = select(tree(page), "//style/text() | //@style")
    assert loaded
    assert not [each for each in loaded if re.match(r"\s*([a-z]+:)?//", each)]
    assert not [each for each in styles if re.search(r"@import|url\(\s*[\"']?\w*:?//", each)]
    assert not select(tree(page), "//*[contains(@class, 'mermaid')]")


def test_no_style_loads_from_elsewhere() -> None:
    """Nor does a stylesheet."""
    styles = [path.read_text(encoding="utf-8") for path in SITE.rglob("*.css")]
    assert styles
    assert not [text for text in styles if re.search(r"@import|url\(\s*[\"']?\w*:?//", text)]


def shape(root: etree._Element) -> dict[str, int]:
    """How many of each element a text has."""
    found = Counter(map(str, (each.tag for each in root.iter())))
    return {name: found[name] for name in COUNTED}


@pytest.mark.parametrize("page", DOCUMENTS, ids=named)
def test_the_site_reads_a_document_as_forges_do(page: Path) -> None:
    """As many headings, items, rows, cells, listings and pictures as CommonMark with tables has."""
    place = page.relative_to(ROOT).with_suffix("")
    made = SITE / (place.parent if place.name == "README" else place) / "index.html"
    (article,) = select(html.document_fromstring(made.read_bytes()), "//article")
    for table in select(article, ".//table[.//th[1] = 'package' and .//th[2] = 'imports']"):
        table.getparent().remove(table)
    options = comrak.ExtensionOptions()
    options.table = True
    text = DIAGRAM.sub("", page.read_text(encoding="utf-8"))
    expected = comrak.render_markdown(text, extension_options=options)
    assert shape(article) == shape(html.document_fromstring(expected))


def test_a_browser_asks_nobody_else_and_finds_words() -> None:
    """Each document wide and narrow: nothing fails, nothing scrolls sideways."""
    command = ["node", "documents.mjs", str(SITE)]
    looked = subprocess.run(command, cwd=BROWSER, capture_output=True, text=True, check=False)
    assert re.search(r"^\d\d+ pages looked at: 0 problems$", looked.stdout, re.MULTILINE), (
        looked.stdout + looked.stderr
    )
