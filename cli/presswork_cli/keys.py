"""Which key of ContentBucket a file on disk belongs under."""

from pathlib import Path, PurePath, PurePosixPath

SETTINGS = "site.yaml"

_ROOTS = ("posts", "pages")
_APART = ("static", "assets", "theme")


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
    """As `key_of`, but that files of `static/`, `assets/` and `theme/` keep their places there.

    Of `theme/` these are templates and assets. A name that begins with `static/` is a key already.
    """
    from presswork.site.theme.reading import is_theme_file  # noqa: PLC0415  `check` makes no pages
    from presswork.theme_files import PREFIX  # noqa: PLC0415 - as above

    parts = PurePath(file).parts
    folders = parts[:-1]
    if folders[:1] in (("static",), ("assets",)):
        return PurePath(file).as_posix()
    apart = [depth for depth, name in enumerate(folders) if name in _APART]
    if not apart or set(_ROOTS) & set(folders):
        return key_of(file)
    key = "/".join(parts[apart[-1] :])
    return key if is_theme_file(key) or not key.startswith(PREFIX) else key_of(file)


def root_of(path: Path, key: str) -> Path:
    """The content folder that a file belongs to: its path without its key, as far as they agree."""
    parts, ending = path.absolute().parts, PurePosixPath(key).parts
    if parts[-len(ending) :] != ending:
        ending = ending[1:]
    return Path(*parts[: len(parts) - len(ending)])
