"""Shortcodes of Hugo, its own and those that many themes have: `{{< name argument >}}`."""

import re
from collections.abc import Mapping
from typing import Any

from presswork.content.dialects import liquid, markup
from presswork.content.dialects.marks import Form, TemplateMark
from presswork.content.dialects.table import Alone, Pair, Table, Whole
from presswork.patterns import late

_INLINE = late(r"hl_inline\s*=\s*true", re.IGNORECASE)
_NOTES = (
    "note info tip hint important warning caution danger success error attention example question"
)


def _figure(mark: TemplateMark) -> str | None:
    given = mark.arguments
    src = given.get("src") or given.word(0)
    if not src:
        return None
    title, caption, by = (markup.words(given.get(name)) for name in ("title", "caption", "attr"))
    if by and given.get("attrlink"):
        by = f'<a href="{markup.address(given.get("attrlink"))}">{by}</a>'
    said = " ".join(filter(None, [f"<strong>{title}</strong>" if title else "", caption, by]))
    return markup.figure(src, given.get("alt"), said, given.get("link"))


def _image(mark: TemplateMark) -> str | None:
    given = mark.arguments
    src = given.get("src", "path", "url", "file") or given.word(0)
    alt = given.get("alt", "title", "caption") or given.word(1)
    caption = markup.words(given.get("caption", "title"))
    return markup.figure(src, alt, caption, given.get("href", "link")) if src else None


def _highlight(mark: TemplateMark) -> str:
    language = mark.arguments.get("lang") or mark.arguments.word(0)
    text = mark.inner or ""
    if _INLINE.search(mark.given):
        return f"<code>{markup.escaped(text.strip())}</code>"
    return liquid.code_of(mark, language, text)


def _code_in(language: str) -> Whole:
    return Whole("template-code", lambda mark: liquid.code_of(mark, language, mark.inner or ""))


def _code_toggle(mark: TemplateMark) -> str:
    file = mark.arguments.get("file")
    block = liquid.code_of(mark, "toml", mark.inner or "")
    return f"<p>{markup.escaped(file)}</p>\n\n{mark.indent}{block}" if "/" in file else block


def youtube(mark: TemplateMark) -> str | None:
    """A film of YouTube."""
    given = mark.arguments
    id = given.get("id") or given.word(0)
    return markup.youtube(id, given.get("title"), given.get("start")) if id else None


def vimeo(mark: TemplateMark) -> str | None:
    """A film of Vimeo."""
    id = mark.arguments.get("id") or mark.arguments.word(0)
    return markup.vimeo(id, mark.arguments.get("title")) if id else None


def _bilibili(mark: TemplateMark) -> str | None:
    id = mark.arguments.get("id", "bvid") or mark.arguments.word(0)
    return markup.embed(f"https://www.bilibili.com/video/{id}") if id else None


def _post_on_x(mark: TemplateMark) -> str | None:
    given = mark.arguments
    id = given.get("id") or given.word(0)
    user = given.get("user") or "i"
    return markup.link(f"https://x.com/{user}/status/{id}") if id.isdecimal() else None


def _instagram(mark: TemplateMark) -> str | None:
    id = mark.arguments.get("id") or mark.arguments.word(0)
    return markup.link(f"https://www.instagram.com/p/{id}/") if id else None


def _gist(mark: TemplateMark) -> str | None:
    user, id, file = (mark.arguments.word(number) for number in range(3))
    return markup.gist(f"{user}/{id}" if id else user, file) if user else None


def _reference(mark: TemplateMark) -> str | None:
    path = mark.arguments.get("path") or mark.arguments.word(0)
    return markup.source_address(path) if path else None


def _param(mark: TemplateMark) -> str | None:
    values: Any = mark.origin.values
    name = mark.arguments.word(0)
    inner = values.get("params")
    return _at(inner, name) or _at(values, name)


def _at(values: Any, name: str) -> str | None:
    for part in name.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return liquid.written(values)


def details(mark: TemplateMark) -> tuple[str, str]:
    """A text that readers unfold."""
    given = mark.arguments
    summary = given.get("summary", "title") or given.word(0)
    is_plain = given.words and given.bare.issuperset(given.words)
    if mark.form is Form.TAG and mark.name == "details" and is_plain and not given.named:
        summary = " ".join(given.words)  # as dev.to has it
    return markup.details(summary, opened=given.get("open") == "true")


def note(mark: TemplateMark) -> tuple[str, str]:
    """A note, by the names that themes have for its kind and its title."""
    given = mark.arguments
    if mark.name in _NOTES.split():
        return markup.alert(mark.name, given.get("title") or given.word(0))
    kind = given.get("type", "kind", "class", "style") or given.word(0)
    return markup.alert(kind, given.get("title") or given.word(1))


def _player(mark: TemplateMark) -> str | None:
    src = mark.arguments.get("src", "url", "file", "path", "mp4", "mp3") or mark.arguments.word(0)
    return markup.player(mark.name, src, mark.arguments.get("poster")) if src else None


def _text(_: TemplateMark) -> tuple[str, str]:
    return "", ""


SHORTCODES: Table = {
    "figure": Alone("template-figure", _figure),
    **dict.fromkeys(("image", "img"), Alone("template-figure", _image)),
    "highlight": Whole("template-code", _highlight),
    "code": Whole("template-code", _highlight),
    "code-toggle": Whole("template-code", _code_toggle),
    "mermaid": _code_in("mermaid"),
    "youtube": Alone("template-embed", youtube),
    "vimeo": Alone("template-embed", vimeo),
    "bilibili": Alone("template-embed", _bilibili),
    **dict.fromkeys(
        ("x", "x_simple", "twitter", "twitter_simple", "tweet"),
        Alone("template-embed", _post_on_x),
    ),
    "instagram": Alone("template-embed", _instagram),
    "gist": Alone("template-embed", _gist),
    **dict.fromkeys(("video", "audio"), Alone("template-embed", _player)),
    **dict.fromkeys(("ref", "relref"), Alone("template-link", _reference)),
    "param": Alone("template-value", _param),
    **dict.fromkeys(("details", "expand", "collapse"), Pair("template-details", details)),
    **dict.fromkeys(
        [*_NOTES.split(), "notice", "admonition", "callout", "alert"],
        Pair("template-note", note),
    ),
    **dict.fromkeys(("rawhtml", "raw", "html"), Pair("template-raw", _text)),
    "comment": Whole("template-comment", liquid.nothing),
}
