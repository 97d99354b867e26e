"""Which key of ContentBucket a file on disk belongs under."""

from pathlib import Path, PurePath, PurePosixPath

SETTINGS = "site.yaml"

_ROOTS = ("posts", "pages")


def key_of(file: str, *, within: str | None = None) -> str:
    """A file's key: from the last `posts/` or `pages/` in its path, else below `posts/`.

    There it has its path relative to the folder `within` that it was found in, or its name alone.
    What lies in the `posts/` or `pages/` of such a folder is called as it lies there.
    """
    path = PurePath(file)
    if path.name == SETTINGS:
        return SETTINGS
    inside = PurePath(path.name) if within is None else path.relative_to(within)
    if len(inside.parts) > 1 and inside.parts[0] in _ROOTS:
        return inside.as_posix()
    folders = path.parts[:-1]
    for depth in range(len(folders) - 1, -1, -1):
        if folders[depth] in _ROOTS:
            return "/".join(path.parts[depth:])
    return f"posts/{inside.as_posix()}"


def published_key(file: str) -> str:
    """As `key_of`, but that a template or asset in a folder `theme/` belongs to the theme."""
    from presswork.site.theme.reading import is_theme_file  # noqa: PLC0415  `check` makes no pages
    from presswork.theme_files import PREFIX  # noqa: PLC0415 - as above

    folders = PurePath(file).parts[:-1]
    if "theme" not in folders or set(_ROOTS) & set(folders):
        return key_of(file)
    depth = len(folders) - 1 - folders[::-1].index("theme")
    key = PREFIX + "/".join(PurePath(file).parts[depth + 1 :])
    return key if is_theme_file(key) else key_of(file)


def root_of(path: Path, key: str) -> Path:
    """The content folder that a file belongs to: its path without its key, as far as they agree."""
    parts, ending = path.absolute().parts, PurePosixPath(key).parts
    if parts[-len(ending) :] != ending:
        ending = ending[1:]
    return Path(*parts[: len(parts) - len(ending)])
