"""What a person sees of what publishing costs."""

from collections import defaultdict

from rich.text import Text

from presswork_cli.printing.answers import CostAnswer, CostCase
from presswork_cli.printing.terminal import results, visible

_LEAST = 0.01
"""The part of a whole that is worth a word."""


def priced(answer: CostAnswer) -> None:
    """Each case with its services, the dearest first; what is taken for granted, and unknown."""
    results.print(
        f"Dollars at the prices of {answer.region} on {answer.date}, with nothing free:",
        markup=False,
    )
    for case in answer.cases:
        results.print(_case(case))
    for line in answer.assumptions:
        results.print(Text(f"- {line}", style="dim"))
    for line in answer.missing:
        results.print(Text(f"missing   {visible(line)}", style="yellow"))


def _case(case: CostCase) -> Text:
    by: dict[str, float] = defaultdict(float)
    for line in case.lines:
        by[line.service] += line.dollars
    dearest = sorted(by.items(), key=lambda each: (-each[1], each[0]))
    services = [
        f"{name} {_dollars(each)}" for name, each in dearest if each >= _LEAST * case.dollars
    ]
    head = Text(f"{_dollars(case.dollars):>9}  ").append(visible(case.about), style="bold")
    return head.append(f"\n{'':11}{', '.join(services)}", style="dim")


def _dollars(amount: float) -> str:
    """Tenths of a cent where there are few cents."""
    return f"{amount:,.3f}" if amount < 1 else f"{amount:,.2f}"
