"""What shows, at little cost, that a text may have something to translate: most texts have not."""

from presswork.patterns import late

SHORTCODES = (
    "caption|wp_caption|gallery|playlist|embed|youtube|vimeo|video|audio|gist|sourcecode|code"
    "|css|php|html|js|javascript|python|ruby|bash|sql|xml|java|cpp|csharp|contact-form(?:-7)?"
)
"""Names in brackets that are read as WordPress reads them, as a pattern."""

# Each begins with one letter, which the search leaps to.
_SHORTCODE = late(rf"\[(?:{SHORTCODES})(?=[\s=\]])")
_COMPONENT = late(r"</?[A-Z]")
_BLANK = " \t\n"


def has_marks(text: str) -> bool:
    """Whether there may be a mark of a template."""
    braces = ("{{", "{%", "{# ", "{#-", "{#\n") if "{" in text else ()
    return any(sign in text for sign in braces) or bool(_SHORTCODE.search(text))


def has_modules(text: str) -> bool:
    """Whether there may be an import, a component or a comment of MDX."""
    if text.lstrip(_BLANK).startswith(("import", "export")):
        return True
    if "{" in text and any(sign in text for sign in ("{/*", "={", "{' '}", '{" "}')):
        return True
    return bool(_COMPONENT.search(text))
