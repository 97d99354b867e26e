"""Which lists are split: their members decide, and a record says so to all who make objects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from presswork import site
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.posts import Posts
from presswork.settings import Site
from presswork.stages.index.members import Members
from presswork.state import PostState
from presswork.tasks import Task, UpdateMonth, UpdateParts

Note = Callable[[Iterable[Task]], None]


class OutboxMoved(Exception):
    """Somebody else wrote to the outbox of a post: all that was read of the post is to be anew."""


@dataclass
class Notes:
    """What is found to do for a post besides its lists, kept in its outbox until it is listed."""

    posts: Posts
    post: PostState

    def __call__(self, tasks: Iterable[Task]) -> None:
        """Keeps what is new; raises OutboxMoved when somebody else wrote to the outbox.

        No loop of a list catches that: it would begin again with the post as it was.
        """
        new = set(tasks) - set(self.post.pending_index.tasks)
        if not new:
            return
        try:
            self.post = self.posts.add(self.post, "pending_index", sorted(new, key=str))
        except Changed as error:
            raise OutboxMoved from error


@dataclass(frozen=True)
class Splits:
    """A list with more than `most` members is split; whoever changes one, settles its parts.

    Years and days are those of the settings' time zone. Made for one batch of changes, that were
    all done before: one that was found whole is not looked at again. The members of a
    list whose record is written are read anew.
    """

    members: Members
    settings: Site
    _whole: set[str] = field(default_factory=set)

    def settle(self, position: str, note: Note) -> tuple[str, ...]:
        """Makes the record right on the way to a position, and returns the lists that are there.

        The last of them is not split. What is to be done besides is noted before the record is
        written, so that it is done whatever happens to this worker: the parts of one that comes to
        be split or whole, and what names all periods.
        """
        found: list[str] = []
        for name, part in site.way_to(position):
            found.append(name)
            if part is None or name in self._whole:
                break
            if not self._is_split(name, part, note):
                self._whole.add(name)
                break
        return tuple(found)

    def _is_split(self, name: str, part: str, note: Note) -> bool:
        """Whether a list is split, once the record says so, too; `part` may have changed."""

        def attempt() -> bool:
            lists = self.members.lists
            recorded = lists.parts(name)
            parts = self._parts(name, part, recorded)
            if parts != recorded:
                inner = lists.inner_splits(name) if recorded and not parts else {}
                if tasks := _to_do(name, recorded, parts, inner):
                    note(tasks)
                self._record(name, recorded, parts, inner)
                raise Changed  # what it was made of may have: write, then look again
            return bool(parts)

        return retry_on_conflict(f"what {name} is split into", attempt)

    def _parts(
        self, name: str, part: str, recorded: tuple[str, ...] | None
    ) -> tuple[str, ...] | None:
        """What a list is to be split into: nothing, if it is a year that has posts and is whole."""
        most = self.members.most
        count = self._count(name, most + 1, is_split=bool(recorded))
        if count <= most:
            return () if count and site.is_year(name) else None
        if not recorded:
            return self._all_parts(name)
        others = {each for each in recorded if each != part}
        return tuple(sorted(others | ({part} if part and self._has_members(name, part) else set())))

    def _all_parts(self, name: str) -> tuple[str, ...]:
        possible = site.possible_parts(name)
        if not possible:
            letters = len(site.part_in(name)) + 1
            slugs = self.members.lists.terms(name)
            return tuple(sorted({slug[:letters] for slug in slugs if len(slug) >= letters}))
        return tuple(part for part in possible if self._has_members(name, part))

    def _has_members(self, name: str, part: str) -> bool:
        return self._count(site.part_of(name, part), 1, is_split=True) > 0

    def _count(self, name: str, limit: int, *, is_split: bool) -> int:
        within = site.bounds(self.settings, name)
        list = name if within is None else site.whole_list(name)
        return self.members.count(list, limit, within, is_split=is_split)

    def _record(
        self,
        name: str,
        recorded: tuple[str, ...] | None,
        parts: tuple[str, ...] | None,
        inner: Mapping[str, tuple[str, ...]],
    ) -> None:
        """What is in a list that comes to be whole is split no more; its own record goes last."""
        look, lists = self.members.look, self.members.lists
        self.members.forget(name)
        for each in sorted(inner, reverse=True):
            look.write(lists.split(each, inner[each], None))
        look.write(lists.split(name, recorded, parts))


def _to_do(
    name: str,
    recorded: tuple[str, ...] | None,
    parts: tuple[str, ...] | None,
    inner: Mapping[str, tuple[str, ...]],
) -> set[Task]:
    """What a new record calls for."""
    tasks: set[Task] = set()
    if name.startswith("period:"):
        tasks.add(UpdateMonth(month=site.month_in(site.part_in(name))))
    if bool(recorded) is not bool(parts):
        tasks.update(UpdateParts.of(each) for each in (name, *inner))
        if recorded and not site.possible_parts(name):
            splits = {name: recorded, **inner}
            lost = {site.part_of(each, part) for each in splits for part in splits[each]}
            tasks.update(map(UpdateParts.of, lost))
    return tasks
