"""The last word on HTML: what may stand on a page, whoever wrote it."""

import re
from collections.abc import Callable
from functools import cache

import nh3

from presswork.content.html.allowed import (
    FORMULA_ATTRIBUTES,
    FORMULA_ELEMENTS,
    PLAYER_ATTRIBUTES,
    PLAYERS,
    SCHEMES,
)
from presswork.content.html.embedded import is_name
from presswork.content.html.embeds import FRAME_ATTRIBUTES, FRAME_URLS
from presswork.content.html.headings import HEADINGS, is_anchor
from presswork.content.html.images import names_file
from presswork.content.html.schemes import scheme_of
from presswork.errors import Rejected
from presswork.patterns import late
from presswork.settings import EmbedHost

MAX_DEPTH = 256
MAX_ELEMENTS = 50_000
_MAX_TAGS = 4 * MAX_ELEMENTS
# nh3 copies what it has of a text at each character reference: this many bytes take ten seconds.
MAX_REFERENCES_BY_LENGTH = 4_000_000_000_000

_TAGS = (
    FORMULA_ELEMENTS
    | PLAYER_ATTRIBUTES.keys()
    | frozenset(
        [
            "a",
            "abbr",
            "aside",
            "b",
            "bdi",
            "bdo",
            "blockquote",
            "br",
            "caption",
            "cite",
            "code",
            "col",
            "colgroup",
            "dd",
            "del",
            "details",
            "dfn",
            "div",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
            "input",
            "ins",
            "kbd",
            "label",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "section",
            "small",
            "span",
            "strong",
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "time",
            "tr",
            "u",
            "ul",
            "var",
            "wbr",
        ]
    )
)
_WITH_CONTENT = frozenset(
    [
        "script",
        "style",
        "template",
        "title",
        "textarea",
        "noframes",
        "noembed",
        "svg",
        "select",
        "object",
    ]
)
_ATTRIBUTES = {
    **FORMULA_ATTRIBUTES,
    **PLAYER_ATTRIBUTES,
    "*": {"dir", "id", "lang"},
    "a": {"class", "href", "title", "aria-label"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "code": {"class", "data-math-style"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "div": {"class"},
    "img": {"alt", "src", "title"},
    "input": {"checked", "disabled", "type"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "p": {"class"},
    "q": {"cite"},
    "section": {"class"},
    "span": {"class", "data-math-style"},
    "sup": {"class"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_CLASSES = {
    "a": late(r"footnote-backref"),
    "code": late(r"language-[\w+#.-]{1,40}"),
    "div": late(r"markdown-alert(?:-(?:note|tip|important|warning|caution))?"),
    "p": late(r"markdown-alert-title"),
    "section": late(r"footnotes"),
    "span": late(r"[a-z][a-z0-9]{0,2}"),  # the tokens of highlighted code
    "sup": late(r"footnote-ref"),
}
# The box of a task. Whatever else an input was meant to be, it becomes one that does nothing.
_FORCED = {"input": {"type": "checkbox", "disabled": ""}, **PLAYERS}
ANCHOR = "at-"
"""What stands in an id between the prefix of the post and the name that its author gave."""
_OWN_ID = late(rf"p-[\w.-]+-(?:fn(?:ref)?-|{ANCHOR}).+", re.DOTALL)

_SIZE = late(r"[1-9][0-9]{0,3}")
# The last is for images that stand in the post itself; see `embedded`.
_SCHEMES = {*SCHEMES, "ni"}
_LEADING = frozenset({"cite", "href", "poster", "src"})
_VALUE = late(r"[+-]?[\w.%-]{1,30}(?: [\w.%-]{1,30}){0,30}", re.ASCII)
_TYPE = late(r"[\w.+-]{1,60}/[\w.+-]{1,60}(?:; ?codecs=[\"']?[\w., -]{1,100}[\"']?)?", re.ASCII)

_TRUSTED_TAGS = frozenset(
    "address article center font footer header iframe main nav".split()  # noqa: SIM905
)
_TRUSTED_ATTRIBUTES = {
    **FORMULA_ATTRIBUTES,
    **PLAYER_ATTRIBUTES,
    "*": {"class", "dir", "hidden", "id", "lang", "role", "style", "tabindex", "title"},
    "a": {"href", "target"},
    "font": {"color", "face", "size"},
    "iframe": {"allow", "allowfullscreen", "height", "loading", "referrerpolicy", "sandbox", "src"}
    | {"width"},
    "img": {"alt", "height", "src", "width"},
    "table": {"align", "border", "cellpadding", "cellspacing", "width"},
    "td": {"align", "colspan", "headers", "rowspan", "valign", "width"},
    "th": {"align", "colspan", "headers", "rowspan", "scope", "valign", "width"},
}
# Styles that load something, or could be taken for another style by an escape.
_LOADING_STYLE = late(r"url\(|image-set|@import|expression|\\", re.IGNORECASE)

# As nh3 writes it, with any value in double quotes.
_CLEAN_TAG = late(r'<(/?)([a-z][a-z0-9]*+)(?:\s++[^\s"=<>/]++(?:="[^"]*+")?+)*+>')
_TAG = late(r"<(/?)([A-Za-z][^\s/>]*)")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_FLAT = ("<p>", "<li>", "<br>", "<br />", "<hr />", "<img ", "<tr>", "<td>", "<th>")
# Elements that close themselves: unclosed ones lie side by side, not inside each other.
_SELF_CLOSING = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "rp",
        "rt",
    ]
)


def sanitize(
    html: str, *, embeds: frozenset[EmbedHost] = frozenset(), trusted: bool = False
) -> str:
    """HTML of allowed tags, attributes and schemes only; sanitising it again changes nothing.

    Frames of `embeds` are kept, with the addresses and attributes of our own making. What is
    `trusted` keeps its looks, frames and players, but no script, handler or `javascript:` either.
    """
    clean = _cleaner(embeds, trusted).clean(html)
    return _with_pure_formulas(clean) if "<math" in clean else clean


def _with_pure_formulas(html: str) -> str:
    """Sanitised HTML without HTML in formulas, where browsers and this list might disagree on it.

    The words in a formula may be HTML by the letter (HTML Standard, "MathML text integration
    points"): most known ways around a sanitiser lead through there.
    """
    depth = 0

    def pure(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2] == "math":
            depth += -1 if tag[1] else 1
            return tag[0]
        return tag[0] if not depth or tag[2] in FORMULA_ELEMENTS else ""

    return _CLEAN_TAG.sub(pure, html)


def refuse_excess(html: str, line: int) -> None:
    """Rejects HTML that would take minutes to handle, whatever its size; it begins on `line`."""
    if html.count("&") * len(html) > MAX_REFERENCES_BY_LENGTH:
        raise Rejected(
            "body.references",
            line,
            None,
            "The text has too many ampersands for its length.",
            "Write characters as they are, or split the post.",
        )
    tags = html.count("<")
    if tags > _MAX_TAGS:
        raise Rejected(
            "body.elements",
            line,
            None,
            f"There are more than {_MAX_TAGS:,} tags and comments.",
            "Split the post.",
        )
    if tags <= MAX_DEPTH or (tags <= MAX_ELEMENTS and _most_depth(html) <= MAX_DEPTH):
        return
    depth = elements = 0
    unclosed: dict[str, int] = {}
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        elements += not tag[1]
        if name not in _VOID and name not in _SELF_CLOSING:
            if not tag[1]:
                unclosed[name] = unclosed.get(name, 0) + 1
                depth += 1
            elif unclosed.get(name):
                unclosed[name] -= 1
                depth -= 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            deep = depth > MAX_DEPTH
            raise Rejected(
                "body.depth" if deep else "body.elements",
                line + html.count("\n", 0, tag.start()),
                None,
                f"More than {MAX_DEPTH} elements are open inside each other."
                if deep
                else f"There are more than {MAX_ELEMENTS:,} elements.",
                "Close the elements that were left open." if deep else "Split the post.",
            )


def _most_depth(html: str) -> int:
    """How deep elements can lie at the very most, by a few counts."""
    most = html.count("<") - html.count("</")
    return most if most <= MAX_DEPTH else most - sum(map(html.count, _FLAT))


ATTRIBUTES = frozenset(name for names in _ATTRIBUTES.values() for name in names)
"""All attributes that some element may keep."""


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if tag in FORMULA_ELEMENTS and attribute not in _ATTRIBUTES["*"]:
        return value if attribute == "alttext" or _VALUE.fullmatch(value) else None
    judge = _JUDGES.get(attribute)
    return judge(tag, value) if judge else value


def _fitting_link(_: str, value: str) -> str | None:
    return value if value.startswith("http") or scheme_of(value) != "ni" else None


def _fitting_picture(tag: str, value: str) -> str | None:
    """The address of an image: nothing else than its bytes may be asked for."""
    if value.startswith(("http:", "https:")):
        return value
    if scheme_of(value) == "ni":
        return value if tag in ("img", "video") and is_name(value) else None
    return value if scheme_of(value) in ("http", "https", "") else None


def _fitting_source(tag: str, value: str) -> str | None:
    if tag in PLAYER_ATTRIBUTES:
        return value if names_file(value) else None
    return _fitting_picture(tag, value)


def _fitting_size(tag: str, value: str) -> str | None:
    return value if tag != "video" or _SIZE.fullmatch(value) else None


def _fitting_type(tag: str, value: str) -> str | None:
    return value if tag != "source" or _TYPE.fullmatch(value) else None


def _fitting_classes(tag: str, value: str) -> str | None:
    allowed = _CLASSES.get(tag)
    fitting = (each for each in value.split() if allowed and allowed.fullmatch(each))
    return " ".join(fitting) or None


def _fitting_id(tag: str, value: str) -> str | None:
    is_heading = tag in HEADINGS and is_anchor(value)
    return value if is_heading or _OWN_ID.fullmatch(value) else None


def _fitting_style_of_math(_: str, value: str) -> str | None:
    return value if value in ("inline", "display") else None


_JUDGES: dict[str, Callable[[str, str], str | None]] = {
    **dict.fromkeys(("height", "width"), _fitting_size),
    **dict.fromkeys(("cite", "href"), _fitting_link),
    "class": _fitting_classes,
    "data-math-style": _fitting_style_of_math,
    "id": _fitting_id,
    "poster": _fitting_picture,
    "src": _fitting_source,
    "type": _fitting_type,
}
"""Who decides on the value of an attribute, of those that not every value fits."""


def _keep_trusted(tag: str, attribute: str, value: str) -> str | None:
    fitting = {"cite": _fitting_link, "href": _fitting_link}.get(attribute, _fitting_picture)
    if attribute in _LEADING and fitting(tag, value) is None:
        return None
    if attribute == "style":
        return None if _LOADING_STYLE.search(value) else value
    if tag == "iframe" and attribute == "src":
        return value if value.startswith("https://") else None
    return value


def _keeps_frames(embeds: frozenset[EmbedHost]) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if tag == "iframe" and attribute == "src":
            return value if any(FRAME_URLS[each].fullmatch(value) for each in embeds) else None
        if tag == "iframe" and attribute in ("width", "height"):
            return value if _SIZE.fullmatch(value) else None
        return _keep(tag, attribute, value)

    return keep


@cache
def _cleaner(embeds: frozenset[EmbedHost], trusted: bool) -> nh3.Cleaner:
    if trusted:
        return nh3.Cleaner(
            tags=set(_TAGS | _TRUSTED_TAGS),
            clean_content_tags=set(_WITH_CONTENT),
            attributes={**_ATTRIBUTES, **_TRUSTED_ATTRIBUTES},
            generic_attribute_prefixes={"aria-", "data-"},
            set_tag_attribute_values=_FORCED,
            attribute_filter=_keep_trusted,
            link_rel="noopener noreferrer",
            url_schemes=_SCHEMES,
        )
    frame = {"iframe": {"allowfullscreen", "height", "src", "title", "width", *FRAME_ATTRIBUTES}}
    return nh3.Cleaner(
        tags=set(_TAGS | {"iframe"}) if embeds else set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={**_ATTRIBUTES, **frame} if embeds else _ATTRIBUTES,
        set_tag_attribute_values=_FORCED | ({"iframe": FRAME_ATTRIBUTES} if embeds else {}),
        attribute_filter=_keeps_frames(embeds) if embeds else _keep,
        link_rel="noopener noreferrer",
        url_schemes=_SCHEMES,
    )
