"""What a person sees of the dead-letter queues."""

from rich.text import Text

from presswork_cli.printing.answers import (
    DeadLetter,
    DeadLetterQueueAnswer,
    DeadLettersAnswer,
    HandledAnswer,
)
from presswork_cli.printing.terminal import results, visible


def queues(answer: DeadLettersAnswer) -> None:
    """Each queue with its count, and how to see more of one that holds something."""
    for each in answer.queues:
        since = f", since {each.oldest:%Y-%m-%d %H:%M} UTC" if each.oldest else ""
        style = "red" if each.messages else "dim"
        results.print(Text(f"{each.messages:6} {each.queue}{since}", style=style))
    if any(each.messages for each in answer.queues):
        results.print("Next: `presswork dead-letters show QUEUE`", markup=False)


def messages(answer: DeadLetterQueueAnswer) -> None:
    """Each message with what it is about, its body and its history."""
    for letter in answer.messages:
        _print(letter)
    if not answer.messages:
        results.print(f"nothing lies in {answer.queue}", markup=False)


def redriven(answer: HandledAnswer) -> None:
    """How many were sent on, and what stays."""
    for each in answer.queues:
        if each.handled or each.kept or len(answer.queues) == 1:
            results.print(f"{each.handled:6} of {each.queue} sent on", markup=False)
        for letter in each.kept:
            _print(letter)
    if any(each.kept for each in answer.queues):
        results.print("Nobody knows where these were to go: they stay.", markup=False)


def dropped(answer: HandledAnswer) -> None:
    """How many are gone."""
    for each in answer.queues:
        results.print(f"{each.handled:6} of {each.queue} dropped", markup=False)


def _print(letter: DeadLetter) -> None:
    results.print(Text(f"{letter.id}  {visible(letter.about)}", style="bold"))
    sent = f"sent {letter.sent:%Y-%m-%d %H:%M:%S} UTC" if letter.sent else ""
    goes_to = f"goes to {', '.join(letter.goes_to)}" if letter.goes_to else "goes nowhere"
    facts = (sent, f"received {letter.received} times", goes_to, letter.why or "", letter.body)
    for fact in filter(None, facts):
        results.print(Text(f"  {visible(fact)}", style="dim"))
