"""What a table of a dialect says of a name: what it becomes, and by what name that repair goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from presswork.content.dialects.marks import TemplateMark

Make = Callable[[TemplateMark], str | None]
"""Writes what a mark means; None where the mark is of a form that is not known."""


@dataclass(frozen=True)
class Alone:
    """A mark that stands for itself."""

    rule: str
    make: Make


@dataclass(frozen=True)
class Whole:
    """A mark that takes all up to its end as it stands."""

    rule: str
    make: Make


@dataclass(frozen=True)
class Pair:
    """Two marks around a text that is read like any other."""

    rule: str
    make: Callable[[TemplateMark], tuple[str, str]]


Entry = Alone | Whole | Pair
Table = Mapping[str, Entry]
"""Names of marks, as they are written between the signs."""
