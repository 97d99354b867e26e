"""Attributes behind blocks and spans: their marks are never shown, and what is harmless holds."""

import re
from collections.abc import Mapping
from html import escape

from presswork.content.dialects.attributes import LONGEST, Attributes, attributes_of
from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_LIST = rf"(?:\\.|[^\\{{}}\n]){{0,{LONGEST}}}+"
_LINE = late(
    rf"^(?P<indent>[ \t]*+(?:>[ \t]*+)*+)\{{(?P<mark>:?)(?P<list>{_LIST})\}}[ \t]*$", re.MULTILINE
)
# What begins with a letter is found many times faster than what begins with a line.
_ENDS_LINE = late(r"\{[^{}\n%<]*+\}[ \t]*$", re.MULTILINE)
_BEHIND_SPAN = late(r"\{(?<=[\])*_`>~]\{)(?![{%<])")
_TWO = late(rf"(\{{:{_LIST})\}}\{{:(?![:/])")
_DEFINITION = late(
    rf"^[ ]{{0,3}}\{{:(?P<name>\w[\w-]*+):(?P<list>{_LIST})\}}[ \t]*$\n?", re.MULTILINE
)
_ITEM_START = late(
    r"^(?P<start>[ \t]*+(?:>[ \t]*+)*+(?:[-*+]|\d{1,9}[.)])[ \t]+)"
    rf"\{{:(?P<list>{_LIST})\}}[ \t]*",
    re.MULTILINE,
)
_END_OF_BLOCK = late(r"^\^[ \t]*$", re.MULTILINE)
_SPAN = late(
    r"(?P<before>\]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+"
    r"(?:[ \t]+(?P<title>\"[^\"\n]*\"|'[^'\n]*'))?\)|(?<=[\])*_`>~]))"
    rf"\{{(?P<mark>:?)(?P<list>{_LIST})\}}"
)
_LEFT = late(rf"\{{:(?!:)(?P<list>{_LIST})\}}")
_BRACKETED = late(rf"(?<![!\]\\])\[(?P<words>[^\[\]\n]{{1,300}})\]\{{(?P<list>{_LIST})\}}")

_HEADING = late(r"[ ]{0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = late(r"[ ]{0,3}(?:=+|-+)[ \t]*")
# A fence, a row of a table, a rule.
_WHOLE_LINE = late(
    r"(?P<indent>[ \t]*+(?:>[ \t]*+)*+)"
    r"(?:`{3,}|~{3,}|\||(?P<rule>[-*_])[ \t]*+(?:(?P=rule)[ \t]*+){2,}$)"
)
_CLOSING_MARKS = late(r"(?<![ \t])[ \t]++#++[ \t]*+$")
_LIST_ITEM = late(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")

_FIX = "Delete it, or put a backslash in front of its brace where it is meant to be read."


class AttributeMarks:
    """Takes the marks of attributes out of a draft; the ids of `anchors` are to be linked to."""

    def __init__(self, draft: Draft, prefix: str) -> None:
        self._draft = draft
        self._prefix = prefix
        self._known: dict[str, Attributes] = {}
        self.anchors: dict[str, str] = {}

    def take_out(self) -> None:
        """Takes out all marks; what only looks like one of kramdown's stays, with a warning."""
        draft = self._draft
        if "{:" in draft.text:
            draft.replace(_TWO, lambda mark: f"{mark[1]} ")
            draft.replace(_DEFINITION, self._define)
            draft.replace(_ITEM_START, self._of_item)
        if _ENDS_LINE.search(draft.text) or "\n^" in draft.text:
            self._lines()
        if "]{" in draft.text:
            draft.replace(_BRACKETED, self._of_brackets)
        if _BEHIND_SPAN.search(draft.text):
            draft.replace(_SPAN, self._of_span)
        if "{:" in draft.text:
            for mark in draft.found(_LEFT):
                line = mark.string.rfind("\n", max(0, mark.start() - LONGEST), mark.start()) + 1
                if _HEADING.match(mark.string, line) and self._attributes(":", mark["list"]):
                    continue
                draft.left(
                    "attribute-mark",
                    mark,
                    f"{mark[0][:60]} looks like attributes of kramdown, and is shown as it is.",
                    _FIX,
                )

    def _attributes(self, mark: str, given: str) -> Attributes | None:
        """The attributes of a list, if it is one; bare words name others with a colon alone."""
        attributes = attributes_of(given)
        if attributes is None or not mark:
            return (
                attributes if attributes and attributes.is_plain and not attributes.words else None
            )
        known = [self._known[word] for word in attributes.words if word in self._known]
        if not attributes.is_plain and len(known) < len(attributes.words):
            return attributes if attributes.words == ("toc",) else None
        values = {name: value for each in known for name, value in each.values.items()}
        id = next((each.id for each in (attributes, *known) if each.id), "")
        return Attributes(id, attributes.classes, values | attributes.values, attributes.words)

    def _mended(self, mark: re.Match[str], after: str | None = None) -> None:
        """Tells of a mark, by whether it is one that kramdown alone has."""
        is_kramdown = "{:" in mark[0] or mark.re.pattern == _END_OF_BLOCK.pattern
        self._draft.mended("kramdown-attributes" if is_kramdown else "attributes", mark, after)

    def _define(self, mark: re.Match[str]) -> str | None:
        attributes = attributes_of(mark["list"])
        if attributes is None:
            return None
        self._known[mark["name"]] = attributes
        self._mended(mark)
        return ""

    def _of_item(self, mark: re.Match[str]) -> str | None:
        attributes = self._attributes(":", mark["list"])
        if attributes is None:
            return None
        self._mended(mark, mark["start"])
        return f"{mark['start']}{self._anchor(attributes)}"

    def _lines(self) -> None:
        """Attributes on a line of their own belong to the block in front, or else to the next."""
        draft = self._draft
        marks = {
            draft.code.line(mark.start()): (mark, attributes)
            for mark in draft.found(_LINE)
            if (attributes := self._attributes(mark["mark"], mark["list"])) is not None
        }
        ends = (
            {draft.code.line(mark.start()): mark for mark in draft.found(_END_OF_BLOCK)}
            if "\n^" in draft.text
            else {}
        )
        if not marks and not ends:
            return
        lines: list[str] = []
        waiting: Attributes | None = None
        drops_list = False
        given = draft.text.split("\n")
        for number, line in enumerate(given):
            if number in ends:
                self._mended(ends[number])
                lines += ["", draft.stand_in("", block=True), ""]
                continue
            if number not in marks:
                if drops_list and line.strip() and (_LIST_ITEM.match(line) or line[0] in " \t"):
                    continue
                drops_list = False
                if waiting and (whole := _WHOLE_LINE.match(line)):
                    lines += [*self._alone(whole["indent"], waiting), line]
                else:
                    lines.append(self._with_id(line, waiting) if waiting and line.strip() else line)
                waiting = waiting if waiting and not line.strip() else None
                continue
            mark, attributes = marks[number]
            follows = bool(lines) and bool(lines[-1].strip("> \t"))
            if "toc" in attributes.words:
                drops_list = not self._drop_list(lines, mark)
            elif follows:
                self._mended(mark, _told(attributes))
                self._give(lines, attributes)
            else:
                self._mended(mark, _told(attributes))
                waiting = attributes
            behind = given[number + 1] if number + 1 < len(given) else ""
            if follows and behind.strip() and not _LIST_ITEM.match(behind):
                lines.append(mark["indent"].rstrip())
        draft.text = "\n".join(lines)

    def _drop_list(self, lines: list[str], mark: re.Match[str]) -> bool:
        """Drops the list in whose place kramdown puts a table of contents; the page has its own."""
        dropped: list[str] = []
        while (
            lines and lines[-1].strip() and (_LIST_ITEM.match(lines[-1]) or lines[-1][0] in " \t")
        ):
            dropped.append(lines.pop())
        before = "\n".join([*reversed(dropped), mark[0]])
        self._draft.mended("toc-mark", mark, before=before)
        return bool(dropped)

    def _give(self, lines: list[str], attributes: Attributes) -> None:
        """Gives the block that ends with the last line what is harmless."""
        if not attributes.id:
            return
        at = len(lines) - 1
        if _UNDERLINE.fullmatch(lines[at]) and at and lines[at - 1].strip():
            at -= 1
            lines[at] = f"{lines[at]} {{#{attributes.id}}}"
        elif whole := _WHOLE_LINE.match(lines[at]):
            lines += self._alone(whole["indent"], attributes)
        else:
            lines[at] = self._with_id(lines[at], attributes)

    def _alone(self, indent: str, attributes: Attributes) -> list[str]:
        """An anchor in a paragraph of its own, beside a line that no word may stand behind."""
        return [indent.rstrip(), indent + self._anchor(attributes, block=True), indent.rstrip()]

    def _with_id(self, line: str, attributes: Attributes) -> str:
        if not attributes.id:
            return line
        if _HEADING.match(line):
            return f"{_CLOSING_MARKS.sub('', line)} {{#{attributes.id}}}"
        return line + self._anchor(attributes)

    def _anchor(self, attributes: Attributes, *, block: bool = False) -> str:
        if not attributes.id:
            return ""
        self.anchors[attributes.id] = f"{self._prefix}at-{attributes.id}"
        anchor = f'<a id="{escape(self.anchors[attributes.id])}"></a>'
        return self._draft.stand_in(anchor, block=block)

    def _of_brackets(self, mark: re.Match[str]) -> str | None:
        attributes = self._attributes("", mark["list"])
        if attributes is None:
            return None
        self._mended(mark, mark["words"])
        return f"{self._anchor(attributes)}{mark['words']}"

    def _of_span(self, mark: re.Match[str]) -> str | None:
        attributes = self._attributes(mark["mark"], mark["list"])
        if attributes is None:
            return None
        before = _with_title(mark, attributes.values)
        self._mended(mark, before)
        return before + self._anchor(attributes)


def _with_title(mark: re.Match[str], values: Mapping[str, str]) -> str:
    """A link or an image with the title that its attributes give."""
    before: str = mark["before"]
    title = values.get("title", "")
    if not title or mark["title"] or not before.startswith("]("):
        return before
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'{before[:-1]} "{quoted}")'


def _told(attributes: Attributes) -> str | None:
    return f"#{attributes.id}" if attributes.id else None


def with_links_to(html: str, anchors: Mapping[str, str]) -> str:
    """The HTML with links to the ids of blocks leading to where these stand."""
    if not anchors or 'href="#' not in html:
        return html

    def lead(link: re.Match[str]) -> str:
        return f'href="#{escape(anchors.get(link[1], link[1]))}"'

    return re.sub(r'href="#([^"]*)"', lead, html)
