"""Markdown to HTML: CommonMark 0.31.2 and the extensions that writers expect."""

import re
from functools import cache

import comrak

EXTENSIONS = (
    "alerts",
    "autolink",
    "cjk_friendly_emphasis",
    "description_lists",
    "footnotes",
    "math_dollars",
    "strikethrough",
    "table",
    "tasklist",
)
"""What is understood beyond CommonMark, by comrak's names."""

_FOOTNOTE = re.compile(r'(\s(?:id="|href="#))(?=fn(?:ref)?-)')
_CHECKBOX = r'<input type="checkbox"(?: checked="")? disabled="" />'
_LOOSE_TASK = re.compile(rf"({_CHECKBOX}) \n<p>")
# A task's own text ends with its paragraph, its item, or the list inside it.
_TASK = re.compile(rf"({_CHECKBOX} .*?)(?=\s*(?:</p>|</li>|<[uo]l>|<p>))", re.DOTALL)


def to_html(markdown: str, *, prefix: str, extensions: tuple[str, ...] = EXTENSIONS) -> str:
    """Unsanitised HTML; the ids of its footnotes begin with `prefix`."""
    html = comrak.render_markdown(
        markdown, extension_options=_options(extensions), render_options=_RENDERING
    )
    if '<input type="checkbox"' in html:
        html = _TASK.sub(r"<label>\1</label>", _LOOSE_TASK.sub(r"<p>\1 ", html))
    return _FOOTNOTE.sub(rf"\g<1>{prefix}", html) if "fn-" in html else html


def run_to_html(markdown: str, *, prefix: str) -> str:
    """A run of text: that of the one paragraph that it is, or of whatever blocks it has."""
    html = to_html(markdown.strip(), prefix=prefix).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if len(html) - len(inner) == len("<p></p>") and "<p>" not in inner else html


@cache
def _options(extensions: tuple[str, ...]) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    for name in extensions:
        setattr(options, name, True)
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # raw HTML is sanitised with everything else, afterwards
    return options


_RENDERING = _rendering()
