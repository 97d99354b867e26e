"""What a person sees of a state that was exported or imported."""

from rich.text import Text

from presswork_cli.printing.answers import ExportAnswer, ImportAnswer
from presswork_cli.printing.terminal import results, visible


def exported(answer: ExportAnswer) -> None:
    """What the file holds."""
    results.print(
        f"{answer.file}: {answer.items} items of {answer.table}; {answer.posts} posts, "
        f"{answer.told} notes of what was told",
        markup=False,
    )


def imported(answer: ImportAnswer) -> None:
    """What came, what is gone since and what is lost, and the next step."""
    told = (("gone", answer.gone), ("lost", answer.lost), ("newer", answer.newer))
    for word, keys in told:
        for key in keys:
            results.print(Text(f"{word:9} {visible(key)}", style="yellow"))
    if answer.gone:
        results.print("What is gone is not in the bucket: its addresses will answer 410.")
    if answer.lost:
        results.print("Of what is lost no bucket has the last good version: it stays down until")
        results.print("its file is mended.")
    for key, why in answer.failed.items():
        results.print(Text(f"failed    {visible(key)}: {visible(why)}", style="red"))
    if answer.newer:
        results.print("What is newer was changed here since, and was left as it is.")
    if answer.failed:
        results.print("Copy what failed yourself (`aws s3 cp`), then give the command again.")
    results.print(
        f"{answer.items} items came into {answer.table}; {answer.undeleted} files brought back, "
        f"{answer.copied} files and {answer.originals} originals copied",
        markup=False,
    )
    results.print("Next: `presswork rebuild`, then `presswork verify`", markup=False)
