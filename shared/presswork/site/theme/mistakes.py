"""What went wrong in a template, as an administrator can mend it: file, line, reason and cure."""

from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError

from presswork.patterns import late
from presswork.site.theme.limits import Limit
from presswork.theme_files import PREFIX, BrokenTheme

DEFAULT = "default/"
"""By this prefix a template names one of the default theme, whatever `theme/` has."""

_CORRECT = "Correct the template, or delete it: then the default theme's is used."
_LESS = "Let the template do less, or delete it: then the default theme's is used."
_NAME = "Correct the name, or tell what stands in its place: `{{ name|default('') }}`."
_OBJECT = late(r"'(?:[\w.]+\.)?(\w+) object'")
_LONGEST = 300


def mistake(error: Exception, template: str) -> BrokenTheme:
    """Any error that came of a template."""
    if isinstance(error, BrokenTheme):
        return error
    if isinstance(error, TemplateSyntaxError):
        file = error.filename or f"{PREFIX}{error.name or template}"
        return BrokenTheme(file, "theme.syntax", error.lineno, _sentence(error), _CORRECT)
    file, line = _place(error.__traceback__) or (f"{PREFIX}{template}", None)
    if isinstance(error, TemplateNotFound):
        return missing(file, line, str(error.name or error))
    rule, reason, cure = _told(error)
    if file.startswith(DEFAULT):
        name = file.removeprefix(DEFAULT)
        reason = f"{reason} (Line {line} of {name} in the default theme needs it.)"
        file, line = PREFIX, None
    return BrokenTheme(file, rule, line, reason, cure)


def missing(file: str, line: int | None, name: str) -> BrokenTheme:
    """A template that is named, and is not there."""
    return BrokenTheme(
        file,
        "theme.missing",
        line,
        f"There is no template {name[:80]!r}.",
        f"Upload it as {PREFIX}{name[:80]}, or take out the line that names it.",
    )


def _told(error: Exception) -> tuple[str, str, str]:
    """The rule that was broken, the reason, and the cure."""
    match error:
        case Limit():
            return "theme.limit", str(error.message), _LESS
        case OverflowError() | MemoryError():
            return "theme.limit", _sentence(error), _LESS
        case RecursionError():
            return "theme.limit", "The template includes or calls itself without end.", _LESS
        case UndefinedError():
            return "theme.undefined", _sentence(error), _NAME
        case SecurityError():
            return "theme.unsafe", _sentence(error), _CORRECT
    return "theme.error", _sentence(error), _CORRECT


def _place(traceback: TracebackType | None) -> tuple[str, int] | None:
    """The innermost place in a template, one of `theme/` if there is: Jinja tells its own lines."""
    places = []
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.startswith((PREFIX, DEFAULT)):
            places.append((file, traceback.tb_lineno))
        traceback = traceback.tb_next
    own = [place for place in places if place[0].startswith(PREFIX)]
    return next(reversed(own or places), None)


def _sentence(error: Exception) -> str:
    words = error.message if isinstance(error, TemplateSyntaxError) else str(error)
    text = _OBJECT.sub(r"\1", str(words or type(error).__name__)).strip()[:_LONGEST]
    return text if text.endswith((".", "!", "?")) else f"{text}."
