"""The marks of templates in a text: found, taken apart, and paired; their meaning is in tables."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from presswork.content.dialects.arguments import Arguments, arguments_of
from presswork.content.dialects.code import Code
from presswork.content.dialects.origin import Origin
from presswork.content.dialects.signs import SHORTCODES
from presswork.patterns import late


class Form(Enum):
    """How a mark is written."""

    TAG = "{% %}"
    VALUE = "{{ }}"
    SHORTCODE = "{{< >}}"
    COMMENT = "{# #}"
    BRACKET = "[ ]"
    TAB = "<!-- tab -->"


_OPENING = late(
    r"(?P<SHORTCODE>\{\{[<%])|(?P<VALUE>\{\{)|(?P<TAG>\{%)|(?P<COMMENT>\{#(?=[\s-]))"
    rf"|(?P<BRACKET>\[(?:{SHORTCODES})(?=[\s=\]]))|(?P<TAB><!--\s*+(?:end)?tab\b)"
)
# What each of them begins with: the search leaps to one of three letters.
_SIGN = late(r"\{(?=[{%#])|\[(?=[a-z])|<(?=!--)")
_ENDS = {"{%": "%}", "{{": "}}", "{#": "#}", "{{<": ">}}", "{{%": "%}}", "[": "]", "<!--": "-->"}
_CLOSINGS = {
    Form.TAG: r"\{{%[-+~]?\s*+end{name}(?![\w-]*\w)[^%]*+%\}}",
    Form.SHORTCODE: r"\{{\{{[<%]\s*+/\s*+{name}\s*+[>%]\}}\}}",
    Form.BRACKET: r"\[/{name}\]",
}
_SIGNS = ("{{<", "{{%", "{{", "{%", "{#", "[", "<!--")
_SHOWING_MARKS = ("raw", "verbatim", "rawblock", "comment")
_NEVER_IN_CODE = (Form.COMMENT, Form.BRACKET, Form.TAB)
_WIDEST_INDENT = 200
_RAW = late(r"\{%[-+~]?\s*+(?P<ends>end)?raw\s*+[-+~]?%\}")
_NO_WORD = late(r"[^\w-]")
_QUOTE = late(r"""\s*+["']""")
_NAME = late(r"(?=[\s(])")
_TRIMS = "-+~"
_INDENT = late(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])(?=[ \t])[ \t>]*+)*+")
_MARKER = late(r"[^\s>]")


@dataclass(frozen=True)
class TemplateMark:
    """One mark of a text; `inner` is what stands in front of the mark that ends it, if one does.

    `before` and `after` are the characters beside it, `indent` is what a line of its own would
    begin with.
    """

    form: Form
    name: str
    given: str
    text: str
    start: int
    end: int
    origin: Origin
    closes: bool = False
    is_escaped: bool = False
    in_code: bool = False
    before: str = ""
    after: str = ""
    indent: str = ""
    inner: str | None = None

    @cached_property
    def arguments(self) -> Arguments:
        """What is given to it, with parentheses or without."""
        given = self.given
        if given.startswith("("):
            given = given[1:].removesuffix(")")
        return arguments_of(given.removesuffix("/") if self.form is Form.SHORTCODE else given)


class Scanner:
    """Reads the marks of a text one after another, in a time that grows with its length only.

    `is_whole` tells of a mark whether it takes all up to its end as it stands; no mark is read in
    there.
    """

    def __init__(
        self, text: str, code: Code, origin: Origin, is_whole: Callable[[TemplateMark], bool]
    ) -> None:
        self._text = text
        self._code = code
        self._origin = origin
        self._is_whole = is_whole
        self._next: dict[str, int] = {}
        self._closings: dict[tuple[Form, str], deque[tuple[int, int]]] = {}

    def marks(self) -> Iterator[TemplateMark]:
        """All marks in order; what opens and does not end is one without a name."""
        at = 0
        while sign := _SIGN.search(self._text, at):
            opening = _OPENING.match(self._text, sign.start())
            at = opening.end() if opening else sign.end()
            mark = self._mark(opening) if opening else None
            if mark is not None:
                at = max(mark.end, at)
                yield mark

    def _mark(self, opening: re.Match[str]) -> TemplateMark | None:
        form, start = Form[opening.lastgroup or ""], opening.start()
        sign = next(each for each in _SIGNS if opening[0].startswith(each))
        around = self._code.around(start)
        in_code = around is not None and (form is not Form.TAB or around[0] != start)
        if in_code and form in _NEVER_IN_CODE:
            return None
        end = self._end(sign, opening.end())
        if end is None:
            return None if form in (Form.BRACKET, Form.TAB) else self._unended(opening, in_code)
        name, given, closes, is_escaped = _READERS[form](self._text[start + len(sign) : end])
        end += len(_ENDS[sign])
        mark = TemplateMark(
            form,
            name,
            given,
            self._text[start:end],
            start,
            end,
            self._origin,
            closes,
            is_escaped,
            in_code,
            before=self._text[start - 1 : start],
            after=self._text[end : end + 1],
            indent=self._indent(start),
        )
        if form is Form.BRACKET and (mark.before == "[" or _is_link(mark)):
            return _spoken_of(mark)
        return self._whole(mark) if not closes and self._is_whole(mark) else mark

    def _unended(self, opening: re.Match[str], in_code: bool) -> TemplateMark:
        start, end = opening.span()
        form = Form[opening.lastgroup or ""]
        return TemplateMark(form, "", "", opening[0], start, end, self._origin, in_code=in_code)

    def _whole(self, mark: TemplateMark) -> TemplateMark:
        closing = self._closing(mark)
        if closing is None or (mark.form is Form.SHORTCODE and mark.given.endswith("/")):
            return mark
        start, end = closing
        if mark.name not in _SHOWING_MARKS and self._opens_again(mark, start):
            return mark
        inner = self._text[mark.end : start]
        if mark.name in _SHOWING_MARKS:
            inner = inner.lstrip() if mark.text.endswith("-%}") else inner
            inner = inner.rstrip() if self._text.startswith("{%-", start) else inner
        return replace(
            mark,
            text=self._text[mark.start : end],
            inner=inner,
            end=end,
            after=self._text[end : end + 1],
        )

    def _end(self, sign: str, at: int) -> int | None:
        """Where the end of a mark stands; None if there is none in front of another such mark."""
        wanted = _ENDS[sign]
        known = self._next.get(wanted, 0)
        if 0 <= known < at:
            self._next[wanted] = known = self._text.find(wanted, at)
        is_literal = sign == "{{" and _QUOTE.match(self._text, at)
        if known < 0 or (not is_literal and self._text.find(sign, at, known) >= 0):
            return None
        return known

    def _closing(self, mark: TemplateMark) -> tuple[int, int] | None:
        """Where what ends a mark begins and ends; in the same piece of code, if it is in one."""
        key = (mark.form, mark.name)
        if key not in self._closings:
            pattern = _CLOSINGS[mark.form].format(name=re.escape(mark.name))
            found = re.finditer(pattern, self._text, re.IGNORECASE)
            is_raw = mark.name == "raw"
            self._closings[key] = deque(
                each.span() for each in found if is_raw or not self._is_raw(each.start())
            )
        places = self._closings[key]
        while places and places[0][0] < mark.end:
            places.popleft()
        if not places or (mark.in_code and places[0][0] >= (self._code.end(mark.start) or 0)):
            return None
        return places[0]

    def _opens_again(self, mark: TemplateMark, until: int) -> bool:
        """Whether a mark of the same name stands in front of an end, which then is that one's."""
        signs = r"\[" if mark.form is Form.BRACKET else r"\{\{?[<%]\s*+"
        again = re.compile(rf"{signs}{re.escape(mark.name)}(?![\w-])")
        found = again.finditer(self._text, mark.end, until)
        return any(not self._is_raw(each.start()) for each in found)

    def _is_raw(self, at: int) -> bool:
        """Whether a place lies between `raw` and `endraw`, where marks are only spoken of."""
        number = bisect_right(self._raw, (at, len(self._text)))
        return number > 0 and at < self._raw[number - 1][1]

    @cached_property
    def _raw(self) -> list[tuple[int, int]]:
        found, start = list[tuple[int, int]](), None
        for each in _RAW.finditer(self._text):
            if start is None and not each["ends"]:
                start = each.end()
            elif start is not None and each["ends"]:
                found.append((start, each.start()))
                start = None
        return found

    def _indent(self, at: int) -> str:
        line = self._code.line_start(at)
        found = _INDENT.match(self._text, line, min(at, line + _WIDEST_INDENT))
        return _MARKER.sub(" ", found[0]) if found else ""


def _is_link(mark: TemplateMark) -> bool:
    return mark.after in ("(", "[", ":") and "=" not in mark.given


def _spoken_of(mark: TemplateMark) -> TemplateMark | None:
    """A shortcode between two pairs of brackets, by which WordPress shows it; or no shortcode."""
    if mark.before != "[" or mark.after != "]" or "=" not in mark.given:
        return None
    text = f"[{mark.text}]"
    return replace(mark, text=text, start=mark.start - 1, end=mark.end + 1, is_escaped=True)


def _read_tag(content: str) -> tuple[str, str, bool, bool]:
    content = content.strip(_TRIMS).strip()
    name = _NAME.split(content, maxsplit=1)[0]
    given = content[len(name) :].strip().removesuffix("/").strip()
    if name.startswith("end"):
        return name[len("end") :], given, True, False
    return name, given, False, False


def _read_value(content: str) -> tuple[str, str, bool, bool]:
    expression = content.strip(_TRIMS).strip()
    return " ".join(expression.split()), expression, False, False


def _read_shortcode(content: str) -> tuple[str, str, bool, bool]:
    content = content.strip()
    if content.startswith("/*") and content.endswith("*/"):
        return content[2:-2], "", False, True
    closes = content.startswith("/")
    content = content.lstrip("/").strip()
    name = _NAME.split(content, maxsplit=1)[0].rstrip("/")
    return name, content[len(name) :].strip(), closes, False


def _read_comment(content: str) -> tuple[str, str, bool, bool]:
    return "#", content, False, False


def _read_bracket(content: str) -> tuple[str, str, bool, bool]:
    name = _NO_WORD.split(content, maxsplit=1)[0]
    return name.lower(), content[len(name) :].strip(), False, False


def _read_tab(content: str) -> tuple[str, str, bool, bool]:
    name, _, given = content.strip().partition(" ")
    return name, given.strip(), False, False


_READERS: dict[Form, Callable[[str], tuple[str, str, bool, bool]]] = {
    Form.TAG: _read_tag,
    Form.VALUE: _read_value,
    Form.SHORTCODE: _read_shortcode,
    Form.COMMENT: _read_comment,
    Form.BRACKET: _read_bracket,
    Form.TAB: _read_tab,
}
"""What a mark has between its signs: name, what is given, whether it ends one, is only shown."""
