"""What a person sees of the sources of webhooks."""

from rich.text import Text

from presswork_cli.printing.terminal import progress, results, visible
from presswork_cli.printing.webhook_answers import (
    AddedAnswer,
    RemovedAnswer,
    RotatedAnswer,
    SourcesAnswer,
)


def added(answer: AddedAnswer) -> None:
    """Where the source sends to, its secret, and lines that send a first post."""
    results.print(f"URL       {answer.url}", markup=False)
    results.print(f"Secret    {answer.secret}", markup=False)
    results.print(f"\n{answer.curl}", markup=False, end="")
    progress.print(
        "The secret is shown this once: hand it to who signs with it. The lines above send a first "
        "post; curl prints its key, and the address that tells what became of it.",
        markup=False,
        style="dim",
    )


def rotated(answer: RotatedAnswer) -> None:
    """On standard output the new secret, and nothing else; beside it what is good now."""
    if answer.secret is None:
        old = f"{answer.dropped} old secret{'s' * (answer.dropped != 1)}"
        said = f"{old} dropped" if answer.dropped else "there was no old secret"
        progress.print(f"{said}: {answer.source} signs with its newest alone", markup=False)
        return
    progress.print(
        f"{answer.source} has {answer.secrets} secrets, and each is good. It is shown this once:",
        markup=False,
        style="dim",
    )
    results.print(answer.secret, markup=False)
    progress.print(
        "Once whoever sends has it, drop the others with "
        f"`presswork webhook rotate {answer.source} --drop-old`.",
        markup=False,
        style="dim",
    )


def removed(answer: RemovedAnswer) -> None:
    """That the source sends nothing any more, and what of it stays."""
    results.print(f"removed   {answer.source}", markup=False)
    results.print(f"          {stays(answer.source, answer.posts)}", markup=False)


def stays(source: str, posts: int) -> str:
    """What of a source stays published without it, and how that is taken down."""
    folder = f"posts/hooks/{source}/"
    if not posts:
        return f"nothing of it stands below {folder}"
    files = "1 file stays" if posts == 1 else f"{posts} files stay"
    return f"{files} below {folder}, and published: `presswork remove KEY` takes one down"


def listed(answer: SourcesAnswer) -> None:
    """Each source with what it may; no secret."""
    if not answer.sources:
        results.print("there is no source: `presswork webhook add NAME` makes one")
    for each in answer.sources:
        secrets = "1 secret" if each.secrets == 1 else f"{each.secrets} secrets"
        facts = [f"{secrets} since {each.since:%Y-%m-%d %H:%M} UTC"]
        facts += [f"paths {each.paths}"] if each.paths else []
        facts += ["claims paths as authors do"] if each.authority == "author" else []
        results.print(Text(f"{each.source}  {each.url}", style="bold"))
        results.print(Text(visible(f"  {', '.join(facts)}"), style="dim"))
