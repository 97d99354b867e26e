"""Boxes that stand apart from the text: callouts, directives and admonitions, as one alert each."""

import re
from collections.abc import Iterator
from html import escape

from presswork.content import markdown
from presswork.content.dialects.alerts import ALERTS, KINDS
from presswork.content.dialects.attributes import attributes_of
from presswork.content.dialects.code import Code
from presswork.content.dialects.draft import END, START, Draft
from presswork.patterns import late

_MARKED_UP = late(r"[*_`\[<&\\]")

_CALLOUT = late(
    r"^(?P<quote>[ \t]*+(?:>[ \t]*+)++)\[!(?P<type>[\w-]+)(?:\|[^\]\n]*)?\](?P<fold>[+-]?)"
    r"[ \t]*(?P<title>[^\n]*)$",
    re.MULTILINE,
)
_FENCE = late(
    r"^(?P<indent>[ \t]*+(?:>[ \t]*+)*+)(?P<colons>:{3,})[ \t]*(?P<info>[^\n]*)$", re.MULTILINE
)
_INFO = late(
    r"(?:\{(?P<braced>[\w-]+)\}|(?P<name>[A-Za-z][\w-]*))?"
    r"(?:\[(?P<bracketed>[^\]\n]*)\])?[ \t]*(?:\{(?P<list>[^{}\n]*)\})?[ \t]*(?P<title>[^\n]*)"
)
_ADMONITION_FORM = (
    r"^(?P<indent>[ ]*)(?P<mark>!!!|\?\?\?\+?%s)"
    r"(?:[ ]+(?P<type>[\w-]+)(?P<more>(?:[ ]+[\w-]+)*+)%s)"
    r"(?:[ ]+(?P<quote>[\"'])(?P<title>[^\n]*)(?P=quote))?[ ]*$"
)
_ADMONITION = late(_ADMONITION_FORM % ("", ""), re.MULTILINE)
_ADMONITION_OR_TAB = late(
    _ADMONITION_FORM % ("|===[!+]?", "|(?<=[=!+])(?=[ ]+[\"'])"), re.MULTILINE
)
_MYST_FENCE = late(
    r"^(?P<indent>[ ]{0,3})(?P<fence>`{3,}|~{3,})[ ]*\{(?P<type>[a-z]+)\}[ \t]*(?P<title>[^\n`]*)$",
    re.MULTILINE,
)
# Quarto takes the first heading in a box for its title.
_HEADED = late(
    r"^(?P<fence>[ \t]*+:{3,}+[ \t]*+\{[^{}\n]{0,100}?\.callout-[^{}\n]{1,200}+)\}[ \t]*+\n"
    r"(?P<gap>(?:[ \t]*+\n)?+)[ ]{0,3}#{1,6}[ \t]++(?P<title>[^\n\"]++)$",
    re.MULTILINE,
)
_QUOTE = late(r"[ \t]*+(?:>[ \t]*+)*+")
_LONGEST_QUOTE = 200
_MOST_DEPTH = 20
_STEP = 4
_CLOSING = f"{START}{END}"
"""Behind the colons that end a box which had none."""

_BOX = late(rf'<div class="{START}(\d{{1,9}}){END}">')
_FOLD = f'<p class="markdown-alert-title">{START}fold'
_FOLDED = late(rf"<p class=\"markdown-alert-title\">{START}fold([+-]){END}(.*?)</p>")
_DIV = late(rf"<div\b[^<>]*>(?:\n{_FOLD}[+-])?|</div>")


class Admonitions:
    """Puts the boxes of other tools into the alerts of GitHub, and their directives."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._openings: list[str] = []
        self.titles: list[str] = []
        """What their authors wrote of the titles that are not in the text any more."""

    @property
    def any(self) -> bool:
        """Whether there are boxes that fences of colons enclose."""
        return bool(self._openings)

    def put_into_markdown(self, *, directives: bool, tabs: bool) -> None:
        """Replaces the marks of boxes; fences of colons are understood with `directives` alone.

        The tabs of MkDocs are with `tabs`.
        """
        draft = self._draft
        if "!!!" in draft.text or "???" in draft.text or (tabs and "===" in draft.text):
            pattern = _ADMONITION_OR_TAB if tabs else _ADMONITION
            draft.text = self._dedented(pattern, draft.text, draft.code, 0)
        if directives and ".callout-" in draft.text:
            titled = '{fence} title="{title}"}}\n{gap}'.format
            draft.replace(_HEADED, lambda mark: titled(**mark.groupdict()))
        if "{" in draft.text and ("```" in draft.text or "~~~" in draft.text):
            self._fences_of_myst()
        if "[!" in draft.text:
            draft.replace(_CALLOUT, self._of_callout)
        if ":::" in draft.text:
            self._fences(directives=directives)

    def boxed(self, html: str) -> str:
        """The HTML that Markdown made, its boxes with their titles, those that fold as details."""
        if self._openings:
            html = _BOX.sub(self._opening, html)
        return _FOLDED.sub(_summary, "".join(_folding(html))) if _FOLD in html else html

    def _opening(self, box: re.Match[str]) -> str:
        number = int(box[1])
        return self._openings[number] if number < len(self._openings) else "<div>"

    def _box(self, type: str, title: str | None, fold: str = "") -> str:
        """A word for the opening of a box, to stand behind its colons."""
        kind = ALERTS.get(type.lower())
        if type == "details":
            kind, fold = "note", "-"
        if kind is None and not fold:
            opening = "<div>" + (
                f"\n<p><strong>{self._inline(title)}</strong></p>" if title else ""
            )
        else:
            words = self._inline(title or type.replace("-", " ").capitalize())
            mark = f"{START}fold{fold}{END}" if fold else ""
            opening = f'<div class="markdown-alert markdown-alert-{kind or "note"}">'
            if title != "":
                opening += f'\n<p class="markdown-alert-title">{mark}{words}</p>'
        self._openings.append(opening)
        return f"{START}{len(self._openings) - 1}{END}"

    def _of_callout(self, mark: re.Match[str]) -> str | None:
        if _is_amid(mark):
            return None
        type, fold, title = mark["type"].lower(), mark["fold"], mark["title"].strip()
        if type in KINDS and not fold and "|" not in mark[0] and not _MARKED_UP.search(title):
            return None
        kind = ALERTS.get(type, "note")
        words = title or mark["type"].replace("-", " ").capitalize()
        self._draft.mended("callout", mark, f"[!{kind.upper()}] {words}")
        shown = (
            self._draft.stand_in(self._inline(words), words) if _MARKED_UP.search(words) else words
        )
        folds = f"{START}fold{fold}{END}" if fold else ""
        return f"{mark['quote']}[!{kind.upper()}] {folds}{shown}"

    def _fences(self, *, directives: bool) -> None:
        """Makes each fence of colons long enough to hold those inside it.

        Of the author's own none is understood without `directives`.
        """
        draft = self._draft
        open_ones: list[bool] = []
        edits: dict[int, str] = {}
        for mark in draft.found(_FENCE):
            info = mark["info"].rstrip(": \t")
            is_own = info.startswith(START)
            if info == _CLOSING and True not in open_ones:  # code took the beginning of its box
                edits[mark.start()] = ""
            elif info == _CLOSING or (not info and open_ones and not open_ones[-1]):
                while open_ones.pop() != is_own:
                    pass
                edits[mark.start()] = _colons(mark, len(open_ones))
            elif is_own or (directives and info and len(open_ones) < _MOST_DEPTH):
                box = info if is_own else self._of_info(info, mark)
                edits[mark.start()] = _colons(mark, len(open_ones)) + box
                open_ones.append(is_own)
            else:
                if info:
                    self._left(mark)
                if self._openings:
                    edits[mark.start()] = f"{mark['indent']}\\{mark[0].lstrip(' >')}"
        draft.replace(_FENCE, lambda mark: edits.get(mark.start()))

    def _of_info(self, info: str, mark: re.Match[str]) -> str:
        parts = _INFO.fullmatch(info)
        type, title, fold = "", None, ""
        if parts is not None:
            given = attributes_of(parts["list"] or "")
            classes = given.classes if given else ()
            named = [each.removeprefix("callout-") for each in classes]
            name = (parts["name"] or "").removeprefix("callout-")
            type = parts["braced"] or name or next(iter(named), "")
            type = next((each for each in (type, *named) if each.lower() in ALERTS), type)
            values = given.values if given else {}
            title = parts["bracketed"] or parts["title"].strip() or values.get("title") or None
            fold = {"true": "-", "false": "+"}.get(values.get("collapse", ""), "")
        self._draft.mended("directive", mark, f"[!{ALERTS.get(type.lower(), 'box').upper()}]")
        return self._box(type, title, fold)

    def _left(self, mark: re.Match[str]) -> None:
        self._draft.left(
            "directive-mark",
            mark,
            f"{mark[0].strip()[:60]!r} looks like the fence of a box, and is shown as it is.",
            "Write `dialect: [directives]` in site.yaml, or `> [!NOTE]` in its place.",
        )

    def _fences_of_myst(self) -> None:
        """Fenced blocks whose language is the name of a box hold Markdown."""
        text, code = self._draft.text, self._draft.code
        parts, at = [], 0
        starts = dict(code.ranges)
        for mark in _MYST_FENCE.finditer(text):
            end = starts.get(mark.start() + len(mark["indent"]))
            if end is None or mark["type"] not in ALERTS or mark.start() < at:
                continue
            last = text.rfind("\n", mark.end(), end) + 1
            closed = text[last:end].strip().startswith(mark["fence"])
            inner = text[mark.end() + 1 : last if closed else end].rstrip("\n")
            self._draft.mended("admonition", mark, f"[!{ALERTS[mark['type']].upper()}]")
            box = self._box(mark["type"], mark["title"].strip() or None)
            parts += [text[at : mark.start()], f":::{box}\n{inner}\n:::{_CLOSING}"]
            at = end
        if at:
            self._draft.text = "".join([*parts, text[at:]])

    def _dedented(self, pattern: re.Pattern[str], text: str, code: Code, depth: int) -> str:
        """The text with each `!!!` and its indented lines as a fence of colons around them."""
        marks = {
            code.line(mark.start()): mark
            for mark in pattern.finditer(text)
            if code.end(mark.end("mark")) is None
        }
        if not marks or depth >= _MOST_DEPTH:
            return text
        given, lines, number = text.split("\n"), [], 0
        while number < len(given):
            mark = marks.get(number)
            number += 1
            if mark is None:
                lines.append(given[number - 1])
                continue
            indent = len(mark["indent"]) + _STEP
            inner = []
            while number < len(given) and _is_inside(given[number], indent):
                inner.append(given[number][indent:])
                number += 1
            self._draft.mended("admonition", mark, mark["title"] or mark["type"])
            held = "\n".join(inner).rstrip("\n")
            if pattern.search(held):
                held = self._dedented(
                    pattern, held, Code(held, markdown=True, formulas=False), depth + 1
                )
            fold = {"???": "-", "???+": "+"}.get(mark["mark"], "")
            box = self._box(mark["type"] or "tab", mark["title"], fold)
            own = [f":::{box}", *held.split("\n"), f":::{_CLOSING}", ""]
            lines += [f"{mark['indent']}{line}" if line else "" for line in own]
        return "\n".join(lines)

    def _inline(self, title: str) -> str:
        """The words of a title as HTML."""
        if not _MARKED_UP.search(title):
            return escape(title, quote=False)
        self.titles.append(title)
        html = markdown.run_to_html(title.strip(), prefix="")
        return escape(title, quote=False) if "<p>" in html else html


def _is_amid(mark: re.Match[str]) -> bool:
    """Whether a line is not the first of its quote, so that it is words of it."""
    text, end = mark.string, mark.start() - 1
    before = text[text.rfind("\n", max(0, end - _LONGEST_QUOTE), max(end, 0)) + 1 : max(end, 0)]
    quote = _QUOTE.match(before)
    return quote is not None and quote[0].count(">") >= mark["quote"].count(">")


def _colons(mark: re.Match[str], depth: int) -> str:
    return f"{mark['indent']}{':' * (4 * _MOST_DEPTH - depth)}"


def _is_inside(line: str, indent: int) -> bool:
    return not line.strip() or line[:indent].isspace()


def _folding(html: str) -> Iterator[str]:
    """The HTML, each box whose title says so as `details`."""
    at = 0
    folds: list[bool] = []
    for div in _DIV.finditer(html):
        if div[0] != "</div>":
            folds.append(_FOLD in div[0])
            continue
        if folds and folds.pop():
            yield html[at : div.start()]
            yield "</details>\n"
            at = div.start()
    yield html[at:]


def _summary(title: re.Match[str]) -> str:
    opened = " open" if title[1] == "+" else ""
    return f"<details{opened}>\n<summary>{title[2]}</summary>"
