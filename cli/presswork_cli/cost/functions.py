"""How long functions run: their processor time, at the share that their memory buys, and waits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Self

WHOLE_PROCESSOR = 1769
"""Megabytes that buy one: AWS Lambda Developer Guide, "Configure Lambda function memory"."""
WAIT = Decimal(10)
"""Milliseconds that a call to AWS takes, besides what it costs the processor."""
WEB = Decimal(300)
"""Milliseconds that the images of a post are waited for, all at once."""
GIGABYTE = 1024


@dataclass(frozen=True)
class Run:
    """What a function did: milliseconds of its own, calls to AWS, messages, images made."""

    own: Decimal
    calls: int
    messages: int
    images: int


@dataclass(frozen=True)
class Functions:
    """Milliseconds of a whole processor, and the megabytes of each function.

    `call` is what a call to AWS takes, `image` a photo with its variants, `start` a new sandbox of
    a function, `own` what a function takes besides for a post, by case.
    """

    call: Decimal
    image: Decimal
    start: Mapping[str, Decimal]
    own: Mapping[str, Mapping[str, Decimal]]
    memory: Mapping[str, int]

    @classmethod
    def read(cls, text: str) -> Self:
        """As `functions.json` has them."""
        stored = json.loads(text, parse_float=Decimal)
        measured = stored["milliseconds"]
        return cls(memory=stored["memory"], **measured)

    def processor(self, function: str, run: Run, *, starts: int = 0) -> Decimal:
        """Milliseconds of a whole processor."""
        started = self.start[function] * starts
        return run.own + self.call * run.calls + self.image * run.images + started

    def milliseconds(
        self, function: str, run: Run, *, memory: int | None = None, starts: int = 0
    ) -> Decimal:
        """How long a function runs for that, calls one after another."""
        share = Decimal(min(WHOLE_PROCESSOR, memory or self.memory[function])) / WHOLE_PROCESSOR
        waits = WAIT * run.calls + (WEB * run.messages if run.images else 0)
        return self.processor(function, run, starts=starts) / share + waits

    def gb_seconds(
        self, function: str, run: Run, *, memory: int | None = None, starts: int = 0
    ) -> Decimal:
        """What is paid for that."""
        memory = memory or self.memory[function]
        took = self.milliseconds(function, run, memory=memory, starts=starts)
        return took / 1000 * memory / GIGABYTE


@cache
def measured_functions() -> Functions:
    """What was measured last: `python bench/memory_sizes.py --write`."""
    text = files(__package__).joinpath("functions.json").read_text(encoding="utf-8")
    return Functions.read(text)
