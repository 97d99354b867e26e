"""What was counted: the units that posts need, and those of a month without any."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Self

from presswork_cli.cost.functions import Run, measured_functions
from presswork_cli.cost.prices import price_list

GIGABYTE = 1024**3

LOG_OF_INVOCATION, LOG_OF_MESSAGE = 700, 900
"""Bytes: what Lambda tells of an invocation, and a function of a message with its metrics."""

Units = Mapping[str, Decimal]
Work = Mapping[str, int]
"""Counts of one function, by unit; `calls`, `messages` and `images` are no units of AWS."""


@dataclass(frozen=True)
class Case:
    """What so many posts took, function by function; `upload` is what their authors did."""

    name: str
    posts: int
    by: Mapping[str, Work]

    def units(self, *, starts: int = 0) -> Units:
        """The units of one post; `starts` is how often an invocation starts a sandbox."""
        found: Counter[str] = Counter()
        for work in self.by.values():
            found.update({unit: n for unit, n in work.items() if unit in price_list().prices})
        units = {unit: Decimal(count) / self.posts for unit, count in found.items()}
        units["lambda.gb_seconds"] = self.gb_seconds(starts=starts) / self.posts
        units["cloudwatch.log_gb"] = Decimal(self._logged) / GIGABYTE / self.posts
        return units

    @property
    def _logged(self) -> int:
        """Bytes that the functions wrote into their logs."""
        invocations = sum(work.get("lambda.requests", 0) for work in self.by.values())
        messages = sum(work.get("messages", 0) for work in self.by.values())
        return LOG_OF_INVOCATION * invocations + LOG_OF_MESSAGE * messages

    def gb_seconds(self, *, starts: int = 0) -> Decimal:
        """What the functions took for all of the posts."""
        known = measured_functions()
        return sum(
            (
                known.gb_seconds(
                    name, self.run(name), starts=starts * work.get("lambda.requests", 0)
                )
                for name, work in self.by.items()
                if name in known.memory
            ),
            Decimal(0),
        )

    def run(self, function: str) -> Run:
        """What a function did for all of the posts."""
        work = self.by[function]
        own = measured_functions().own[self.name].get(function, Decimal(0)) * self.posts
        return Run(own, work.get("calls", 0), work.get("messages", 0), work.get("images", 0))


@dataclass(frozen=True)
class Usage:
    """The cases by name, `hour` one without a post; and how much the template asks for by itself.

    `bytes` are those of a post: `table` in the table, `site` and `source` in buckets, no images.
    """

    cases: Mapping[str, Case]
    pollers: int
    alarm_metrics: int
    index_workers: int
    bytes: Mapping[str, int]

    @classmethod
    def read(cls, text: str) -> Self:
        """As `usage.json` has it."""
        stored = json.loads(text)
        cases = {
            name: Case(name, each["posts"], each["by"])
            for name, each in stored.pop("cases").items()
        }
        return cls(cases=cases, **stored)


@cache
def counted_usage() -> Usage:
    """What was counted last: `python bench/dollars.py --write`; a test holds it to the code."""
    return Usage.read(files(__package__).joinpath("usage.json").read_text(encoding="utf-8"))
