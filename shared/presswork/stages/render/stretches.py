"""A stretch of a list: what was read around one place tells what is around those near it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from presswork import site
from presswork.aws.lists import position
from presswork.state import ListMember

_NEWER = site.RELATED + 1
"""Whose pages lead to a place by their tag, and the one after these."""
_OLDER = site.RELATED + 2
"""The place itself, the one before it, and what that one leads to by its tag."""
_BETWEEN = 4
"""How many members are read for each further place: those of a burst are close together."""


@dataclass(frozen=True)
class Side:
    """The members next to a position, on one side of it."""

    list: str
    position: str
    is_newer: bool
    limit: int = 1


Ends = tuple[Side, Side]
"""What is read for a stretch: the older side of a place, with the place itself, and the newer."""

Places = Mapping[str, Sequence[str]]
"""Positions in lists, in order."""


Members = tuple[ListMember, ...]
Read = Callable[[Sequence[Side]], Sequence[Members]]
"""Looks for the members at several sides, the nearest first."""


@dataclass(frozen=True)
class Stretch:
    """All members of a list from one position to another, by their positions, in order.

    It is without a `first` or a `last` position where the list begins or ends.
    """

    list: str
    members: Mapping[str, ListMember]
    first: str | None
    last: str | None

    @classmethod
    def of(cls, ends: Ends, older: Sequence[ListMember], newer: Sequence[ListMember]) -> Self:
        """What was read at both ends, the nearest first."""
        members = {
            position(each.card.date, each.card.id): each for each in (*reversed(older), *newer)
        }
        positions = [*members]
        is_cut_off = len(older) == ends[0].limit, len(newer) == ends[1].limit
        return cls(
            ends[0].list,
            members,
            positions[0] if is_cut_off[0] else None,
            positions[-1] if is_cut_off[1] else None,
        )

    def holds(self, name: str, here: str) -> bool:
        """Whether a position of a list is within the stretch."""
        return name == self.list and (self.first or here) <= here <= (self.last or here)

    def members_at(self, side: Side) -> Members | None:
        """The members at a side of a position, the nearest first; None when they are not known."""
        here = side.position
        if not self.holds(side.list, here):
            return None
        if side.is_newer:
            found = [each for at, each in self.members.items() if at > here]
        else:
            found = [self.members[at] for at in reversed([*self.members]) if at < here]
        end = self.last if side.is_newer else self.first
        is_known = len(found) >= side.limit or end is None
        return tuple(found[: side.limit]) if is_known else None


def find(sides: Sequence[Side], places: Places, read: Read) -> list[Members]:
    """What is at each side, most of them near `places`.

    Fewer queries than sides are made where the sides are close to each other.
    """
    stretches: list[Stretch] = []

    def told(side: Side) -> Members | None:
        answers = (stretch.members_at(side) for stretch in stretches)
        return next((members for members in answers if members is not None), None)

    for plan in (_from_the_oldest, _around_each_left):
        left = [side for side in dict.fromkeys(sides) if told(side) is None]
        wanted = plan(Counter(side.list for side in left), places, stretches)
        found = iter(read([side for ends in wanted for side in ends]))
        stretches += [Stretch.of(ends, next(found), next(found)) for ends in wanted]
    left = [side for side in dict.fromkeys(sides) if told(side) is None]
    looked_for = dict(zip(left, read(left), strict=True))
    return [looked_for[side] if side in looked_for else told(side) or () for side in sides]


def _from_the_oldest(wanted: Counter[str], places: Places, _: Sequence[Stretch]) -> list[Ends]:
    """From the first place of each list on, as far as it takes when the others are close to it."""
    return [
        _ends(name, each[0], _NEWER + _BETWEEN * (len(each) - 1))
        for name, each in places.items()
        if wanted[name] > len(_ends(name, each[0]))
    ]


def _around_each_left(wanted: Counter[str], places: Places, known: Sequence[Stretch]) -> list[Ends]:
    """Around each place that no stretch holds, where that takes fewer queries than the sides."""
    found: list[Ends] = []
    for name, positions in places.items():
        left = [at for at in positions if not any(each.holds(name, at) for each in known)]
        ends = [_ends(name, at) for at in left]
        found += ends if sum(map(len, ends)) < wanted[name] else ()
    return found


def _ends(name: str, place: str, newer: int = _NEWER) -> Ends:
    itself = f"{place}\0"  # the first position behind it
    return (
        Side(name, itself, is_newer=False, limit=_OLDER),
        Side(name, place, is_newer=True, limit=newer),
    )
