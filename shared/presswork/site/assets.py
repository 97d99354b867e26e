"""The files that pages of the theme refer to, named by their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from presswork.object import Object
from presswork.settings import Theme
from presswork.site.objects import IMMUTABLE

THEME = Path(__file__).parent / "theme"


@cache
def stylesheet(options: Theme = Theme()) -> tuple[str, Object]:  # noqa: B008 - frozen
    """The key and the object of the theme's stylesheet, in the colours of the settings."""
    css = (THEME / "style.css").read_text(encoding="utf-8")
    if options.accent != Theme().accent:
        css += f":root {{ --accent: {options.accent}; }}\n"
    if (options.accent, options.accent_dark) != (Theme().accent, Theme().accent_dark):
        dark = f":root {{ --accent: {options.accent_dark}; }}"
        css += f"@media (prefers-color-scheme: dark) {{ {dark} }}\n"
        css += "@media print { :root { --accent: #000; } }\n"
    return _named(css.encode(), ".css", "text/css; charset=utf-8")


@cache
def icon() -> tuple[str, Object]:
    """The key and the object of the picture that browsers show beside a page's title."""
    return _named((THEME / "icon.svg").read_bytes(), ".svg", "image/svg+xml")


@cache
def script() -> tuple[str, Object]:
    """The key and the object of the script behind the search page."""
    return _named((THEME / "search.js").read_bytes(), ".js", "text/javascript; charset=utf-8")


def _named(body: bytes, suffix: str, content_type: str) -> tuple[str, Object]:
    key = f"assets/{sha256(body).hexdigest()[:16]}{suffix}"
    return key, Object(body, content_type, IMMUTABLE)
