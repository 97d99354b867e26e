"""Mobiledoc, the format of Ghost's editor from version 2 to 4: lists of sections, made HTML.

github.com/bustle/mobiledoc-kit, MOBILEDOC.md, versions 0.3.0 to 0.3.2.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from presswork_cli.moving.ghost import cards
from presswork_cli.moving.ghost.lexical import Left

_TEXT, _ATOM = 0, 1
_TAGS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote"})
_INLINE = frozenset(
    {"b", "strong", "i", "em", "a", "u", "s", "del", "sub", "sup", "code", "strike", "mark"}
)


def html_of(document: Any, left: Left) -> str:
    """The HTML of a document; empty for what is none."""
    if not isinstance(document, Mapping):
        return ""
    sections = _Document(document, left)
    return "\n".join(filter(None, map(sections.section, _list(document.get("sections")))))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class _Document:
    def __init__(self, document: Mapping[str, Any], left: Left) -> None:
        self._markups = _list(document.get("markups"))
        self._atoms = _list(document.get("atoms"))
        self._cards = _list(document.get("cards"))
        self._left = left

    def section(self, section: Any) -> str:
        """The HTML of a section."""
        match section:
            case [1, str(tag), list(markers), *_]:
                tag = tag if tag in _TAGS else "p"
                tag = "blockquote" if tag in ("aside", "pull-quote") else tag
                return f"<{tag}>{self._run(markers)}</{tag}>"
            case [2, str(src), *_]:
                return str(cards.html_of("image", {"src": src}))
            case [3, str(tag), list(items), *_]:
                tag = "ol" if tag == "ol" else "ul"
                inner = "".join(f"<li>{self._run(_list(each))}</li>" for each in items)
                return f"<{tag}>{inner}</{tag}>"
            case [10, int(number), *_]:
                return self._card(number)
        self._left("section")
        return ""

    def _card(self, number: int) -> str:
        card = self._cards[number] if 0 <= number < len(self._cards) else None
        match card:
            case [str(name), dict(payload), *_]:
                if cards.is_gated(payload):
                    self._left("members-only")
                    return ""
                made = cards.html_of(name, payload)
                if made is None:
                    self._left(name)
                return made or ""
        self._left("card")
        return ""

    def _run(self, markers: list[Any]) -> str:
        """A run of text: each marker opens markups, has a text, and closes some of those open."""
        parts, opened = list[str](), list[str]()
        for marker in markers:
            match marker:
                case [int(kind), list(numbers), int(closing), value, *_]:
                    for number in numbers:
                        tag, start = self._markup(number)
                        parts.append(start)
                        opened.append(tag)
                    parts.append(self._value(kind, value))
                    for _ in range(min(closing, len(opened))):
                        tag = opened.pop()
                        parts.append(f"</{tag}>" if tag else "")
                case _:
                    self._left("marker")
        parts += [f"</{tag}>" for tag in reversed(opened) if tag]
        return "".join(parts)

    def _markup(self, number: Any) -> tuple[str, str]:
        """A markup's tag, and how it starts."""
        known = isinstance(number, int) and 0 <= number < len(self._markups)
        match self._markups[number] if known else None:
            case [str(tag), *rest] if tag in _INLINE:
                given = _list(rest[0]) if rest else []
                names = dict(zip(given[::2], given[1::2], strict=False)) if given else {}
                href = names.get("href")
                named = f' href="{escape(href)}"' if isinstance(href, str) else ""
                return tag, f"<{tag}{named}>"
        return "", ""

    def _value(self, kind: int, value: Any) -> str:
        if kind == _TEXT and isinstance(value, str):
            return escape(value, quote=False)
        if kind == _ATOM and isinstance(value, int) and 0 <= value < len(self._atoms):
            match self._atoms[value]:
                case ["soft-return", *_]:
                    return "<br>"
                case [str(), str(text), *_]:
                    return escape(text, quote=False)
        self._left("atom")
        return ""
