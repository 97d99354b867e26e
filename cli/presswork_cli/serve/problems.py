"""What is wrong with the files of a site, as it is told in the terminal and on pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from presswork.post import Error, PostWarning
from presswork_cli.offline import folder
from presswork_cli.printing.answers import BuiltPost

Kind = Literal["error", "warning"]


class Problem(NamedTuple):
    """One thing that is wrong: where, what, and the way out."""

    kind: Kind
    file: str
    line: int | None
    column: int | None
    message: str
    fix: str

    @property
    def place(self) -> str:
        """The place as editors and compilers write it."""
        numbers = (number for number in (self.line, self.column) if number is not None)
        return ":".join([self.file, *map(str, numbers)])

    @classmethod
    def of_error(cls, file: Path | str, error: Error) -> "Problem":
        """What keeps a file from being shown as it is now."""
        name = folder.displayed(file)
        return cls("error", name, error.line, error.column, error.message, error.fix)

    @classmethod
    def of_warning(cls, file: Path | str, warning: PostWarning) -> "Problem":
        """What readers may not see as it was meant."""
        times = f" (×{warning.count})" if warning.count > 1 else ""
        name = folder.displayed(file)
        return cls("warning", name, warning.line, None, f"{warning.message}{times}", warning.fix)


def of_post(post: BuiltPost) -> Iterator[Problem]:
    """What a build says of a file."""
    if post.error is not None:
        yield Problem.of_error(post.file, post.error)
    for warning in post.warnings:
        yield Problem.of_warning(post.file, warning)
