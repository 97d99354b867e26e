"""What a page of `theme/` may take: bytes, seconds, turns of loops; it decides that, never a byte.

A theme is an administrator's code, so this guards against mistakes: a loop in a loop in a loop, a
text doubled forty times. What is counted is the same each time. The clock alone ends what is not
counted, and it ends it with an error.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.runtime import Undefined

SECONDS = 2.0
BYTES = 5_000_000
STEPS = 250_000
WORK = 50_000_000
"""Characters that a page may put together on its way, those thrown away included."""

_LONGEST_RANGE = 10_000
_MOST_PARTS = 1000
_MOST_DIGITS = 20
_MOST_BITS = 4096

_HARMLESS = [
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "forceescape",
    "groupby",
    "int",
    "items",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "safe",
    "select",
    "selectattr",
    "sort",
    "striptags",
    "sum",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "urlize",
    "wordcount",
    "xmlattr",
]


class Limit(TemplateRuntimeError):
    """A page takes more than it may."""


class Meter:
    """What one page has taken so far; `text` is that of its post, which is not the theme's."""

    def __init__(self, text: str) -> None:
        self._deadline = time.thread_time() + SECONDS
        self._most = BYTES + len(text.encode())
        self._steps = self._bytes = self._work = 0

    def step(self) -> None:
        """One turn of a loop, or one call of a macro."""
        self._steps += 1
        if self._steps > STEPS:
            raise Limit(f"A page has at most {STEPS:,} turns of loops.")
        if time.thread_time() > self._deadline:
            raise Limit(f"A page takes at most {SECONDS:.0f} seconds to make.")

    def put_together(self, length: int) -> None:
        """A text or list of this length is about to be made."""
        self._work += length
        if length > self._most or self._work > WORK:
            raise Limit(f"A page has at most {BYTES:,} bytes beside the text of its post.")

    def write(self, chunk: str) -> None:
        """A part of the page."""
        self._bytes += len(chunk.encode())
        if self._bytes > self._most:
            raise Limit(f"A page has at most {BYTES:,} bytes beside the text of its post.")
        self.step()


meter: ContextVar[Meter] = ContextVar("meter")
"""That of the page that is being made."""


def put_together(parts: Iterable[str]) -> list[str]:
    """The parts of a text that is about to be made, counted."""
    texts = list(parts)
    meter.get().put_together(sum(map(len, texts)))
    return texts


def operate(operator: str, left: Any, right: Any) -> None:
    """Raises Limit where `+`, `*`, `**` or `%` makes more than its parts."""
    are_numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    if operator == "+" and not are_numbers:
        meter.get().put_together(_length(left) + _length(right))
    elif operator != "+" and not are_numbers:
        raise Limit(f"{operator} is for numbers; use `~` and `format` for texts.")
    elif operator in _SIZES and _SIZES[operator](left, right) > _MOST_BITS:
        raise Limit("The number is too large.")


def short_range(*bounds: int) -> range:
    """A range of at most 10,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > _LONGEST_RANGE:
        raise Limit(f"A range has at most {_LONGEST_RANGE:,} numbers.")
    return numbers


def written(value: Any) -> Any:
    """A value as it may stand in a page; raises Limit for one that is another each time."""
    if isinstance(value, Undefined) or not (callable(value) or hasattr(value, "__next__")):
        return value
    raise Limit("A function or a list still to be read has no text: call it, or use `|list`.")


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 1


def _bits(number: float) -> int:
    return number.bit_length() if isinstance(number, int) else 64


_SIZES: Mapping[str, Callable[[Any, Any], float]] = {
    "*": lambda left, right: _bits(left) + _bits(right),
    "**": lambda left, right: abs(right) * _bits(left),
}


def _replace(text: Any, old: str, new: str, count: int | None = None) -> Any:
    text = str(written(text)) if not isinstance(text, str) else text
    times = text.count(old) if count is None else min(count, text.count(old))
    meter.get().put_together(len(text) + max(0, times) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def _join(make: Callable[..., Any]) -> Callable[..., Any]:
    def join(environment: Any, value: Any, d: str = "", attribute: Any = None) -> Any:
        parts = list(value)
        length = sum(len(part) if isinstance(part, str) else 100 for part in parts)
        meter.get().put_together(length + len(parts) * len(d))
        return make(environment, parts, d, attribute)

    join.jinja_pass_arg = make.jinja_pass_arg  # type: ignore[attr-defined]  # what it is given first
    return join


def _bounded(make: Callable[..., Any], most: int) -> Callable[..., Any]:
    """A filter whose numbers may not be large."""

    def filter(value: Any, *numbers: Any, **named: Any) -> Any:
        for each in (*numbers, *named.values()):
            if isinstance(each, (int, float)) and abs(each) > most:
                raise Limit(f"The filter takes numbers up to {most:,}.")
        return make(value, *numbers, **named)

    return filter


def filters() -> Mapping[str, Callable[..., Any]]:
    """Those of Jinja's filters that take no more than they are given; `random` is none of them."""
    harmless = {name: FILTERS[name] for name in _HARMLESS}
    return harmless | {
        "batch": _bounded(FILTERS["batch"], _MOST_PARTS),
        "join": _join(FILTERS["join"]),
        "replace": _replace,
        "round": _bounded(FILTERS["round"], _MOST_DIGITS),
        "slice": _bounded(FILTERS["slice"], _MOST_PARTS),
        "string": lambda value: FILTERS["string"](written(value)),
    }
