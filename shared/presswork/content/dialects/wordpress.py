"""Shortcodes of WordPress, where nothing else can be meant: `[name argument="value"]`."""

import re
from html import unescape

from presswork.content import markdown
from presswork.content.dialects import liquid, markup
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Table, Whole
from presswork.patterns import late

_PICTURE = late(
    r"\s*+(<a\b[^>]*+>\s*+<img\b[^>]*+>\s*+</a>|<img\b[^>]*+>)(.*)\Z", re.DOTALL | re.IGNORECASE
)
_IMAGE = late(r"<img\b|!\[", re.IGNORECASE)
_BREAKS = late(r"(?:\s++|<br\s*+/?>|</?p>)++", re.IGNORECASE)
_LANGUAGES = "css php html js javascript python ruby bash sql xml java cpp csharp".split()  # noqa: SIM905


def _caption(mark: TemplateMark) -> str | None:
    if mark.inner is None or not _IMAGE.search(mark.inner):
        return None
    inner = markdown.run_to_html(mark.inner, prefix="") if mark.origin.markdown else mark.inner
    found = _PICTURE.match(_trimmed(inner))
    if not found:
        return None
    caption = _trimmed(found[2]) or unescape(mark.arguments.get("caption"))
    return f"<figure>{found[1]}<figcaption>{caption}</figcaption></figure>" if caption else found[1]


def _trimmed(html: str) -> str:
    """Text and images without the breaks and paragraphs around them."""
    start, end = 0, len(html)
    for breaks in _BREAKS.finditer(html):
        start = breaks.end() if breaks.start() == 0 else start
        end = breaks.start() if breaks.end() == len(html) else end
    return html[start:end]


def _embed(mark: TemplateMark) -> str | None:
    url = (mark.inner or "").strip() or mark.arguments.get("src", "url") or mark.arguments.word(0)
    return markup.embed(unescape(url)) if "://" in url else None


def _film(mark: TemplateMark) -> str | None:
    """`[youtube id]`, `[youtube address]`, `[youtube=address]`, `[youtube id="id"]`."""
    given = mark.arguments
    id = given.get("id", "src", "url", "video") or given.word(0).lstrip("=") or (mark.inner or "")
    id = unescape(id.strip())
    make = markup.vimeo if mark.name == "vimeo" else markup.youtube
    return make(id) if id else None


def _player(mark: TemplateMark) -> str | None:
    given = mark.arguments
    src = given.get("src", "mp4", "webm", "ogv", "mp3", "ogg", "m4a", "wav") or given.word(0)
    return markup.player(mark.name, src, given.get("poster")) if src else None


def _gist(mark: TemplateMark) -> str | None:
    given = mark.arguments
    id = given.get("id", "url") or given.word(0) or (mark.inner or "").strip()
    if "://" in id:
        return markup.link(id)
    return markup.gist(id, given.get("file")) if id else None


def _code(mark: TemplateMark) -> str | None:
    if mark.inner is None:
        return None
    given = mark.arguments
    language = given.get("language", "lang") or (
        "" if mark.name in ("code", "sourcecode") else mark.name
    )
    return liquid.code_of(mark, language, unescape(mark.inner))


def is_meant(mark: TemplateMark) -> bool:
    """Whether a word in brackets is a shortcode, and neither a link nor only a word."""
    if mark.inner is not None or "=" in mark.given:
        return True
    if mark.name in ("gallery", "playlist"):
        return not mark.given and not f"{mark.before}{mark.after}".strip()
    return mark.name in _WITH_A_WORD and len(mark.arguments.words) == 1


_WITH_A_WORD = ("youtube", "vimeo", "gist", "audio", "video", "embed")

SHORTCODES: Table = {
    **dict.fromkeys(("caption", "wp_caption"), Whole("caption-shortcode", _caption)),
    "embed": Whole("template-embed", _embed),
    **dict.fromkeys(("youtube", "vimeo"), Whole("template-embed", _film)),
    **dict.fromkeys(("video", "audio"), Whole("template-embed", _player)),
    "gist": Whole("template-embed", _gist),
    **dict.fromkeys(("code", "sourcecode", *_LANGUAGES), Whole("template-code", _code)),
}
