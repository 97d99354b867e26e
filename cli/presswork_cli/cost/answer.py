"""The answers of `presswork cost`: an estimate, or what a stack used."""

from datetime import datetime

from presswork_cli.cost.metrics import used
from presswork_cli.cost.prices import price_list
from presswork_cli.cost.scenarios import ASSUMPTIONS, cases, priced
from presswork_cli.cost.usage import counted_usage
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import CostAnswer


def estimated() -> CostAnswer:
    """What posts and sites cost by what was counted."""
    prices = price_list()
    return CostAnswer(
        date=prices.date,
        region=prices.region,
        cases=tuple(cases(counted_usage(), prices)),
        assumptions=ASSUMPTIONS,
    )


def measured(stack: Stack, now: datetime, days: int) -> CostAnswer:
    """What a stack used in the last days."""
    prices = price_list()
    found = used(stack, now, days)
    about = f"{stack.name} in the last {days} days"
    return CostAnswer(
        date=prices.date,
        region=prices.region,
        cases=(priced("used", about, found.units, prices),),
        missing=tuple(found.missing),
    )
