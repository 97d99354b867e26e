"""Liquid as Jekyll has it: `{% tag %}` and `{{ value | filter }}`."""

import posixpath
import re
from collections.abc import Callable
from typing import Any

from presswork.content.dialects import markup
from presswork.content.dialects.marks import TemplateMark
from presswork.content.dialects.table import Alone, Pair, Table, Whole
from presswork.patterns import late

_RAW_MARK = late(r"\{%-?\s*+(?:end)?raw\s*+-?%\}")
_SOURCES = (".md", ".markdown", ".html", ".htm", ".txt")
_POSTS = late(r"(?:^|(?<=/))_posts/")
_PIPE = late(r"""((?:[^|"']|"[^"]*+"|'[^']*+')++)\|?""")
_LITERAL = late(r"""(["'])(.*)\1\Z""", re.DOTALL)
_VARIABLE = late(r"(?:page|include|site|layout|post)\.|[A-Za-z_]+\Z")
_PICTURE = late(r"(?:[\w-]*[-_])?(?:figure|image|img|picture|photo)")
_BASES = frozenset(
    "site.baseurl site.base_url site.url site.root site.github.url baseurl base_url "  # noqa: SIM905
    "site.baseUrl metadata.url config.root".split()
)
"""Names that generators have for the address of the site."""
_ADDRESS_FILTERS = ("relative_url", "absolute_url", "url", "prepend", "htmlBaseUrl", "asset_url")
_PLAIN_FILTERS = ("escape", "escape_once", "xml_escape", "strip", "safe", "smartify")
_KNOWN = late(r"(?:page\.)?(title|subtitle|description|author)|page\.(\w+)")
_NOT_AS_WRITTEN = frozenset(("url", "date", "path", "id", "content", "excerpt", "permalink"))
"""Fields of a page that Jekyll makes anew, whatever the front matter says."""


def rooted(path: str) -> str:
    """An address of this site, from its root; one of another place as it is."""
    if "://" in path or path.startswith(("/", "#", "mailto:")):
        return path
    return f"/{path}"


def raw(mark: TemplateMark) -> str:
    """What stands between the marks, as it stands."""
    return mark.inner or ""


def nothing(_: TemplateMark) -> str:
    """Nothing: it was written for other writers."""
    return ""


def _highlight(mark: TemplateMark) -> str:
    without = _RAW_MARK.sub("", mark.inner or "")
    return code_of(mark, mark.arguments.word(0), without)


def code_of(mark: TemplateMark, language: str, text: str) -> str:
    """A block of code in the place of a mark."""
    return markup.code(text, language, markdown=mark.origin.markdown, indent=mark.indent)


def _post_url(mark: TemplateMark) -> str | None:
    return markup.source_address(mark.given) if mark.given and " " not in mark.given else None


def _link(mark: TemplateMark) -> str | None:
    path = mark.arguments.word(0)
    if len(mark.arguments.words) != 1 or "{{" in path:
        return None
    if path.lower().endswith(_SOURCES):
        return markup.source_address(_POSTS.sub("posts/", path))
    return markup.address(rooted(path))


def picture(mark: TemplateMark) -> str | None:
    """An image by the names that themes have for what belongs to it."""
    given = mark.arguments
    src = given.get("src", "url", "image_path", "image", "file", "path", "img")
    caption = given.get("caption", "title", "description")
    if not src or _is_variable(mark, src):
        return None
    alt = given.get("alt", "title", "caption")
    href = given.get("link", "href")
    return markup.figure(src, alt, markup.words(caption), href)


def _include(mark: TemplateMark) -> str | None:
    """A part that many themes have, by its file's name; its parameters may be no variables."""
    given = mark.arguments
    name = posixpath.basename(given.word(0)).partition(".")[0].lower()
    id = given.get("id", "video_id", "videoid", "youtubeid", "vimeoid")
    if _PICTURE.fullmatch(name):
        return picture(mark)
    if _is_variable(mark, id):
        return None
    if id:
        kind = given.get("provider").lower() or name
        make = next((_PLAYERS[each] for each in _PLAYERS if each in kind), None)
        return make(id, given.get("title", "caption")) if make else None
    src = given.get("src", "url", "path", "file")
    if name not in ("video", "audio") or not src or _is_variable(mark, src):
        return None
    return markup.player(name, src, given.get("poster"))


def _gist(id: str, _title: str) -> str:
    return markup.gist(id)


_PLAYERS: dict[str, Callable[[str, str], str]] = {
    "youtube": markup.youtube,
    "vimeo": markup.vimeo,
    "gist": _gist,
}


def _is_variable(mark: TemplateMark, value: str) -> bool:
    return value in mark.arguments.bare and bool(_VARIABLE.match(value))


def _youtube(mark: TemplateMark) -> str | None:
    id = mark.arguments.get("id", "src", "url") or mark.arguments.word(0)
    if id and mark.arguments.word(1) == "playlist":
        return markup.embed(f"https://www.youtube.com/playlist?list={id}")
    return markup.youtube(id, mark.arguments.get("title")) if id else None


def _embed(mark: TemplateMark) -> str | None:
    """A player or a link, as dev.to and GitBook make it of any address."""
    url = mark.arguments.get("url") or mark.arguments.word(0)
    return markup.embed(url) if url.startswith(("http://", "https://")) else None


def _vimeo(mark: TemplateMark) -> str | None:
    id = mark.arguments.get("id", "src", "url") or mark.arguments.word(0)
    return markup.vimeo(id, mark.arguments.get("title")) if id else None


def _figure(mark: TemplateMark) -> tuple[str, str]:
    caption = markup.words(mark.arguments.get("caption"))
    last = f"\n\n<figcaption>{caption}</figcaption></figure>" if caption else "\n\n</figure>"
    return "<figure>\n\n", last


TAGS: Table = {
    "raw": Whole("template-raw", raw),
    "verbatim": Whole("template-raw", raw),
    "comment": Whole("template-comment", nothing),
    "highlight": Whole("template-code", _highlight),
    "post_url": Alone("template-link", _post_url),
    "link": Alone("template-link", _link),
    "include": Alone("template-include", _include),
    "include_cached": Alone("template-include", _include),
    "include_relative": Alone("template-include", _include),
    "youtube": Alone("template-embed", _youtube),
    "vimeo": Alone("template-embed", _vimeo),
    "embed": Alone("template-embed", _embed),
    "figure": Pair("template-figure", _figure),
}


def value(mark: TemplateMark) -> tuple[str, str] | None:
    """The rule and the text of a value that is plain without a run of the generator."""
    primary, *filters = (part.strip() for part in _PIPE.findall(mark.given) or [""])
    names = [each.partition(":")[0].strip() for each in filters]
    if primary in _BASES and all(name in _ADDRESS_FILTERS + _PLAIN_FILTERS for name in names):
        return "template-address", "" if mark.after in ("/", "{") else "/"
    literal = _LITERAL.match(primary)
    if literal and names == ["embed"]:
        return "template-embed", markup.embed(
            literal[2], filters[0].partition(":")[2].strip(" \"'")
        )
    if literal and names and all(name in _ADDRESS_FILTERS for name in names):
        rooting = any(name != "url" for name in names)
        path = rooted(literal[2]) if rooting else literal[2]
        return "template-address", markup.address(path)
    if literal and all(name in _PLAIN_FILTERS for name in names):
        return "template-value", literal[2]
    if all(name in _PLAIN_FILTERS for name in names):
        return _known(primary, mark)
    return None


def _known(name: str, mark: TemplateMark) -> tuple[str, str] | None:
    found = _KNOWN.fullmatch(name)
    if not found or (found[2] or "") in _NOT_AS_WRITTEN:
        return None
    text = written(mark.origin.values.get(found[1] or found[2]))
    return None if text is None else ("template-value", text)


def written(value: Any) -> str | None:
    """A value of front matter as text; None where it is a list or a map, or stands nowhere."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
