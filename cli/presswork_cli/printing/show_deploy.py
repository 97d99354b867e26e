"""What a person sees of a stack that is made or taken away."""

from collections.abc import Mapping

from presswork_cli.printing import show
from presswork_cli.printing.answers import DestroyAnswer, StatusAnswer
from presswork_cli.printing.terminal import progress, results

_LOST = (
    "the site's address and all its pages, until they are made again",
    "the webhook's address, the topic and who subscribed to it",
    "logs, alarms, and messages that wait",
)


def deployed(answer: StatusAnswer) -> None:
    """Where everything is, and what to do next."""
    show.status(answer)
    results.print(
        "\nNext: `presswork publish hello.md` for its page, seconds later\n"
        "      `presswork doctor` for whether account and stack are fit\n"
        "      `presswork secret set default` for posts by the webhook",
        markup=False,
    )


def doomed(stack: str, region: str, kept: Mapping[str, str]) -> None:
    """What would be lost, and what would stay."""
    progress.print(f"The stack {stack} in {region} goes away, and with it:", markup=False)
    for each in _LOST:
        progress.print(f"  {each}", markup=False)
    if kept:
        progress.print("These stay, and cost what they hold:", markup=False)
        for id, name in kept.items():
            progress.print(f"  {id:14} {name}", markup=False)
    else:
        progress.print(
            "  every post with all its versions, the originals of images, the table and the "
            "secrets: for good",
            style="red",
            markup=False,
        )


def destroyed(answer: DestroyAnswer) -> None:
    """What is gone and what is left."""
    results.print(f"the stack {answer.stack} is gone", markup=False)
    for name in answer.deleted:
        results.print(f"deleted   {name}", markup=False)
    for id, name in answer.kept.items():
        results.print(f"kept      {name} ({id})", markup=False)
    for name in answer.secrets:
        results.print(f"kept      {name} (SSM parameter)", markup=False)
