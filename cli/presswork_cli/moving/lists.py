"""The lists that a tool makes of its posts: by what name, and where each stands here: pure."""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from presswork import site
from presswork.site.lists import term_slug, trail
from presswork_cli.moving.blog import OldAddress
from presswork_cli.moving.file_names import unfit
from presswork_cli.moving.sources import Gathered, Published, is_text

IN_MONTHS = "a list has one page here, and then its years and months: /archives/ leads to all"
"""Why nothing stands at the second page of a list."""

Posts = list[Published]


def by_tag(posts: Iterable[Published]) -> dict[str, Posts]:
    """Posts by their tags, as they are first spelled."""
    return _grouped((tag, each) for each in posts for tag in each.post.tags)


def by_category(posts: Iterable[Published]) -> dict[tuple[str, ...], Posts]:
    """Posts by their categories: a path from the root, and each that is above it."""
    found: dict[tuple[str, ...], Posts] = {}
    for each in posts:
        above = (path[:end] for path in each.post.categories for end in range(1, len(path) + 1))
        for path in dict.fromkeys(above):
            found.setdefault(path, []).append(each)
    return found


def by_author(posts: Iterable[Published]) -> dict[str, Posts]:
    """Posts by their authors."""
    return _grouped((author, each) for each in posts for author in each.post.authors)


def by_time(posts: Iterable[Published], zone: ZoneInfo, form: str) -> dict[str, Posts]:
    """Posts by a part of their dates, as in `%Y/%m`."""
    return _grouped((each.post.date.astimezone(zone).strftime(form), each) for each in posts)


def tag_here(tag: str) -> str:
    """Where the list of a tag stands here."""
    return site.list_path(f"tag:{term_slug(tag)}")


def category_here(category: tuple[str, ...]) -> str:
    """Where the list of a category stands here."""
    return site.list_path(trail(category)[-1][0])


def author_here(author: str) -> str:
    """Where the list of an author stands here."""
    return site.list_path(f"author:{term_slug(author)}")


def feed_of(path: str) -> str:
    """Where the feed of a list stands here."""
    return f"{path}feed.xml"


def further(posts: int, per_page: int, form: str, first: int = 2) -> Iterator[OldAddress]:
    """The addresses of a list's further pages; `form` has `{n}` for their numbers."""
    last = math.ceil(posts / per_page) if per_page > 0 else 1
    for number in range(first, last + 1):
        yield OldAddress(form.format(n=number), "list", "", IN_MONTHS)


def _grouped(pairs: Iterable[tuple[str, Published]]) -> dict[str, Posts]:
    groups: dict[str, Posts] = {}
    for name, each in pairs:
        groups.setdefault(name, []).append(each)
    return groups


def form_of(path: str, ending: str) -> str:
    """A form of addresses for `further`: a path as it is, and an ending with `{n}`."""
    return path.replace("{", "{{").replace("}", "}}") + ending


def files_beside(found: Gathered, folders: Mapping[str, str]) -> Iterator[OldAddress]:
    """What lies in the folders of posts, which is copied below `static/` to its old address too.

    Posts show it from beside them; the address of old is known to others. `folders` has the old
    address of each folder by its key.
    """
    for key in list(found.files):
        folder = str(PurePosixPath(key).parent)
        while folder not in folders and "/" in folder:
            folder = folder.rpartition("/")[0]
        if folder in folders and not is_text(key):
            path = f"{folders[folder].rstrip('/')}{key.removeprefix(folder)}"
            if unfit(f"static{path}") is not None:
                continue
            found.files.setdefault(f"static{path}", found.files[key])
            yield OldAddress(path, "file", f"static{path}")
