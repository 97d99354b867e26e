"""Markdown to HTML: CommonMark 0.31.2 with tables, strikethrough, footnotes and bare links."""

import re

import comrak

_FOOTNOTE = re.compile(r'(\s(?:id="|href="#))(?=fn(?:ref)?-)')


def to_html(markdown: str, *, prefix: str) -> str:
    """Unsanitised HTML; the ids of its footnotes begin with `prefix`."""
    html = comrak.render_markdown(
        markdown, extension_options=_EXTENSIONS, render_options=_RENDERING
    )
    return _FOOTNOTE.sub(rf"\g<1>{prefix}", html) if "fn-" in html else html


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.table = options.strikethrough = options.footnotes = options.autolink = True
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # raw HTML is sanitised with everything else, afterwards
    return options


_EXTENSIONS = _extensions()
_RENDERING = _rendering()
