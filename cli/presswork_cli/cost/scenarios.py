"""What is asked for most: posts by the thousand, an idle month, a blog, a newsroom, an archive."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from presswork_cli.cost.functions import WAIT, WEB, measured_functions
from presswork_cli.cost.prices import PriceList
from presswork_cli.cost.usage import GIGABYTE, Units, Usage
from presswork_cli.printing.answers import CostCase, CostLine

A_THOUSAND = 1000
HOURS = 730
POLL_SECONDS = 20
"""Amazon SQS Developer Guide, "Amazon SQS short and long polling": at most; Lambda polls so."""

LOGS_KEPT = Decimal("0.15")
"""What is left of a log when it is compressed: Amazon CloudWatch Pricing. It stays for a month."""

IMAGES, ORIGINAL, VARIANTS = 2, 500_000, 540_000
"""Photos of a post, and the bytes of one and of its five variants."""
REQUESTS, FUNCTIONS, TRANSFER = 6, 6, 400_000
"""Of a view: a page, two assets and three images; two functions for each but an image; bytes."""
PASSED_ON = Decimal("0.2")
"""The part of all requests that the edge asks S3 about."""

ASSUMPTIONS = (
    f"A call to AWS takes {WAIT} ms, one after another; the images of a post {WEB} ms in all.",
    "A function takes the processor time that was measured, at the share that its memory buys.",
    f"A photo has {ORIGINAL:,} bytes, its five variants {VARIANTS:,}.",
    f"A view is {REQUESTS} requests and {TRANSFER:,} bytes; {PASSED_ON:.0%} of them reach S3.",
    "In bursts Lambda hands over as many messages at once as the template lets it.",
)


@dataclass(frozen=True)
class Month:
    """What happens in a month on a site that holds so many posts."""

    name: str
    about: str
    stored: int
    views: int
    posts: int = 0
    edits: int = 0


MONTHS = (
    Month(
        name="blog",
        about="a month of a blog: 400 posts, 8 new, 10 edits, 20,000 views",
        stored=400,
        views=20_000,
        posts=8,
        edits=10,
    ),
    Month(
        name="newsroom",
        about="a month of a newsroom: 100,000 posts, 3,000 new, 3,000 edits, 2,000,000 views",
        stored=100_000,
        views=2_000_000,
        posts=3_000,
        edits=3_000,
    ),
    Month(
        name="archive",
        about="a month of an archive: 1,000,000 posts, none new, 1,000,000 views",
        stored=1_000_000,
        views=1_000_000,
    ),
)


def cases(usage: Usage, prices: PriceList) -> Iterator[CostCase]:
    """Every case, each with its lines."""
    of = usage.cases
    for name, about, units in (
        ("burst", "1,000 posts with 2 images, in bursts", of["burst"].units()),
        ("single", "1,000 posts with 2 images, one at a time", of["single"].units()),
        ("cold", "the same, each function started anew", of["single"].units(starts=1)),
        ("edits", "1,000 edits, one at a time", of["edit"].units()),
    ):
        yield priced(name, about, times(units, A_THOUSAND), prices)
    yield priced("deletes", "1,000 deletes, in bursts", _deleted(usage), prices)
    yield priced("idle", "a month in which nothing is published", idle(usage), prices)
    alarms = {"cloudwatch.alarm_metrics": Decimal(usage.alarm_metrics)}
    yield priced("alarms", "a month of the ten alarms that AlarmEmail brings", alarms, prices)
    for month in MONTHS:
        yield priced(month.name, month.about, of_month(month, usage), prices)
    million = times(of["burst"].units(), 1_000_000)
    yield priced("million", "1,000,000 posts with 2 images moved in, once", million, prices)


def _deleted(usage: Usage) -> Units:
    """The units of a thousand deletes: a path stands for all that go within a minute."""
    case = usage.cases["delete"]
    took = measured_functions().milliseconds("index", case.run("index")) * A_THOUSAND / case.posts
    minutes = math.ceil(took / 1000 / 60 / usage.index_workers)
    paths = {"cloudfront.invalidation_paths": Decimal(minutes + 1)}
    return {**times(case.units(), A_THOUSAND), **paths}


def idle(usage: Usage) -> Units:
    """The units of a month in which nobody publishes: pollers that ask, and `maintain`."""
    polls = Decimal(usage.pollers * HOURS * 3600 // POLL_SECONDS)
    # From one hour to the next Lambda keeps no sandbox.
    maintained = times(usage.cases["hour"].units(starts=1), HOURS)
    return _sum(maintained, {"sqs.requests": polls})


def of_month(month: Month, usage: Usage) -> Units:
    """The units of a month, each post by itself; those of what is stored and read among them."""
    of = usage.cases
    gb = Decimal(month.stored) / GIGABYTE
    photos = IMAGES * (ORIGINAL + VARIANTS)
    views = Decimal(month.views)
    kept = {
        "s3.gb_months": gb * (usage.bytes["source"] + usage.bytes["site"] + photos),
        "dynamodb.gb_months": gb * usage.bytes["table"],
        "dynamodb.recovery_gb_months": gb * usage.bytes["table"],
    }
    read = {
        "cloudfront.requests": views * REQUESTS,
        "cloudfront.functions": views * FUNCTIONS,
        "cloudfront.gb": views * TRANSFER / GIGABYTE,
        "s3.reads": views * REQUESTS * PASSED_ON,
    }
    posts = times(of["single"].units(starts=1), month.posts)
    edits = times(of["edit"].units(starts=1), month.edits)
    units = _sum(idle(usage), posts, edits, kept, read)
    return _sum(units, {"cloudwatch.log_gb_months": units["cloudwatch.log_gb"] * LOGS_KEPT})


def times(units: Units, number: int) -> Units:
    """So many times the units."""
    return {unit: amount * number for unit, amount in units.items()}


def _sum(*many: Units) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for units in many:
        for unit, amount in units.items():
            found[unit] = found.get(unit, Decimal(0)) + amount
    return found


def priced(name: str, about: str, units: Units, prices: PriceList) -> CostCase:
    """A case with a line for each unit."""
    lines = []
    for unit, amount in sorted(units.items()):
        price = prices.prices[unit]
        lines.append(
            CostLine(
                service=price.service,
                unit=unit,
                amount=float(round(amount, 6)),
                dollars=float(round(price.of(amount), 6)),
                beyond_allowance=float(round(price.beyond_allowance(amount), 6)),
            )
        )
    return CostCase(
        name=name,
        about=about,
        dollars=round(sum(line.dollars for line in lines), 6),
        beyond_allowance=round(sum(line.beyond_allowance for line in lines), 6),
        lines=tuple(lines),
    )
