"""What other generators write in a body beside Markdown and HTML, put into Markdown and HTML.

Nothing is executed: a table says what each form means, and what it does not know stays as it is,
with a warning.
"""

from presswork.content.dialects import mdx, templates
from presswork.content.dialects.marks import OPENING
from presswork.content.dialects.origin import Origin

__all__ = ["Origin", "translate"]


def translate(text: str, origin: Origin) -> str:
    """The text with all that is known of dialects put into Markdown or HTML, as `origin` has it."""
    if origin.markdown and mdx.MARK.search(text):
        text = mdx.translate(text, origin)
    return templates.translate(text, origin) if OPENING.search(text) else text
