"""Which key of ContentBucket a file on disk belongs under, and which belong under none."""

import os
from pathlib import Path, PurePath, PurePosixPath

SETTINGS = "site.yaml"

_POSTS = ("posts", "pages")
_APART = ("static", "assets", "theme")

ROOTS = (*_POSTS, *_APART)
"""The folders at the top of a content folder; elsewhere in the bucket nobody looks."""

NEVER = frozenset({"node_modules"})
"""Folders of other programs, which hold nothing of an author wherever they lie."""


def is_whole(folder: Path | str) -> bool:
    """Whether a folder has `posts/` or `pages/`: then nothing else in it is read as posts."""
    return any(os.path.isdir(Path(folder, name)) for name in _POSTS)  # noqa: PTH112 - Path's raises where it may not look


def aside(folder: Path | str) -> tuple[str, ...]:
    """What lies at the top of a folder and belongs nowhere in the bucket, by name.

    In any folder that is a site that was built. Hidden files belong nowhere either, and are no
    matter: nobody takes them for posts.
    """
    whole = is_whole(folder)
    try:
        with os.scandir(folder) as found:
            names = [each.name for each in found if each.name[0] != "." and each.name not in NEVER]
    except OSError:  # whoever reads the folder tells
        return ()
    return tuple(sorted(each for each in names if _is_aside(Path(folder, each), whole=whole)))


def _is_aside(path: Path, *, whole: bool) -> bool:
    if all(os.path.isfile(path / name) for name in ("index.html", "sitemap.xml")):  # noqa: PTH113 - as above
        return True
    is_root = path.name in ROOTS and os.path.isdir(path)  # noqa: PTH112 - as above
    return whole and path.name != SETTINGS and not is_root


def places_of(key: str, *, is_plain: bool) -> tuple[str, ...]:
    """Where in a folder the file of a key may lie; a plain one has no `posts/` around it."""
    return tuple(dict.fromkeys((key, key.removeprefix("posts/")))) if is_plain else (key,)


def key_of(file: str, *, within: str | None = None) -> str:
    """A file's key: from the last `posts/` or `pages/` in its path, else below `posts/`.

    There it has its path relative to the folder `within` that it was found in, or its name alone.
    What lies in one of the `ROOTS` of such a folder is called as it lies there.
    """
    path = PurePath(file)
    if path.name == SETTINGS:
        return SETTINGS
    inside = PurePath(path.name) if within is None else path.relative_to(within)
    if len(inside.parts) > 1 and inside.parts[0] in ROOTS:
        return inside.as_posix()
    folders = path.parts[:-1]
    for depth in range(len(folders) - 1, -1, -1):
        if folders[depth] in _POSTS:
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
    if not apart or set(_POSTS) & set(folders):
        return key_of(file)
    key = "/".join(parts[apart[-1] :])
    return key if is_theme_file(key) or not key.startswith(PREFIX) else key_of(file)


def root_of(path: Path, key: str) -> Path:
    """The content folder that a file belongs to: its path without its key, as far as they agree."""
    parts, ending = path.absolute().parts, PurePosixPath(key).parts
    if is_beside_posts(path, key):
        ending = ending[1:]
    return Path(*parts[: len(parts) - len(ending)])


def is_beside_posts(path: Path, key: str) -> bool:
    """Whether a post lies on disk without the `posts/` of its key; so does then what it shows."""
    ending = PurePosixPath(key).parts
    return path.absolute().parts[-len(ending) :] != ending
