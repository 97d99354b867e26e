"""What `check` found, place by place, for who shows it beside the lines of a repository."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os.path import normpath
from pathlib import Path
from typing import Literal

from presswork.post import Error
from presswork_cli.printing.answers import CheckAnswer, CheckedPost

Level = Literal["error", "warning", "notice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
"""The worst first."""


@dataclass(frozen=True)
class Annotation:
    """Something that is to be said of a line of a file; without a line, of the file.

    `file` is relative to the root of its repository.
    """

    level: Level
    file: str
    line: int | None
    column: int | None
    rule: str
    message: str
    fix: str = ""

    @property
    def place(self) -> str:
        """The place as compilers write it."""
        numbers = (number for number in (self.line, self.column) if number is not None)
        return ":".join([self.file, *map(str, numbers)])


def annotations(
    answer: CheckAnswer, *, verbose: bool, quiet: bool, strict: bool
) -> list[Annotation]:
    """What is worth a remark, the worst first: repairs if `verbose`, warnings unless `quiet`.

    To who is `strict` a warning is an error.
    """
    wanted = {"error"} if quiet else {"error", "warning", "notice"} if verbose else set(LEVELS[:2])
    every = [
        each
        for post in answer.posts
        for each in _of(post, "error" if strict else "warning")
        if each.level in wanted
    ]
    return sorted(every, key=lambda each: LEVELS.index(each.level))


def _of(post: CheckedPost, warning: Level) -> Iterator[Annotation]:
    file = in_repository(post.file)
    for error in filter(None, (post.error, post.conflict)):
        yield _of_error(file, error)
    for each in post.warnings:
        message = each.message + _times(each.count)
        yield Annotation(warning, file, each.line, None, each.rule, message, each.fix)
    for repair in post.repairs:
        message = f"It is mended: {repair.rule}{_times(repair.count)}"
        yield Annotation("notice", file, repair.line, None, repair.rule, message)


def _of_error(file: str, error: Error) -> Annotation:
    return Annotation("error", file, error.line, error.column, error.rule, error.message, error.fix)


def _times(count: int) -> str:
    return f" (×{count})" if count > 1 else ""


def in_repository(file: str) -> str:
    """A file's path below the root of the repository that it lies in, or below where we stand."""
    path = Path(normpath(Path.cwd() / file))
    root = _root(path.parent) or Path.cwd()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


@cache
def _root(folder: Path) -> Path | None:
    """The nearest folder with a `.git`, which is a file in a worktree."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
