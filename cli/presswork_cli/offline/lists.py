"""The posts of a site by the lists that they are in, newest first: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from presswork import site
from presswork_cli.offline.entries import PERIOD, Entry

_AFTER = len(PERIOD)
_REACH = max(1, site.RELATED)
"""How far from a post in one of its lists those stand that its page leads to."""


class Lists:
    """All posts, and the same by the names of their lists.

    Those by time, of which nearly each post has one for itself, stand apart by their months.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.posts = _newest_first(entries)
        self._by_name: dict[str, list[Entry]] = {}
        self._months: dict[str, list[Entry]] = {}
        for entry in self.posts:
            for members in self._lists_of(entry):
                members.append(entry)

    @property
    def by_name(self) -> Mapping[str, Sequence[Entry]]:
        """The lists that have posts, without those by time."""
        return self._by_name

    @property
    def months(self) -> Mapping[str, Sequence[Entry]]:
        """The posts of each month that has any, the oldest month first."""
        return dict(sorted(self._months.items()))

    def take(self, entry: Entry) -> None:
        """Takes a post out of all lists."""
        del self.posts[_index(self.posts, entry)]
        for members in self._lists_of(entry):
            del members[_index(members, entry)]
        for lists in (self._by_name, self._months):
            for name in [name for name, members in lists.items() if not members]:
                del lists[name]

    def put(self, entry: Entry) -> None:
        """Puts a post where it belongs."""
        for members in (self.posts, *self._lists_of(entry)):
            members.append(entry)
            members.sort(key=_place, reverse=True)

    def near(self, entry: Entry) -> Iterator[Entry]:
        """It and those around it in each of its lists: all whose pages may lead to it."""
        yield entry
        for name in entry.lists:
            if not name.startswith(PERIOD):
                members = self._by_name[name]
                place = _index(members, entry)
                yield from members[max(0, place - _REACH) : place + _REACH + 1]

    def _lists_of(self, entry: Entry) -> list[list[Entry]]:
        """The lists that a post belongs to, new ones among them."""
        return [
            self._months.setdefault(site.month_in(name[_AFTER:]), [])
            if name.startswith(PERIOD)
            else self._by_name.setdefault(name, [])
            for name in entry.lists
        ]


def _index(members: Sequence[Entry], entry: Entry) -> int:
    return next(place for place, each in enumerate(members) if each.id == entry.id)


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=_place, reverse=True)


def _place(entry: Entry) -> tuple[str, str]:
    return entry.date, entry.id
