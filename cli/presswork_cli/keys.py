"""Which key of ContentBucket a file on disk belongs under."""

from pathlib import PurePath

SETTINGS = "site.yaml"

_ROOTS = ("posts", "pages")


def key_of(file: str) -> str:
    """A file's key: from the last `posts/` or `pages/` in its path, else `posts/` and its name."""
    path = PurePath(file)
    if path.name == SETTINGS:
        return SETTINGS
    folders = path.parts[:-1]
    for depth in range(len(folders) - 1, -1, -1):
        if folders[depth] in _ROOTS:
            return "/".join(path.parts[depth:])
    return f"posts/{path.name}"
