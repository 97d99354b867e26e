"""Marks of templates, put into Markdown and HTML by the tables of the dialects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork.content.dialects import eleventy, hexo, hugo, liquid, markup, wordpress, zola
from presswork.content.dialects.code import Code
from presswork.content.dialects.left import Left
from presswork.content.dialects.marks import Form, Scanner, TemplateMark
from presswork.content.dialects.origin import Origin
from presswork.content.dialects.table import Alone, Entry, Pair, Table, Whole
from presswork.patterns import late

_TABLES: dict[Form, tuple[Table, ...]] = {
    Form.TAG: (liquid.TAGS, eleventy.TAGS, hexo.TAGS),
    Form.SHORTCODE: (hugo.SHORTCODES,),
    Form.BRACKET: (wordpress.SHORTCODES,),
    Form.TAB: (hexo.TABS,),
    Form.COMMENT: ({"#": eleventy.COMMENT},),
}
_BLOCK = late(r"</?(?:figure|iframe|video|audio|blockquote|div|details|p|table|img)\b|```")
_CONFUSING = late(r"[`~<$]|\n(?: {4}|\t)")
_NOT_LINE_END = late(r"[^\n]")
_REST_OF_LINE = late(r"[ \t]*+(?:\n|\Z)")
_GOES_ON = late(r"[ \t]*+\n[ \t>]*+[^\s<]")
_ENDS = {Form.TAG: "%}", Form.VALUE: "}}", Form.SHORTCODE: ">}}", Form.COMMENT: "#}"}
_LONGEST_NAME = 40
_LITERAL = late(r"""("[^"]*+"|'[^']*+')(?=\s*+\|)""")
_RULE = "template-left"
_CONTROL = frozenset(
    "if elsif elseif else unless for tablerow case when assign capture set macro call block "  # noqa: SIM905
    "increment decrement cycle break continue liquid with".split()
)


@dataclass(frozen=True)
class _Piece:
    """A mark and the text that stands for it, None where it stays.

    What `is_shown` stands to the letter, and so gets no line ends around it.
    """

    mark: TemplateMark
    text: str | None
    rule: str = ""
    is_shown: bool = False


def translate(text: str, origin: Origin) -> str:
    """The text with each mark that a table knows as Markdown or HTML; the others are told of."""
    code = Code(text, markdown=origin.markdown)
    marks = _scan(text, code, origin)
    plain = _without_whole(text, marks)
    if plain is not text:
        code = Code(plain, markdown=origin.markdown)
        marks = _scan(text, code, origin)
    left = Left(origin)
    parts, at = [], 0
    for piece in _pieces(marks):
        mark = piece.mark
        parts.append(text[at : mark.start])
        at = mark.end
        if piece.text is None:
            parts.append(_kept(mark, left, code))
            continue
        if piece.rule:
            line = origin.first_line + code.line(mark.start)
            origin.log.add(piece.rule, before=mark.text, after=piece.text.strip(), line=line)
        parts.append(piece.text if piece.is_shown else _placed(piece.text, mark, text, code))
    parts.append(text[at:])
    left.tell()
    return "".join(parts)


def _scan(text: str, code: Code, origin: Origin) -> list[TemplateMark]:
    return list(Scanner(text, code, origin, _is_whole).marks())


def _is_whole(mark: TemplateMark) -> bool:
    if mark.in_code:
        return mark.form is Form.TAG and mark.name in ("raw", "verbatim", "rawblock")
    return any(isinstance(entry, Whole) for entry in _entries(mark))


def _without_whole(text: str, marks: list[TemplateMark]) -> str:
    """The text without what might pass for code in it and stands in marks that are code anyway."""
    parts, at = [], 0
    for mark in marks:
        if mark.inner and mark.name not in ("raw", "verbatim") and _CONFUSING.search(mark.text):
            parts += [text[at : mark.start], _NOT_LINE_END.sub("x", mark.text)]
            at = mark.end
    return "".join([*parts, text[at:]]) if at else text


def _entries(mark: TemplateMark) -> Iterator[Entry]:
    if mark.form is Form.TAG and mark.given.startswith("("):
        tables: Iterable[Table] = (zola.BLOCKS,)
    else:
        tables = _TABLES.get(mark.form, ())
    for table in tables:
        if mark.name in table:
            yield table[mark.name]


def _pieces(marks: list[TemplateMark]) -> list[_Piece]:
    """What becomes of each mark; of two that belong together, of both or of none."""
    pieces: list[_Piece] = []
    opened: dict[tuple[Form, str], list[tuple[int, str, tuple[str, str]]]] = {}
    calls: list[str] = []
    for mark in marks:
        if mark.in_code or mark.is_escaped:
            pieces.append(_shown(mark))
        elif mark.closes:
            name = calls.pop() if mark.form is Form.TAG and not mark.name and calls else mark.name
            waiting = opened.get((mark.form, name))
            last = None
            if waiting:
                number, rule, (first, last) = waiting.pop()
                pieces[number] = _Piece(pieces[number].mark, first, rule)
            pieces.append(_Piece(mark, last))
        else:
            name = f"{mark.name}()" if _is_call(mark) else mark.name
            calls += [name] if _is_call(mark) else []
            around = _around(mark)
            if around is not None:
                opened.setdefault((mark.form, name), []).append((len(pieces), *around))
            pieces.append(_piece(mark))
    return [piece for piece in pieces if piece.text is not None or _is_meant(piece.mark)]


def _is_call(mark: TemplateMark) -> bool:
    """Whether a tag has the form of Zola's, which all end with `{% end %}`."""
    return mark.form is Form.TAG and mark.given.startswith("(")


def _is_meant(mark: TemplateMark) -> bool:
    """Whether a mark that stays is one at all: not in code, nor only a word in brackets."""
    if mark.in_code or mark.form is Form.TAB:
        return False
    return mark.form is not Form.BRACKET or wordpress.is_meant(mark)


def _shown(mark: TemplateMark) -> _Piece:
    """A mark in code, or one that is spoken of: as the generator would show it."""
    text = mark.inner
    if mark.is_escaped and mark.form is Form.BRACKET:
        text = mark.text[1:-1]
    elif mark.is_escaped:
        text = f"{mark.text[:3]}{mark.name}{mark.text[-3:]}"
        text = text if mark.in_code else markup.escaped(text)
    return _Piece(mark, text, "template-raw", is_shown=True)


def _around(mark: TemplateMark) -> tuple[str, tuple[str, str]] | None:
    """What stands for a mark and for its end if there is one, in lines that begin like its own."""
    for entry in _entries(mark):
        if isinstance(entry, Pair):
            first, last = entry.make(mark)
            line = f"\n{mark.indent}"
            return entry.rule, (first.replace("\n", line), last.replace("\n", line))
    return None


def _piece(mark: TemplateMark) -> _Piece:
    """What a mark becomes that has no end, or all up to its end."""
    if mark.form is Form.VALUE:
        return _value(mark)
    if mark.form is Form.BRACKET and not wordpress.is_meant(mark):
        return _Piece(mark, None)
    for entry in _entries(mark):
        ended = mark.inner is not None or mark.form is Form.BRACKET
        if isinstance(entry, Alone) or (isinstance(entry, Whole) and ended):
            text = entry.make(mark)
            if text is not None:
                return _Piece(mark, text, entry.rule, is_shown=entry.rule == "template-raw")
    return _Piece(mark, None)


def _value(mark: TemplateMark) -> _Piece:
    call = zola.call(mark)
    if call is not None:
        entry = zola.CALLS.get(call.name)
        text = entry.make(call) if isinstance(entry, Alone) else None
        return _Piece(mark, text, entry.rule if entry else "")
    found = liquid.value(mark)
    return _Piece(mark, None) if found is None else _Piece(mark, found[1], found[0])


def _placed(text: str, mark: TemplateMark, body: str, code: Code) -> str:
    """A translation where its mark stood, with the line ends that a block needs around it."""
    if not mark.origin.markdown or not _BLOCK.search(text):
        return text
    line = f"\n{mark.indent}"
    start = code.line_start(mark.start)
    if text.startswith(line + line) and len(mark.indent) == mark.start - start:
        text = text.removeprefix(line)
    if "\n" in text and not text.startswith("\n"):
        if len(mark.indent) != mark.start - start:  # something stands in front of it
            text = f"{line}{line}{text}"
        elif start and "<" in body[code.line_start(start - 1) : start]:
            text = f"{line}{text}"  # what begins in a block of HTML is no Markdown
    if _REST_OF_LINE.match(body, mark.end):
        goes_on = _GOES_ON.match(body, mark.end)
        if text.endswith(line + line):
            return text.removesuffix(line)
        return f"{text}{line.rstrip(' ')}" if goes_on else text
    return f"{text}{line}{line}" if "\n" in text and not text.endswith(line) else text


def _kept(mark: TemplateMark, left: Left, code: Code) -> str:
    """A mark that stays, as readers will see it, and told."""
    line = code.line(mark.start)
    if not mark.name and not mark.closes:
        end = _ENDS[mark.form]
        fix = f"End it with `{end}`; to speak of it, put it between backticks."
        left.add(_RULE, f"`{mark.text}`", "opens something that does not end.", fix, line)
        return markup.escaped(mark.text)
    said = "is not translated, and stays as text."
    left.add(_RULE, f"`{_shortened(mark)}`", said, _fix(mark), line)
    return markup.escaped(mark.text) if mark.form is Form.SHORTCODE else mark.text


def _shortened(mark: TemplateMark) -> str:
    if mark.form is Form.BRACKET:
        return f"[{mark.name}]"
    sign = mark.text[: 3 if mark.form is Form.SHORTCODE else 2]
    name = _LITERAL.sub("…", mark.name) or "end"
    if name.startswith("include"):
        name = f"{name} {mark.arguments.word(0)}"
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}…"
    return f"{sign} {name} {sign[2:].replace('<', '>')}{_ENDS[mark.form][-2:]}"


def _fix(mark: TemplateMark) -> str:
    if mark.form is Form.VALUE:
        return "Write the value itself; to speak of it, put it between backticks."
    if mark.name in _CONTROL:
        return "Nothing is executed here: write what it would have made."
    if mark.name.startswith(("include", "render")):
        return "Write here what the other file has."
    return "Write in Markdown or HTML what it would show; to speak of it, put it between backticks."
