"""The members of lists, each list read once and no further than it takes."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from presswork import site
from presswork.aws.lists import Lists, Span, is_before, is_within
from presswork.aws.look import TableLook
from presswork.state import ListMember

AHEAD = 10
"""How many members are read beyond those that were needed: a list grows until it is read again."""

MOST_GUESSES = 10_000

_Read = TypeVar("_Read")


@dataclass
class Reach:
    """How far each list had to be read the last time: a guess that saves calls alone."""

    _guesses: dict[str, int] = field(default_factory=dict)

    def of(self, name: str, otherwise: int) -> int:
        """How many members of a list are likely to be needed."""
        return self._guesses.get(name, otherwise)

    def note(self, name: str, needed: int) -> None:
        """Keeps what was needed of a list."""
        if len(self._guesses) >= MOST_GUESSES:
            self._guesses.clear()
        self._guesses[name] = needed


@dataclass(frozen=True)
class Members:
    """The members of lists in one look; one read of a list serves its newest and their year."""

    look: TableLook
    reach: Reach
    most: int
    _needed: dict[str, int] = field(default_factory=dict)

    @property
    def lists(self) -> Lists:
        """What else there is to know of lists in this look."""
        return Lists(self.look)

    def forget(self, name: str) -> None:
        """The members of a list are read anew."""
        self.look.forget(self.lists.partition(name))

    def foresee(self, name: str) -> None:
        """Reads what will be asked for of a list, as far as it was the last time."""
        if site.names_terms(name):
            self.terms(name, self.most + 1)
        elif self._likely(name):
            self._first(name)

    def are_there(self, name: str) -> bool:
        """Whether a list has members."""
        if site.names_terms(name):
            return bool(self.terms(name, self.most + 1))
        return bool(self._first(name)[0])

    def newest(self, name: str, limit: int) -> Sequence[ListMember]:
        """The newest members of a list."""
        first, is_all = self._first(name)
        self._need(name, limit)
        if is_all or len(first) >= limit:
            return first[:limit]
        return self._read(name, limit)

    def some(self, name: str, limit: int, within: Span | None) -> Sequence[ListMember]:
        """The newest members of a list, or of a span of it."""
        if within is None:
            return self.newest(name, limit)
        first, is_all = self._first(name)
        found = [member for member in first if is_within(member.card, within)]
        is_there = is_all or bool(first and is_before(first[-1].card, within))
        if not is_there and len(found) < limit:
            rest = self._read(name, limit, within)
            if found:
                self._need(name, len(first) - len(found) + len(rest) + AHEAD)
            return rest
        newer = next((at for at, each in enumerate(first) if is_within(each.card, within)), 0)
        self._need(name, newer + len(found[:limit]) + AHEAD)
        return found[:limit]

    def terms(self, name: str, limit: int) -> Mapping[str, str]:
        """The terms of a list of these, their slugs and words."""
        return self._once(name, ("terms", name, limit), lambda: self.lists.terms(name, limit))

    def count(self, name: str, limit: int, within: Span | None, *, is_split: bool) -> int:
        """How many members a list or a span of it has; `limit` at most.

        Those of one that is split are counted only: no page names them all.
        """
        if not is_split:
            if site.names_terms(name):
                return len(self.terms(name, limit))
            return len(self.some(name, limit, within))
        if within is None:
            self.reach.note(name, 0)
        return self.lists.count(name, limit, within=within)

    def _likely(self, name: str) -> int:
        is_dated = name == "home" or site.is_term(name)
        likely = self.reach.of(name, site.NEWEST + 1 if is_dated else self.most + 1)
        return min(likely, self.most + 1)

    def _need(self, name: str, count: int) -> None:
        self._needed[name] = max(count, self._needed.get(name, 0))
        self.reach.note(name, self._needed[name])

    def _first(self, name: str) -> tuple[Sequence[ListMember], bool]:
        """What was read of a list, and whether that is all of it."""

        def read() -> tuple[Sequence[ListMember], bool]:
            limit = max(1, self._likely(name))
            first = tuple(self.lists.newest(name, limit))
            return first, len(first) < limit

        return self._once(name, ("first", name), read)

    def _read(self, name: str, limit: int, within: Span | None = None) -> Sequence[ListMember]:
        about = ("members", name, limit, within)
        read = self.lists.newest
        return self._once(name, about, lambda: tuple(read(name, limit, within=within)))

    def _once(self, name: str, about: Hashable, read: Callable[[], _Read]) -> _Read:
        return self.look.once(self.lists.partition(name), about, read)
