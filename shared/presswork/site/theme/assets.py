"""The files that pages of the theme refer to, named by their content."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from presswork.object import Object
from presswork.settings import Theme
from presswork.site.objects import IMMUTABLE
from presswork.site_keys import ASSETS
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

THEME = Path(__file__).parent / "default"

STYLE, ICON, SCRIPT = "style.css", "icon.svg", "search.js"

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""The kinds of files that a theme serves, by their suffix."""


@lru_cache(maxsize=8)
def stylesheet(
    options: Theme = Theme(),  # noqa: B008 - frozen
    theme: ThemeFiles = DEFAULT_THEME,
) -> tuple[str, Object]:
    """The key and the object of the theme's stylesheet, in the colours of the settings.

    One of `theme/` lies in the folder of its assets, so that it names them as it does there.
    """
    own = theme.sources.get(STYLE)
    css = (THEME / STYLE).read_text(encoding="utf-8") if own is None else own
    if options.accent != Theme().accent:
        css += f":root {{ --accent: {options.accent}; }}\n"
    if (options.accent, options.accent_dark) != (Theme().accent, Theme().accent_dark):
        dark = f":root {{ --accent: {options.accent_dark}; }}"
        css += f"@media (prefers-color-scheme: dark) {{ {dark} }}\n"
        css += "@media print { :root { --accent: #000; } }\n"
    folder = ASSETS if own is None else _folder(theme)
    return _named(css.encode(), STYLE, folder)


def asset_key(theme: ThemeFiles, name: str) -> str:
    """The site key of a file of the theme; raises LookupError when there is none of that name."""
    if name in theme.assets:
        return f"{_folder(theme)}{name}"
    if name in (ICON, SCRIPT):
        return _default(name)[0]
    if PurePosixPath(name).suffix not in TYPES:
        raise LookupError(f"theme/{name} is of no kind that is served: {', '.join(TYPES)}")
    raise LookupError(f"theme/ holds no {name}")


def base_assets(options: Theme, theme: ThemeFiles) -> dict[str, Object]:
    """The files that pages refer to and that are no mere copies of files in `theme/`."""
    kept = [_default(name) for name in (SCRIPT, ICON) if name not in theme.assets]
    return dict([stylesheet(options, theme), *kept])


def own_assets(theme: ThemeFiles, files: Mapping[str, bytes]) -> dict[str, Object]:
    """The objects of the assets in `theme/`, whose bytes are `files`, by their site keys."""
    return {
        asset_key(theme, name): Object(files[name], TYPES[PurePosixPath(name).suffix], IMMUTABLE)
        for name in sorted(theme.assets)
    }


def _folder(theme: ThemeFiles) -> str:
    """Where the assets of a theme lie, as they lie in `theme/`: other assets, another folder."""
    text = json.dumps(sorted(theme.assets.items()), ensure_ascii=False)
    return f"{ASSETS}{sha256(text.encode()).hexdigest()[:16]}/"


@cache
def _default(name: str) -> tuple[str, Object]:
    return _named((THEME / name).read_bytes(), name, ASSETS)


def _named(body: bytes, name: str, folder: str) -> tuple[str, Object]:
    suffix = PurePosixPath(name).suffix
    key = f"{folder}{sha256(body).hexdigest()[:16]}{suffix}"
    return key, Object(body, TYPES[suffix], IMMUTABLE)
