"""Which periods are split: their members decide, and a record says so to all who make objects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from presswork import site
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.posts import Posts
from presswork.aws.stores import Stores
from presswork.errors import RetryLater
from presswork.state import PostState
from presswork.tasks import Task, UpdateMonth, UpdateParts

Note = Callable[[Iterable[Task]], None]


@dataclass
class Notes:
    """What is found to do for a post besides its lists, kept in its outbox until it is listed."""

    posts: Posts
    post: PostState

    def __call__(self, tasks: Iterable[Task]) -> None:
        """Keeps what is new; raises RetryLater when another worker writes to the outbox."""
        new = set(tasks) - set(self.post.pending_index.tasks)
        if not new:
            return
        try:
            self.post = self.posts.add(self.post, "pending_index", sorted(new, key=str))
        except Changed as error:
            raise RetryLater(f"post {self.post.id} is listed by another worker") from error


@dataclass(frozen=True)
class Periods:
    """A period with more than `most` members is split; whoever changes one, settles its periods."""

    stores: Stores
    most: int

    def settle(self, place: str, note: Note) -> tuple[str, ...]:
        """Makes the record right on the way to a place, and returns the periods that are there.

        The last of them is not split. What is to be done besides is noted before the record is
        written, so that it is done whatever happens to this worker: the parts of one that comes to
        be split or whole, and what names all periods.
        """
        periods = site.periods_to(place)
        for depth, (period, part) in enumerate(pairwise(periods), start=1):
            if not self._is_split(period, part, note):
                return periods[:depth]
        return periods

    def _is_split(self, period: str, part: str, note: Note) -> bool:
        """Whether a period is split, once the record says so, too; `part` may have changed."""

        def attempt() -> bool:
            recorded = self.stores.lists.parts(period)
            parts = self._parts(period, part, recorded)
            if parts != recorded:
                inner = self.stores.lists.splits(period) if parts is None else {}
                note(_to_do(period, recorded, parts, inner))
                self._record(period, recorded, parts, inner)
                raise Changed  # what it was made of may have: write, then look again
            return parts is not None

        return retry_on_conflict(f"what {period} is split into", attempt)

    def _parts(
        self, period: str, part: str, recorded: tuple[str, ...] | None
    ) -> tuple[str, ...] | None:
        if not self.stores.lists.is_longer(f"period:{period}", self.most):
            return None
        if recorded is None:
            return tuple(filter(self._has_members, site.parts_of(period)))
        others = {each for each in recorded if each != part}
        return tuple(sorted(others | ({part} if self._has_members(part) else set())))

    def _has_members(self, period: str) -> bool:
        return self.stores.lists.is_longer(f"period:{period}", 0)

    def _record(
        self,
        period: str,
        recorded: tuple[str, ...] | None,
        parts: tuple[str, ...] | None,
        inner: Mapping[str, tuple[str, ...]],
    ) -> None:
        """What is in a period that comes to be whole is split no more; its own record goes last."""
        lists = self.stores.lists
        for each in sorted(inner.keys() - {period}, reverse=True):
            self.stores.write(lists.split(each, inner[each], None))
        self.stores.write(lists.split(period, recorded, parts))


def _to_do(
    period: str,
    recorded: tuple[str, ...] | None,
    parts: tuple[str, ...] | None,
    inner: Iterable[str],
) -> set[Task]:
    """What a new record calls for."""
    tasks: set[Task] = {UpdateMonth(month=site.month_in(period))}
    if recorded is None or parts is None:
        tasks.update(UpdateParts(period=each) for each in (period, *inner))
    return tasks
