"""What may stand in `theme/`: single templates and assets, in the place of the default theme's."""

import codecs
from collections.abc import Mapping
from pathlib import PurePosixPath

from presswork.site.theme.assets import STYLE, TYPES
from presswork.site.theme.environment import FIXED
from presswork.theme_files import PREFIX, BrokenTheme, ThemeFiles

MOST_FILES = 200
MOST_SOURCE = 256 * 1024
MOST_SOURCES = 512 * 1024
MOST_ASSET = 2 * 1024 * 1024
MOST_ASSETS = 16 * 1024 * 1024


def is_theme_file(key: str) -> bool:
    """Whether a key of ContentBucket is that of a template or an asset; others are left alone."""
    return key.startswith(PREFIX) and _is_known(key.removeprefix(PREFIX))


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Raises BrokenTheme when a theme has too many files, or too large ones; `sizes` by key."""
    if len(sizes) > MOST_FILES:
        raise BrokenTheme(
            PREFIX,
            "theme.files",
            None,
            f"A theme has at most {MOST_FILES} files; this one has {len(sizes)}.",
            "Delete those that no page needs.",
        )
    totals = {True: 0, False: 0}
    for key, size in sorted(sizes.items()):
        is_source = _is_source(key.removeprefix(PREFIX))
        limit = MOST_SOURCE if is_source else MOST_ASSET
        if size > limit:
            raise BrokenTheme(
                key,
                "theme.size",
                None,
                f"The file has {size:,} bytes; {limit:,} are allowed.",
                "Make it smaller, or delete it.",
            )
        totals[is_source] += size
    for is_source, limit in ((True, MOST_SOURCES), (False, MOST_ASSETS)):
        if totals[is_source] > limit:
            what = "templates and the stylesheet" if is_source else "assets"
            raise BrokenTheme(
                PREFIX,
                "theme.size",
                None,
                f"The {what} have {totals[is_source]:,} bytes together; {limit:,} are allowed.",
                "Delete those that no page needs.",
            )


def read_theme(files: Mapping[str, bytes], hashes: Mapping[str, str]) -> ThemeFiles:
    """The theme of files, by key; `hashes` has the sha256 of each. Raises BrokenTheme.

    That its templates work is shown by `check_theme` alone.
    """
    check_sizes({key: len(data) for key, data in files.items()})
    sources, assets = {}, {}
    for key, data in sorted(files.items()):
        name = key.removeprefix(PREFIX)
        if (FIXED / name).is_file():
            raise BrokenTheme(
                key,
                "theme.fixed",
                None,
                f"{name} is no part of the theme: feeds, sitemaps and images keep their forms.",
                "Delete it.",
            )
        if _is_source(name):
            sources[name] = _text(key, data)
        else:
            assets[name] = hashes[key]
    return ThemeFiles(sources=sources, assets=assets)


def _text(key: str, data: bytes) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenTheme(
            key, "theme.encoding", line, "It is not UTF-8.", "Save the file as UTF-8."
        ) from error


def _is_known(name: str) -> bool:
    """Whether a file is a template or of a kind that is served; README.md and .DS_Store are not."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    is_fixed = bool(name) and (FIXED / name).is_file()
    return not hidden and (_is_source(name) or path.suffix in TYPES or is_fixed)


def _is_source(name: str) -> bool:
    return name == STYLE or name.endswith(".html")
