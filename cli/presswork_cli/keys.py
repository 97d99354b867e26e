"""Which key of ContentBucket a file on disk belongs under."""

from pathlib import PurePath

SETTINGS = "site.yaml"

_ROOTS = ("posts", "pages")


def key_of(file: str, *, within: str | None = None) -> str:
    """A file's key: from the last `posts/` or `pages/` in its path, else below `posts/`.

    There it has its path relative to the folder `within` that it was found in, or its name alone.
    """
    path = PurePath(file)
    if path.name == SETTINGS:
        return SETTINGS
    folders = path.parts[:-1]
    for depth in range(len(folders) - 1, -1, -1):
        if folders[depth] in _ROOTS:
            return "/".join(path.parts[depth:])
    below = path.name if within is None else path.relative_to(within).as_posix()
    return f"posts/{below}"
