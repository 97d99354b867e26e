"""Markdown to HTML: CommonMark 0.31.2 and the extensions that writers expect."""

import sys
from collections.abc import Iterator
from functools import cache

import comrak

from presswork.errors import Rejected
from presswork.patterns import late

EXTENSIONS = (
    "alerts",
    "autolink",
    "cjk_friendly_emphasis",
    "description_lists",
    "footnotes",
    "strikethrough",
    "table",
    "tasklist",
)
"""What is understood beyond CommonMark, by comrak's names."""

MAX_ADDRESSES_BY_LENGTH = 200_000_000
"""How many `@` a line may have, times its length: comrak copies its rest behind each address.

At twice as many it needs 200 MB, at twenty times as many it overruns its stack.
"""

_FOOTNOTE = late(r'(\s(?:id="|href="#))(?=fn(?:ref)?-)')
_CODE = late(
    r'<(?:pre(?P<block>)|code|span data-math-style="\w+")'
    r' data-sourcepos="(\d+):(\d+)-(\d+):(\d+)"(?(block)>\s*<code[^<>]*>([^<]*+))'
)
_CHECKBOX = r'<input type="checkbox"(?: checked="")? disabled="" />'
_LOOSE_TASK = late(rf"({_CHECKBOX}) \n<p>")
# A task's own text ends with its paragraph, its item, or the list inside it.
_TASK_ENDS = "(?:</p>|</li>|<[uo]l>|<p>)"
_TASK = late(
    rf"({_CHECKBOX} (?:[^\s<]++|\s++(?!{_TASK_ENDS})|(?!{_TASK_ENDS})<)*+)(?=\s*+{_TASK_ENDS})"
)


def to_html(
    markdown: str,
    *,
    prefix: str,
    extensions: tuple[str, ...] = EXTENSIONS,
    full_info: bool = False,
) -> str:
    """Unsanitised HTML; the ids of its footnotes begin with `prefix`.

    With `full_info` all words behind the fence of a listing stand in its `data-meta`.
    """
    html = comrak.render_markdown(
        markdown,
        extension_options=_options(extensions),
        render_options=_WITH_FULL_INFO if full_info else _RENDERING,
    )
    if '<input type="checkbox"' in html:
        html = _TASK.sub(r"<label>\1</label>", _LOOSE_TASK.sub(r"<p>\1 ", html))
    return _FOOTNOTE.sub(rf"\g<1>{prefix}", html) if "fn-" in html else html


def refuse_crowded_lines(markdown: str, first_line: int) -> None:
    """Rejects a line with more addresses than `to_html` survives; `first_line` is its first."""
    if markdown.count("@") * len(markdown) <= MAX_ADDRESSES_BY_LENGTH:
        return
    for number, line in enumerate(markdown.split("\n"), start=first_line):
        if line.count("@") * len(line) > MAX_ADDRESSES_BY_LENGTH:
            raise Rejected(
                "body.addresses",
                number,
                None,
                f"The line has {line.count('@'):,} signs @ among {len(line):,} characters.",
                "Write each address on a line of its own.",
            )


def run_to_html(markdown: str, *, prefix: str) -> str:
    """A run of text: that of the one paragraph that it is, or of whatever blocks it has."""
    html = to_html(markdown.strip(), prefix=prefix).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if len(html) - len(inner) == len("<p></p>") and "<p>" not in inner else html


def code_in(markdown: str, *, formulas: bool = True) -> Iterator[tuple[int, int, int, int]]:
    """Where code and formulas stand: first line and byte, last line and byte, counted from 1.

    The last byte of a block is beyond the end of its last line.
    """
    html = comrak.render_markdown(
        markdown,
        extension_options=_options((*EXTENSIONS, "math_dollars") if formulas else EXTENSIONS),
        render_options=_WITH_POSITIONS,
    )
    for position in _CODE.finditer(html):
        first, start, last, end = map(int, position.groups()[1:5])
        if position["block"] is None:
            yield first, start, last, end
        else:  # the library may lose where an indented block in a list ends
            shown = first + position[6].count("\n") - 1
            yield first, start, max(last - (end == 0), shown), sys.maxsize


@cache
def _options(extensions: tuple[str, ...]) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    for name in extensions:
        setattr(options, name, True)
    return options


def _rendering(*, full_info: bool = False) -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.full_info_string = full_info
    options.unsafe_ = True  # raw HTML is sanitised with everything else, afterwards
    return options


def _with_positions() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.sourcepos = True
    options.escape = True  # no position may be one that an author wrote
    return options


_RENDERING = _rendering()
_WITH_FULL_INFO = _rendering(full_info=True)
_WITH_POSITIONS = _with_positions()
