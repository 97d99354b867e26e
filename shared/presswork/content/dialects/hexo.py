"""Tags of Hexo and of its themes: `{% name words %}`."""

import re

from presswork.content.dialects import hugo, liquid, markup
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Alone, Pair, Table, Whole
from presswork.patterns import late

_URL = late(r"https?://\S+|/\S+")
_OPTION = late(r"\w+:\S*")
_PICTURE = late(r"[/.]")
_QUOTED = late(r"""\s*+(["'])(.{0,300}?)\1\s*+(?:(["'])(.{0,300}?)\3)?\s*+""")
_ICON = late(r"(?<!\s)\s*+@[\w-]*+\Z")
_SHIELDS = ("default", "primary", "info", "success", "warning", "danger", "no-icon")


def _image(mark: TemplateMark) -> str | None:
    """Class names may stand before the address, sizes behind it, then a title and an `alt`."""
    given = mark.arguments.words
    at = next((number for number, word in enumerate(given) if _PICTURE.search(word)), None)
    if at is None:
        return None
    rest = list(given[at + 1 :])
    for _ in range(2):
        if rest and rest[0].rstrip("px%").isdecimal():
            del rest[0]
    title, alt = _title_and_alt(rest, mark)
    return markup.image(given[at], alt or title, title)


def _title_and_alt(rest: list[str], mark: TemplateMark) -> tuple[str, str]:
    quoted = _QUOTED.fullmatch(rest[0]) if len(rest) == 1 else None
    if quoted:
        return quoted[2], quoted[4] or ""
    if len(rest) == 2 and not mark.arguments.bare.intersection(rest):  # noqa: PLR2004
        return rest[0], rest[1]
    return " ".join(rest), ""


def _asset_path(mark: TemplateMark) -> str | None:
    return markup.address(mark.given.strip("\"'")) if mark.given else None


def _asset_link(mark: TemplateMark) -> str | None:
    name = mark.arguments.word(0)
    return markup.link(name, mark.arguments.word(1)) if name else None


def _post_path(mark: TemplateMark) -> str | None:
    return markup.source_address(mark.arguments.word(0)) if mark.given else None


def _post_link(mark: TemplateMark) -> str | None:
    name, *rest = mark.arguments.words or ("",)
    if rest and rest[-1] in ("true", "false"):
        del rest[-1]
    words = " ".join(rest) or name.rpartition("/")[2].partition("#")[0]
    return markup.link(markup.source_address(name), words) if name else None


def _link(mark: TemplateMark) -> str | None:
    before, url, after = _around_url(mark.arguments.words)
    if not before:
        return None
    if after and after[0] in ("true", "false"):
        del after[0]
    return markup.link(url, " ".join(before), " ".join(after))


def _around_url(words: tuple[str, ...]) -> tuple[list[str], str, list[str]]:
    at = next((number for number, word in enumerate(words) if _URL.fullmatch(word)), len(words))
    return list(words[:at]), "".join(words[at : at + 1]), list(words[at + 1 :])


def _codeblock(mark: TemplateMark) -> str:
    words = tuple(
        word for word in mark.given.split() if not _OPTION.fullmatch(word) or "//" in word
    )
    language = re.search(r"\blang:(\S+)", mark.given)
    title, url, said = _around_url(words)
    block = liquid.code_of(mark, language[1] if language else "", mark.inner or "")
    name = f"<strong>{markup.escaped(' '.join(title))}</strong>" if title else ""
    place = markup.link(url, " ".join(said) or "link") if url else ""
    told = " ".join(filter(None, (name, place)))
    return f"<p>{told}</p>\n\n{mark.indent}{block}" if told else block


def _blockquote(mark: TemplateMark) -> tuple[str, str]:
    before, url, after = _around_url(tuple(mark.given.split()))
    author, _, source = " ".join(before).partition(",")
    return markup.quotation(author.strip(), " ".join(after) or source.strip(), url)


def _quote(_: TemplateMark) -> tuple[str, str]:
    return markup.quotation()


def _note(mark: TemplateMark) -> tuple[str, str]:
    words = mark.given.split()
    kind = next((word for word in words if word in _SHIELDS), words[0] if words else "")
    shown = [word for word in words if word != kind and word not in ("no-icon", *_STYLES)]
    return markup.alert(kind, " ".join(shown).strip("\"'"))


_STYLES = ("simple", "modern", "flat", "disabled")


def _jsfiddle(mark: TemplateMark) -> str | None:
    name = mark.arguments.word(0)
    return markup.link(f"https://jsfiddle.net/{name}/") if name else None


def _gist(mark: TemplateMark) -> str | None:
    id = mark.arguments.word(0)
    return markup.gist(id, mark.arguments.word(1)) if id else None


def _frame(mark: TemplateMark) -> str | None:
    url = mark.arguments.word(0)
    return markup.embed(url) if url else None


def _video(mark: TemplateMark) -> str | None:
    url = mark.arguments.word(0)
    return markup.player(mark.name, url) if url else None


def _button(mark: TemplateMark) -> str | None:
    """The address, the words, an icon, and a title, with commas between them."""
    url, words, *_ = (*(part.strip() for part in mark.given.split(",")), "", "")
    return markup.link(url, words) if url else None


def _label(mark: TemplateMark) -> str | None:
    kind, at, words = mark.given.partition("@")
    return markup.escaped(words.strip()) if at and kind.strip() else None


def _formula(mark: TemplateMark) -> str | None:
    return f"$${mark.inner}$$" if mark.origin.markdown and mark.inner else None


def _tabs(_: TemplateMark) -> tuple[str, str]:
    return "", ""


def _tab(mark: TemplateMark) -> str:
    caption = _ICON.sub("", mark.given)
    return f"<p><strong>{markup.escaped(caption)}</strong></p>" if caption else ""


def _more(_: TemplateMark) -> str:
    return "<!-- more -->"


TAGS: Table = {
    **dict.fromkeys(("img", "asset_img", "image", "fullimage"), Alone("template-image", _image)),
    "asset_path": Alone("template-address", _asset_path),
    "asset_link": Alone("template-link", _asset_link),
    "post_path": Alone("template-link", _post_path),
    "post_link": Alone("template-link", _post_link),
    "link": Alone("template-link", _link),
    **dict.fromkeys(("codeblock", "code"), Whole("template-code", _codeblock)),
    **dict.fromkeys(("blockquote", "quote"), Pair("template-quote", _blockquote)),
    **dict.fromkeys(("pullquote", "cq", "centerquote"), Pair("template-quote", _quote)),
    **dict.fromkeys(("note", "subnote"), Pair("template-note", _note)),
    "jsfiddle": Alone("template-embed", _jsfiddle),
    "gist": Alone("template-embed", _gist),
    "iframe": Alone("template-embed", _frame),
    **dict.fromkeys(("video", "audio"), Alone("template-embed", _video)),
    **dict.fromkeys(("btn", "button"), Alone("template-link", _button)),
    "label": Alone("template-label", _label),
    **dict.fromkeys(("katex", "mathjax", "math"), Whole("template-math", _formula)),
    **dict.fromkeys(("mermaid",), hugo.SHORTCODES["mermaid"]),
    **dict.fromkeys(("tabs", "subtabs", "subsubtabs"), Pair("template-tabs", _tabs)),
    **dict.fromkeys(("hideToggle", "folding", "details"), Pair("template-details", hugo.details)),
    "rawblock": Whole("template-raw", liquid.raw),
    "more": Alone("template-more", _more),
}
TABS: Table = dict.fromkeys(("tab", "endtab"), Alone("template-tabs", _tab))
"""The comments between which a tab stands."""
