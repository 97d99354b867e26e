"""What authors write for themselves: comments of Obsidian and kramdown, which nobody may read."""

import re

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_EXTENSION = late(r"\{::(?P<name>\w+)\b(?P<options>(?:\\.|[^\\}\n]){0,500}+)\}|\{:/(?P<end>\w*)\}")
_PERCENT = late("%%")
_OF_OBSIDIAN = late(
    r"!?\[\[[^\s\[\]][^\[\]\n]*\]\](?![(\[])|^[ \t]*+(?:>[ \t]*+)++\[![\w-]+[\]|]"
    r"|[ \t]\^[A-Za-z0-9-]+$",
    re.MULTILINE,
)


def without_comments(draft: Draft, *, obsidian: bool) -> None:
    """Takes comments out, and the marks of kramdown's extensions."""
    if "{:" in draft.text:
        _extensions(draft)
    if "%%" in draft.text:
        _percents(draft, obsidian=obsidian)


def _extensions(draft: Draft) -> None:
    text = draft.text
    marks = draft.found(_EXTENSION)
    last = {each["end"]: number for number, each in enumerate(marks) if each["end"] is not None}
    parts, at, hidden, ending = [], 0, None, ""
    for number, mark in enumerate(marks):
        name, options = mark["name"], mark["options"] or ""
        if hidden is not None:
            if mark["end"] is None or mark["end"] not in ("", ending):
                continue
            draft.mended("hidden-comment", hidden, before=text[hidden.start() : mark.end()])
            at, hidden = mark.end(), None
        elif name == "comment" and not options.rstrip().endswith("/"):
            closed = max(last.get("", -1), last.get(name, -1)) > number
            parts.append(text[at : mark.start()])
            at = mark.end()
            if closed:
                hidden, ending = mark, name
        else:
            parts.append(text[at : mark.start()])
            draft.mended("kramdown-option", mark)
            at = mark.end()
    draft.text = "".join([*parts, text[at:]])


def _percents(draft: Draft, *, obsidian: bool) -> None:
    marks = draft.found(_PERCENT)
    if not marks:
        return
    if not (obsidian or draft.found(_OF_OBSIDIAN)):
        if len(marks) > 1:
            draft.left(
                "comment-mark",
                marks[0],
                "Text between %% and %%, which Obsidian hides, is shown.",
                "Delete it, or write `dialect: [obsidian]` in site.yaml.",
            )
        return
    parts, at, text = [], 0, draft.text
    for number in range(0, len(marks), 2):
        opening = marks[number]
        if opening.start() < at:
            continue
        closing = marks[number + 1] if number + 1 < len(marks) else None
        end = closing.end() if closing else len(text)
        draft.mended("hidden-comment", opening, before=text[opening.start() : end])
        if closing is None:
            draft.left(
                "comment-mark",
                opening,
                "A comment that begins with %% does not end: all behind it is hidden.",
                "Write %% where the comment ends.",
            )
        parts.append(text[at : opening.start()])
        at = end
    draft.text = "".join([*parts, text[at:]])
