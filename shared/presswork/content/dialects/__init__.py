"""What other generators write in a body beside Markdown and HTML, put into Markdown and HTML.

Nothing is executed: a table says what each form means, and what it does not know stays as it is,
with a warning.
"""

from presswork.content.dialects.origin import Origin
from presswork.content.dialects.signs import has_marks, has_modules

__all__ = ["Origin", "translate"]


def translate(text: str, origin: Origin) -> str:
    """The text with all that is known of dialects put into Markdown or HTML, as `origin` has it."""
    if origin.markdown and has_modules(text):
        from presswork.content.dialects import mdx  # noqa: PLC0415  most posts need none

        text = mdx.translate(text, origin)
    if has_marks(text) and origin.values.get("render_with_liquid") is not False:
        from presswork.content.dialects import templates  # noqa: PLC0415  most posts need none

        text = templates.translate(text, origin)
    return text
