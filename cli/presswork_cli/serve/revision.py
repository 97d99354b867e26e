"""What is served from one build to the next, and what became of addresses since the first."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from presswork.post import Status
from presswork_cli.printing.answers import BuiltPost
from presswork_cli.serve.problems import Problem

_HIDDEN = {Status.DRAFT.value: "--drafts", Status.SCHEDULED.value: "--future"}
"""What readers do not see, and the option that shows it here."""


@dataclass(frozen=True)
class Revision:
    """The state of the site after a build.

    `everywhere` are problems of the settings, of the theme, or of the build itself; `of_files`
    those of files, by key. `posts` are the posts that have a page, by its path. `moved` and `gone`
    tell of pages that there were since serving began.
    """

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    everywhere: tuple[Problem, ...] = ()
    of_files: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    posts: Mapping[str, BuiltPost] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    is_built: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong, errors first."""
        found = chain(self.everywhere, chain.from_iterable(self.of_files.values()))
        return tuple(sorted(found, key=lambda each: each.kind != "error"))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show, and nothing wrong."""
        return not self.counts and not self.problems

    def problems_at(self, path: str) -> tuple[Problem, ...]:
        """What is wrong at an address: with its post, and with everything."""
        post = self.posts.get(path)
        return (*self.everywhere, *(self.of_files.get(post.key, ()) if post else ()))

    def is_former_at(self, path: str) -> bool:
        """Whether a page is one that was made before its file was broken."""
        return path in self.posts and any(each.kind == "error" for each in self.problems_at(path))

    def state_at(self, path: str) -> str:
        """Why readers would not see a page that is shown here; empty where they would."""
        post = self.posts.get(path)
        return post.status if post and post.status in _HIDDEN else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not shown that could be."""
        shown = Counter(post.status for post in self.posts.values())
        hidden = {status: self.counts.get(status, 0) - shown[status] for status in _HIDDEN}
        return tuple(
            f"{count} {status} not shown: `presswork serve {_HIDDEN[status]}`"
            for status, count in hidden.items()
            if count
        )

    def says_the_same(self, other: "Revision") -> bool:
        """Whether pages would be told the same."""
        return (self.problems, self.counts, self.moved, self.gone) == (
            other.problems,
            other.counts,
            other.moved,
            other.gone,
        ) and {path: post.status for path, post in self.posts.items()} == {
            path: post.status for path, post in other.posts.items()
        }


def departures(
    before: Revision, posts: Mapping[str, BuiltPost]
) -> tuple[dict[str, str], frozenset[str]]:
    """Where former paths lead, and which have nothing any more."""
    path_of = {post.id: path for path, post in posts.items()}
    moved, gone = dict(before.moved), set(before.gone)
    for path, post in before.posts.items():
        if path in posts:
            continue
        if post.id in path_of:
            moved[path] = path_of[post.id]
        else:
            gone.add(path)
    moved = {path: target for path, target in moved.items() if path not in posts}
    return moved, frozenset(gone - posts.keys())
