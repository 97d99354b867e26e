"""What a person sees of the commands that need no cloud."""

from collections.abc import Iterable

from rich.console import Group

from presswork_cli.printing.answers import BuildAnswer, BuiltPost
from presswork_cli.printing.built import Built, lines
from presswork_cli.printing.terminal import caution, complaint, headline, results


def built(answer: BuildAnswer) -> None:
    """What is not shown and why, then what was built."""
    complaints(answer.posts)
    owed = sum(post.images.owed for post in answer.posts)
    numbers = answer.summary, owed, answer.files, answer.written, len(answer.stale)
    for line in lines(Built(answer.out, answer.site, *numbers)):
        results.print(line, markup=False)


def complaints(posts: Iterable[BuiltPost]) -> None:
    """What is not shown and why, and what may not be seen as it was meant."""
    for post in posts:
        if post.error is not None:
            results.print(Group(headline(post.status, post.key), *complaint(post.file, post.error)))
        for warning in post.warnings:
            results.print(Group(*caution(post.file, warning)))
