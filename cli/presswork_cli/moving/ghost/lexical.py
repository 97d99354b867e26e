"""Lexical, the format of Ghost's editor since version 5: a tree of nodes in JSON, made HTML."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from presswork_cli.moving.ghost import cards

Node = Mapping[str, Any]
Left = Callable[[str], None]
"""Is told the name of each node that is left out."""

_DEEPEST = 60
_FORMATS = (
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (16, "code"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
)
"""The bits of a text's format, the innermost first."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "aside": "blockquote"}
_BREAKS = {"linebreak": "<br>", "tab": "\t", "zwnj": "\u200c"}


def html_of(document: Any, left: Left) -> str:
    """The HTML of a document; empty for what is none."""
    root = document.get("root") if isinstance(document, Mapping) else None
    return _Renderer(left).children(root, 0, "\n") if isinstance(root, Mapping) else ""


class _Renderer:
    def __init__(self, left: Left) -> None:
        self._left = left

    def children(self, node: Node, depth: int, between: str = "") -> str:
        """The HTML of all that is within a node."""
        given = node.get("children")
        if not isinstance(given, list):
            return ""
        if depth > _DEEPEST:
            self._left("deep")
            return ""
        nodes = (each for each in given if isinstance(each, Mapping))
        return between.join(filter(None, (self._node(each, depth + 1) for each in nodes)))

    def _node(self, node: Node, depth: int) -> str:
        type = cards.text_of(node, "type").removeprefix("extended-")
        if cards.is_gated(node):
            self._left("members-only")
            return ""
        if type in _BREAKS or isinstance(node.get("text"), str):
            return _BREAKS.get(type) or _text(node)
        if type in ("link", "autolink", "at-link"):
            return (
                f'<a href="{escape(cards.text_of(node, "url"))}">{self.children(node, depth)}</a>'
            )
        if type in ("heading", "list", "listitem", *_BLOCKS):
            return self._block(type, node, depth)
        made = cards.html_of(type, node)
        if made is None:
            self._left(type or "node")
            return self.children(node, depth)
        return made

    def _block(self, type: str, node: Node, depth: int) -> str:
        inner = self.children(node, depth)
        tag = cards.text_of(node, "tag")
        if type == "heading":
            tag = tag if tag in _HEADINGS else "h2"
        elif type == "list":
            is_ordered = cards.text_of(node, "listType") == "number" or tag == "ol"
            tag = "ol" if is_ordered else "ul"
            start = node.get("start")
            if is_ordered and isinstance(start, int) and start != 1:
                return f'<ol start="{start}">{inner}</ol>'
        elif type == "listitem":
            tag = "li"
        else:
            tag = _BLOCKS[type]
        return f"<{tag}>{inner}</{tag}>"


def _text(node: Node) -> str:
    text = escape(str(node["text"]), quote=False)
    format = node.get("format")
    bits = format if isinstance(format, int) else 0
    for bit, tag in _FORMATS:
        if bits & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text
