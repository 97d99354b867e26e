"""What a page of `theme/` may take: two seconds of the processor, and 5 MB beside its post's text.

A theme is an administrator's code, so this guards against mistakes: a loop in a loop in a loop, a
text doubled forty times. The clock is looked at wherever a template does something again, the size
wherever it makes a text or a list. A page that takes more is refused, and never made otherwise.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any

from jinja2 import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.runtime import Undefined

SECONDS = 2.0
BYTES = 5_000_000

_LARGEST_NUMBER = 10**20
_LARGEST_POWER = 100
_LARGEST_ARGUMENT = 10_000

LEFT_OUT = frozenset({"format", "pprint", "random"})
"""Those of Jinja's filters that a theme has not: chance, addresses in memory, endless widths."""

_FILLING = frozenset({"batch", "center", "indent", "round", "slice", "wordwrap"})


class Limit(TemplateRuntimeError):
    """A page takes more than it may."""


class Budget:
    """What one page may still take; `text` is that of its post, which is not the theme's."""

    def __init__(self, text: str) -> None:
        self._deadline = time.thread_time() + SECONDS
        self._limit = BYTES + len(text.encode())
        self._written = self._made = 0

    def check_time(self) -> None:
        """Raises Limit when the time is over."""
        if time.thread_time() > self._deadline:
            raise Limit(f"A page takes at most {SECONDS:.0f} seconds to make.")

    def make(self, length: int) -> None:
        """Counts a text or a list of this length, be it for the page or thrown away."""
        self._made += length
        if length > self._limit or self._made > 10 * self._limit:
            raise Limit(f"A page has at most {BYTES:,} bytes beside the text of its post.")

    def write(self, chunk: str) -> None:
        """Counts a part of the page."""
        self.check_time()
        self._written += len(chunk.encode())
        if self._written > self._limit:
            raise Limit(f"A page has at most {BYTES:,} bytes beside the text of its post.")


budget: ContextVar[Budget] = ContextVar("budget")
"""That of the page that is being made."""


def turns(items: Iterable[Any]) -> Iterator[Any]:
    """What a loop goes through, with a look at the clock in each turn."""
    page = budget.get()
    for item in items:
        page.check_time()
        yield item


def check_operands(operator: str, left: Any, right: Any) -> None:
    """Raises Limit where `+`, `*`, `**` or `%` would make something huge."""
    numbers = [number for number in (left, right) if isinstance(number, (int, float))]
    if operator == "+":
        budget.get().make(sum(map(_length, (left, right))))
    elif _length(left) or _length(right):
        raise Limit(f"{operator} is for numbers; use `~` and `format` for texts.")
    if any(abs(number) > _LARGEST_NUMBER for number in numbers) or (
        operator == "**" and numbers and abs(numbers[-1]) > _LARGEST_POWER
    ):
        raise Limit("The number is too large.")


def check_arguments(*arguments: Any) -> None:
    """Raises Limit for a number that would make a text or a list huge."""
    for argument in arguments:
        if isinstance(argument, int) and abs(argument) > _LARGEST_ARGUMENT:
            raise Limit(f"A width, a precision or such is at most {_LARGEST_ARGUMENT:,}.")


def check_has_text(*values: Any) -> None:
    """Raises an error for functions: their text would be another each time."""
    for value in values:
        if callable(value) and not isinstance(value, Undefined):
            raise TemplateRuntimeError("A function has no text: call it.")


def printable(value: Any) -> Any:
    """A value as it may stand in a page: a text or a number."""
    check_has_text(value)
    if isinstance(value, (str, int, float, Undefined, type(None))):
        return value
    raise TemplateRuntimeError("A list has no text: loop over it, or name a part of it.")


def counted(value: Any) -> Any:
    """What a filter or a function made; a list where it would be made bit by bit."""
    made = list(turns(value)) if isinstance(value, Iterator) else value
    budget.get().make(_length(made))
    return made


def filters() -> Mapping[str, Callable[..., Any]]:
    """Jinja's filters, within limits."""
    return {
        name: _within_limits(filter, fills=name in _FILLING)
        for name, filter in FILTERS.items()
        if name not in LEFT_OUT
    }


def _within_limits(filter: Callable[..., Any], *, fills: bool) -> Callable[..., Any]:
    @wraps(filter)
    def limited(*values: Any, **named: Any) -> Any:
        check_has_text(*values)
        if fills:
            check_arguments(*values[1:], *named.values())
        return counted(filter(*values, **named))

    return limited


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, bytes, list, tuple)) else 0
