"""The permalink of a blog, as its posts' addresses show it: pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Placed(NamedTuple):
    """A post: the path of its address, what stands in it, and when it was by the blog's clock."""

    path: str
    slug: str
    date: datetime
    categories: frozenset[str] = frozenset()


def permalink_of(posts: Iterable[Placed]) -> str | None:
    """The permalink that most posts have, in the words of `site.yaml`; None where none shows."""
    found = Counter(filter(None, map(_form, posts)))
    return found.most_common(1)[0][0] if found else None


def _form(post: Placed) -> str | None:
    if ":" in post.path:
        return None
    path = "/".join(["", *_words(post)])
    if ":slug" not in path:
        return None
    return path if path.endswith(".html") else f"{path}/"


def _words(post: Placed) -> Iterator[str]:
    """The parts of a path as words; of a post's day and month the month comes first."""
    waiting = {
        ":year": f"{post.date:%Y}",
        ":month": f"{post.date:%m}",
        ":day": f"{post.date:%d}",
        ":hour": f"{post.date:%H}",
        ":minute": f"{post.date:%M}",
        ":second": f"{post.date:%S}",
    }
    parts = post.path.strip("/").split("/")
    in_category = False
    for number, part in enumerate(parts):
        if number == len(parts) - 1 and part.removesuffix(".html") == post.slug:
            yield ":slug" + part.removeprefix(post.slug)
        elif part in post.categories:
            if not in_category:
                yield ":category"
            in_category = True
        else:
            word = next((word for word, value in waiting.items() if value == part), None)
            if word is not None:
                del waiting[word]
            yield word or part
