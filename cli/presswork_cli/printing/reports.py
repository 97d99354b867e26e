"""What a person sees of the commands that need no cloud."""

from rich.console import Group

from presswork_cli.printing.answers import BuildAnswer
from presswork_cli.printing.terminal import caution, complaint, headline, results


def built(answer: BuildAnswer) -> None:
    """What is not shown and why, then what was built."""
    for post in answer.posts:
        if post.error is not None:
            results.print(Group(headline(post.status, post.key), *complaint(post.file, post.error)))
        for warning in post.warnings:
            results.print(Group(*caution(post.file, warning)))
    counted = ", ".join(f"{n} {status}" for status, n in sorted(answer.summary.items()))
    results.print(f"Posts     {counted or 'none'}", markup=False)
    if not answer.site:
        return
    owed = sum(post.images.owed for post in answer.posts)
    if owed:
        results.print(f"Images    {owed} remote, shown as notes: --vault brings them", markup=False)
    results.print(f"Site      {answer.site}", style="bold", markup=False)
    results.print(
        f"Files     {answer.files} in {answer.out}, {answer.written} new or changed", markup=False
    )
    if answer.stale:
        results.print(
            f"Left over {len(answer.stale)} that are not of this site: --clean removes them",
            style="yellow",
            markup=False,
        )
