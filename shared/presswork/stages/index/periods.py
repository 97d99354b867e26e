"""Which periods are split: their members decide, and a record says so to all who make objects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from presswork import site
from presswork.aws.changed import Changed
from presswork.aws.lists import Lists
from presswork.aws.posts import Posts
from presswork.aws.table import Table
from presswork.errors import RetryLater
from presswork.state import PostState

ROUNDS = 8

Note = Callable[[Iterable[str]], None]


@dataclass
class Notes:
    """What is to be done for a post besides its lists, kept with the post until it is listed."""

    posts: Posts
    post: PostState

    def __call__(self, names: Iterable[str]) -> None:
        """Keeps what is new; raises RetryLater when another worker keeps notes of the post."""
        more = set(names) - set(self.post.turning)
        if not more:
            return
        try:
            self.post = self.posts.turn(self.post, more)
        except Changed as error:
            raise RetryLater(f"post {self.post.id} is listed by another worker") from error


@dataclass(frozen=True)
class Periods:
    """A period with more than `most` members is split; whoever changes one, settles its periods."""

    table: Table
    most: int

    def settle(self, place: str, note: Note) -> tuple[str, ...]:
        """Makes the record right on the way to a place, and returns the periods that are there.

        The last of them is not split. What is to be done besides is noted before the record is
        written, so that it is done whatever happens to this worker: `turn:<period>` for the parts
        of one that comes to be split or whole, `archive:<month>` for what names all periods.
        """
        periods = site.periods_to(place)
        for depth, (period, part) in enumerate(pairwise(periods), start=1):
            if not self._is_split(period, part, note):
                return periods[:depth]
        return periods

    def _is_split(self, period: str, part: str, note: Note) -> bool:
        """Whether a period is split, once the record says so, too; `part` may have changed."""
        lists = Lists(self.table)
        for _ in range(ROUNDS):
            recorded = lists.parts(period)
            parts = self._parts(period, part, recorded)
            if parts == recorded:
                return parts is not None
            inner = lists.splits(period) if parts is None else {}
            note(_to_do(period, recorded, parts, inner))
            try:
                self._record(period, recorded, parts, inner)
            except Changed:
                continue
        raise RetryLater(f"what {period} is split into kept changing for {ROUNDS} rounds")

    def _parts(
        self, period: str, part: str, recorded: tuple[str, ...] | None
    ) -> tuple[str, ...] | None:
        lists = Lists(self.table)
        if not lists.is_longer(f"period:{period}", self.most):
            return None
        if recorded is None:
            return tuple(filter(self._has_members, site.parts_of(period)))
        others = {each for each in recorded if each != part}
        return tuple(sorted(others | ({part} if self._has_members(part) else set())))

    def _has_members(self, period: str) -> bool:
        return Lists(self.table).is_longer(f"period:{period}", 0)

    def _record(
        self,
        period: str,
        recorded: tuple[str, ...] | None,
        parts: tuple[str, ...] | None,
        inner: Mapping[str, tuple[str, ...]],
    ) -> None:
        """What is in a period that comes to be whole is split no more; its own record goes last."""
        lists = Lists(self.table)
        for each in sorted(inner.keys() - {period}, reverse=True):
            self.table.write(lists.split(each, inner[each], None))
        self.table.write(lists.split(period, recorded, parts))


def _to_do(
    period: str,
    recorded: tuple[str, ...] | None,
    parts: tuple[str, ...] | None,
    inner: Iterable[str],
) -> set[str]:
    """What a new record calls for."""
    named = {f"archive:{site.month_in(period)}"}
    if recorded is not None and parts is not None:
        return named
    return named | {f"turn:{each}" for each in (period, *inner)}
