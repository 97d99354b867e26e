"""SVG drawings, copied element by element: what a still picture needs, and nothing else (SVG 2).

A drawing is a document: it may hold scripts, links, foreign markup and references to other hosts.
Nothing is searched for and taken out; only what the lists below name is taken over.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from presswork.imaging.limits import Refused
from presswork.imaging.making.svg_names import ATTRIBUTES, ELEMENTS, FUNCTIONS, PROPERTIES, TEXTUAL

Raster = Callable[[bytes], tuple[str, bytes]]

_SVG = "http://www.w3.org/2000/svg"
_NAMESPACES: Any = {None: _SVG}  # which the stubs do not know
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_MOST_ELEMENTS = 50_000
# With all that `use` repeats.
_MOST_DRAWN = 200_000
_DEEPEST = 100
_MOST_RASTERS = 20
_LONGEST_SIDE = 16_383
_DEFAULT_SIZE = (300.0, 150.0)
# CSS Values and Units 4, section 6, at 16 pixels to an em.
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6, "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
_LENGTH = re.compile(
    r"\s*((?:\d++(?:\.\d++)?|\.\d++)(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.ASCII | re.IGNORECASE
)
_REFERENCE = re.compile(r"#[\w.:-]+")
_DATA = re.compile(r"\s*data:image/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE | re.ASCII)
_UNSAFE = re.compile(r"[\\<>@{};]|/\*")
_FUNCTION = re.compile(r"(?<![\w-])([\w-]*+) ?\(")
_URL = re.compile(r"""url\(\s*(["']?)#[\w.:-]+\1\s*\)""", re.IGNORECASE)
_AT_RULE = re.compile(r"@[^@{};]*+(?:;|\{(?:[^{}]++|\{[^{}]*+\})*+\})")
_RULE = re.compile(r"([^{}]*+)\{([^{}]*+)\}|[^{}]++|[{}]")
"""A rule, or what is none: that is passed over, and not looked at from each of its letters."""
_SELECTOR = re.compile(r"[\w\s.#,>+~*:()=\"'\[\]-]+")


@dataclass(frozen=True)
class Drawing:
    """A drawing that is safe to serve, and its natural size in pixels."""

    data: bytes
    width: int
    height: int


def clean(data: bytes, raster: Raster) -> Drawing:
    """A copy of an SVG with what a still picture needs; pictures within go through `raster`.

    `raster` gives the media type and the bytes of a picture made anew. Raises `Refused`.
    """
    root = _parsed(data)
    copier = _Copier(raster)
    copy = copier.copied(root, 0)
    if copy is None or etree.QName(copy).localname != "svg":
        raise _refused("it holds no drawing")
    _check_repetition(copy)
    width, height = _sized(copy)
    return Drawing(etree.tostring(copy, encoding="utf-8"), width, height)


def _parsed(data: bytes) -> etree._Element:
    # Entities of the document itself are common in drawings, and bounded by the parser.
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # unknown to the stubs
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(f"it is no well-formed XML: {error}") from error


class _Copier:
    """Copies a tree by the lists; counts what it copies."""

    def __init__(self, raster: Raster) -> None:
        self._raster = raster
        self._elements = 0
        self._rasters = 0

    def copied(self, source: etree._Element, depth: int) -> etree._Element | None:
        """The copy of an element with what stands in it, None for what is not taken over."""
        name = _name(source)
        if name not in ELEMENTS and name != "foreignObject":
            return None
        self._elements += 1
        if self._elements > _MOST_ELEMENTS or depth > _DEEPEST:
            raise _refused(f"it has more than {_MOST_ELEMENTS} elements, or too many in each other")
        if name == "foreignObject":
            return _label(source)
        # A link is a group that leads elsewhere.
        copy = etree.Element(f"{{{_SVG}}}{'g' if name == 'a' else name}", nsmap=_NAMESPACES)
        for key, value in self._attributes(source, name):
            copy.set(key, value)
        if name == "image" and "href" not in copy.attrib:
            return None
        if name == "style":
            copy.text = _stylesheet("".join(map(str, source.itertext())))
            return copy
        copy.text = source.text if name in TEXTUAL else None
        for child in source:
            inner = self.copied(child, depth + 1)
            if inner is None:
                continue
            inner.tail = child.tail if name in TEXTUAL else None
            copy.append(inner)
        return copy

    def _attributes(self, source: etree._Element, name: str) -> Iterator[tuple[str, str]]:
        for key, value in _text_of(source.attrib).items():
            if key in ("href", _XLINK_HREF):
                if name != "a" and (reference := self._reference(value, name)):
                    yield "href", reference
            elif key == "style":
                if declarations := _declarations(value):
                    yield key, declarations
            elif key in ATTRIBUTES and _is_safe(value):
                yield key, value

    def _reference(self, value: str, name: str) -> str | None:
        if name != "image":
            return value.strip() if _REFERENCE.fullmatch(value.strip()) else None
        embedded = _DATA.fullmatch(value)
        if embedded is None:
            return None
        self._rasters += 1
        if self._rasters > _MOST_RASTERS:
            raise _refused(f"it holds more than {_MOST_RASTERS} pictures")
        try:
            mime, data = self._raster(base64.b64decode(embedded[1]))
        except ValueError as error:
            raise _refused(f"a picture in it cannot be read: {error}") from error
        return f"data:{mime};base64,{base64.b64encode(data).decode()}"


_BOX = ("x", "y", "width", "height")
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})


def _words(element: etree._Element) -> Iterator[str]:
    """The texts in an element that are seen, apart where a tag stands between them."""
    if etree.QName(element).localname in _UNSEEN:
        return
    yield element.text or ""
    for child in element:
        yield " "
        yield from _words(child)
        yield f" {child.tail or ''}"


def _number(text: str) -> float:
    sign = -1.0 if text.strip().startswith("-") else 1.0
    return sign * (_pixels(text.strip().lstrip("-")) or 0.0)


def _label(box: etree._Element) -> etree._Element | None:
    """The words of a box of HTML, which tools for diagrams write labels in, as text amid it."""
    words = " ".join("".join(_words(box)).split())
    if not words:
        return None
    left, top, width, height = (_number(box.get(name, "")) for name in _BOX)
    label = etree.Element(f"{{{_SVG}}}text", nsmap=_NAMESPACES)
    label.text = words
    label.set("x", f"{left + width / 2:g}")
    label.set("y", f"{top + height / 2:g}")
    label.set("text-anchor", "middle")
    label.set("dominant-baseline", "middle")
    return label


def _text_of(attributes: etree._Attrib) -> dict[str, str]:
    return {str(key): str(value) for key, value in attributes.items()}


def _name(element: etree._Element) -> str | None:
    """The local name of an element of SVG; drawings without a namespace are meant to be SVG."""
    if not isinstance(element.tag, str):
        return None
    name = etree.QName(element)
    return name.localname if name.namespace in (_SVG, None) else None


def _stylesheet(text: str) -> str:
    rules = (
        (rule[1].strip(), _declarations(rule[2]))
        for rule in _RULE.finditer(_AT_RULE.sub("", _without_comments(text)))
        if rule[2] is not None and _SELECTOR.fullmatch(rule[1])
    )
    return "".join(f"{selector}{{{body}}}" for selector, body in rules if body)


def _without_comments(css: str) -> str:
    """The text without comments; one that is never closed lasts to the end (CSS Syntax, 4.3.2)."""
    first, *others = css.split("/*")
    return first + "".join(each.partition("*/")[2] for each in others)


def _declarations(text: str) -> str:
    """The declarations of a style that are presentation, each with a harmless value."""
    kept = []
    for declaration in _without_comments(text).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name in PROPERTIES and value and _is_safe(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_safe(value: str) -> bool:
    """Whether a value calls nothing but known functions, and `url` within the drawing alone."""
    if _UNSAFE.search(value):
        return False
    names = [name.lower() for name in _FUNCTION.findall(" ".join(value.split()))]
    return all(name in FUNCTIONS for name in names) and names.count("url") == len(
        _URL.findall(value)
    )


def _check_repetition(root: etree._Element) -> None:
    """Refuse what `use` would draw without an end, or all but (the billion laughs of SVG)."""
    by_id = {id: element for element in root.iter() if (id := element.get("id"))}
    counts: dict[etree._Element, int] = {}
    begun: set[etree._Element] = set()

    def count(element: etree._Element, depth: int) -> int:
        if element in counts:
            return counts[element]
        if element in begun or depth > 2 * _DEEPEST:
            raise _refused("its elements repeat each other")
        begun.add(element)
        total = 1 + sum(count(child, depth + 1) for child in element)
        if etree.QName(element).localname == "use":
            target = by_id.get(element.get("href", "").removeprefix("#"))
            total += 0 if target is None else count(target, depth + 1)
        if total > _MOST_DRAWN:
            raise _refused(f"it draws more than {_MOST_DRAWN} elements")
        counts[element] = total
        return total

    count(root, 0)


def _sized(root: etree._Element) -> tuple[int, int]:
    """The natural size of a drawing, which is written into it, so that it scales as a whole.

    What is not said follows from the view box, or is as of any replaced element (CSS 2.2, 10.3.2).
    """
    box = _view_box(root.get("viewBox", ""))
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    if box is None:
        width, height = width or _DEFAULT_SIZE[0], height or _DEFAULT_SIZE[1]
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    elif width and not height:
        height = width * box[1] / box[0]
    elif height and not width:
        width = height * box[0] / box[1]
    elif not width and not height:
        width, height = box
    whole = (round(min(max(side or 1, 1), _LONGEST_SIDE)) for side in (width, height))
    size = next(whole), next(whole)
    root.set("width", str(size[0]))
    root.set("height", str(size[1]))
    return size


def _pixels(text: str) -> float | None:
    match = _LENGTH.fullmatch(text)
    factor = match and _PIXELS.get(match[2].lower())
    return float(match[1]) * factor if match and factor else None


def _view_box(text: str) -> tuple[float, float] | None:
    try:
        _, _, width, height = (float(number) for number in text.replace(",", " ").split())
    except ValueError:
        return None
    return (width, height) if 0 < width < 1e9 and 0 < height < 1e9 else None  # noqa: PLR2004


def _refused(why: str) -> Refused:
    return Refused("image.svg", f"The SVG cannot be used: {why}. Convert it to PNG.")
