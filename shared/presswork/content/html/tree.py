"""HTML as a tree of lxml, and the moves that its `text` and `tail` make awkward."""

import re
import sys
from collections.abc import Iterable, Iterator

from lxml import etree

from presswork.content.characters import has_references, uncommon
from presswork.patterns import late

Element = etree._Element  # noqa: SLF001  the name that lxml gives to the type of all elements
Node = Element | str
"""A part of an element's content; elements among nodes have no tail."""

# Behind these, a fragment is parsed as the body of a page, whatever it begins with.
_OPENING = "<html><body>"
_PAGE_END = late(r"</(?:body|html)\s*>", re.IGNORECASE)  # lxml drops what stands behind
# Characters that no tree of lxml takes, and the references that stand for characters.
_REFERENCE = late(r"&#(?:[xX]0*([0-9a-fA-F]{1,7})|0*([0-9]{1,8}));?")
_ILLEGIBLE = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Elements without content that libxml2 does not know to be so.
_EMPTY = late(
    r"""<(bgsound|embed|keygen|source|track|wbr)(?=[\s/>])
        [^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+>""",
    re.IGNORECASE | re.VERBOSE,
)

# Empty lines between tags, but not those of a listing.
_GAP = late(r">[^\S\n]*+\n\s*+(?=<)")
_LISTING = late(r"(<pre[\s>].*?</pre>)", re.DOTALL)

_BLOCKS = (
    "address article aside audio blockquote center details dialog dd div dl dt embed fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe li main nav ol p "
    "pre section summary table tbody td tfoot th thead tr ul video"
)
BLOCKS = frozenset(_BLOCKS.split())
SOLID = frozenset("img hr table figure pre details iframe embed video audio input".split())  # noqa: SIM905
"""Elements that show something without any text in them."""


def tree_of(html: str) -> Element:
    """The body of a fragment or a page of HTML, as lxml mends it."""
    if has_references(html):
        html = _REFERENCE.sub(lambda found: "" if _is_illegible(found) else found[0], html)
    html = _EMPTY.sub(r"\g<0></\1>", _PAGE_END.sub("", html))
    if _ILLEGIBLE.search(uncommon(html)):
        html = legible(html)
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(_OPENING + html, parser)
    body = root.find("body")
    return root if body is None else body


def drop_unfit_attributes(body: Element) -> list[str]:
    """Removes the attributes that lxml can neither read nor set; their names are returned.

    It takes a brace in front of a name for the beginning of a namespace.
    """
    names = dict.fromkeys(
        str(name) for element in body.iter() for name in element.attrib if name[:1] == "{"
    )
    if names:
        etree.strip_attributes(body, *(f"{{}}{name}" for name in names))
    return list(names)


def _is_illegible(reference: re.Match[str]) -> bool:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return code > sys.maxunicode or bool(_ILLEGIBLE.match(chr(code)))


def html_of(body: Element) -> str:
    """The inner HTML of the tree, unsanitised."""
    shell = etree.tostring(body, method="html", encoding="unicode", with_tail=False)
    inner = shell[shell.index(">") + 1 : shell.rindex("</")].strip()
    parts = _LISTING.split(inner) if "<pre" in inner else [inner]
    parts[::2] = [_GAP.sub(">\n", f">{part}<")[1:-1] for part in parts[::2]]
    return "".join(parts)


def outer(element: Element) -> str:
    """The HTML of one element, for people to read."""
    return etree.tostring(element, method="html", encoding="unicode", with_tail=False)


def new(name: str, text: str = "", **attributes: str) -> Element:
    """An element of its own."""
    element = etree.Element(name, {key: legible(value) for key, value in attributes.items()})
    element.text = legible(text)
    return element


def legible(text: str) -> str:
    """A text without the characters that a tree refuses."""
    return _ILLEGIBLE.sub("", text)


def attributes(element: Element) -> dict[str, str]:
    """The attributes of an element, their names in lower case."""
    return {str(name).lower(): str(value) for name, value in element.attrib.items()}


def texts(element: Element) -> Iterator[str]:
    """Each text in an element, in order."""
    return (str(text) for text in element.itertext())


def text_of(element: Element) -> str:
    """All text in an element, its blanks as one space each."""
    return " ".join("".join(texts(element)).split())


def remove(element: Element) -> None:
    """Takes an element with all that is in it out of the tree; the text behind it stays."""
    replace(element, ())


def unwrap(element: Element) -> None:
    """Puts an element's content in its place."""
    text = [element.text] if element.text else []
    replace(element, [*text, *element])  # children bring the text behind them


def replace(element: Element, nodes: Iterable[Node]) -> None:
    """Puts nodes in the place of an element; the text behind it stays behind them."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail, element.tail = element.tail, None
    for node in nodes:
        if isinstance(node, str):
            _add_text(parent, before, node)
        else:
            element.addprevious(node)
            before = node
    parent.remove(element)
    if tail:
        _add_text(parent, before, tail)


def _add_text(parent: Element, before: Element | None, text: str) -> None:
    """Puts text behind a child, or first; of blanks behind blanks, the former are enough."""
    there = (parent.text if before is None else before.tail) or ""
    if not text.strip() and there[-1:].isspace():
        return
    if before is None:
        parent.text = there + text
    else:
        before.tail = there + text


def taken(parent: Element) -> list[Node]:
    """The content of an element, taken out of it."""
    nodes: list[Node] = [parent.text] if parent.text else []
    for child in list(parent):
        nodes.append(child)
        if child.tail:
            nodes.append(child.tail)
        child.tail = None
        parent.remove(child)
    parent.text = None
    return nodes


def taken_behind(element: Element) -> list[Node]:
    """What stands between an element and the next block beside it, taken out of the tree."""
    nodes = _taken_tail(element)
    while (follower := element.getnext()) is not None and not is_block(follower):
        nodes += [follower, *_taken_tail(follower)]
        remove(follower)
    return nodes


def _taken_tail(element: Element) -> list[Node]:
    tail, element.tail = element.tail, None
    return [tail] if tail else []


def fill(parent: Element, nodes: Iterable[Node]) -> None:
    """Makes nodes the end of an element's content."""
    last = parent[-1] if len(parent) else None
    for node in nodes:
        if isinstance(node, str):
            _add_text(parent, last, node)
        else:
            parent.append(node)
            last = node


def trimmed(nodes: list[Node]) -> list[Node]:
    """The nodes without the blanks around them."""
    if nodes and isinstance(nodes[0], str):
        nodes = [nodes[0].lstrip(), *nodes[1:]]
    if nodes and isinstance(nodes[-1], str):
        nodes = [*nodes[:-1], nodes[-1].rstrip()]
    return nodes


def is_blank(node: Node) -> bool:
    """Whether a node is nothing but white space."""
    return isinstance(node, str) and not node.strip()


def is_block(node: Node) -> bool:
    """Whether a node stands on lines of its own."""
    return not isinstance(node, str) and node.tag in BLOCKS


def shows(node: Node) -> bool:
    """Whether a reader sees anything of a node."""
    if isinstance(node, str):
        return bool(node.strip())
    return has_text(node) or node.tag in SOLID or next(node.iter(*SOLID), None) is not None


def has_text(element: Element) -> bool:
    """Whether an element holds more than blanks."""
    first = element.text
    return bool(first and not first.isspace()) or any(text.strip() for text in texts(element))
