"""The outbox: work that an item of the table still owes, each task with its `kind`.

A task is written in one transaction with the state that calls for it, and cleared when it is done,
or when a newer one takes its place: whoever dies in between has the next one do it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, PlainValidator, TypeAdapter, ValidationError

from presswork.events import Type
from presswork.post import Model


class _Task(Model):
    """What is more than this software knows is no such task."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WakeWaiter(_Task):
    """One of the keys that wait for a claim is to be looked at again."""

    kind: Literal["wake_waiter"] = "wake_waiter"
    claim: str


class CheckKey(_Task):
    """A key is to be looked at again: it inherited a post."""

    kind: Literal["check_key"] = "check_key"
    key: str


class CheckKeyAt(_Task):
    """The key itself is to be looked at again at a time; the next look takes this away."""

    kind: Literal["check_key_at"] = "check_key_at"
    at: datetime


class ConvergePath(_Task):
    """A path that a post has forgotten is to show what it is now, most often nothing."""

    kind: Literal["converge_path"] = "converge_path"
    path: str


class AnnouncePost(_Task):
    """A post that the key fed before is to be announced."""

    kind: Literal["announce_post"] = "announce_post"
    post: str


class AnnounceRevision(_Task):
    """A revision of the post is to be announced by an event of this type."""

    kind: Literal["announce_revision"] = "announce_revision"
    type: Type
    revision: int


class ReleaseImage(_Task):
    """The post uses an image no more; `image` is its identity."""

    kind: Literal["release_image"] = "release_image"
    image: str


class ReleaseMedia(_Task):
    """The post shows media no more; `media` is the sha256 of their original, in hex."""

    kind: Literal["release_media"] = "release_media"
    media: str


class RefreshNeighbours(_Task):
    """The pages beside a position in a list are to be made again; `position` is its sort key."""

    kind: Literal["refresh_neighbours"] = "refresh_neighbours"
    list: str
    position: str


class RefreshReferrers(_Task):
    """The posts that link to a source by this handle are to be brought up to date."""

    kind: Literal["refresh_referrers"] = "refresh_referrers"
    handle: str


class UpdateList(_Task):
    """The objects of a list are to be made again; of a position in one, those on the way to it."""

    kind: Literal["update_list"] = "update_list"
    list: str


class UpdateMonth(_Task):
    """What names a month or its parts is to be made again: sitemap, years, months beside it."""

    kind: Literal["update_month"] = "update_month"
    month: str


class UpdatePageList(_Task):
    """What names a list of pages is to be made again; `part` is the list's own, one hex digit."""

    kind: Literal["update_page_list"] = "update_page_list"
    part: str


class UpdateParts(_Task):
    """The parts of a list that came to be split, or whole, are to be made or taken away.

    `period` is that of a list of the site's periods, or the name of another list.
    """

    kind: Literal["update_parts"] = "update_parts"
    period: str

    @classmethod
    def of(cls, list: str) -> "UpdateParts":
        """The task for a list by its name, such as `period:2021-11` or `tag:sea.2021`."""
        return cls(period=list.removeprefix("period:"))

    @property
    def list(self) -> str:
        """The name of the list."""
        return self.period if ":" in self.period or "." in self.period else f"period:{self.period}"


class InvalidatePath(_Task):
    """The caches are to forget a path."""

    kind: Literal["invalidate_path"] = "invalidate_path"
    path: str


class InvalidateMedia(_Task):
    """The caches are to forget media; `media` is the sha256 of their original, in hex."""

    kind: Literal["invalidate_media"] = "invalidate_media"
    media: str


class UnknownTask(Model):
    """A task that this software does not understand; kept, so that a rollback loses nothing."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str


KnownTask = (
    WakeWaiter
    | CheckKey
    | CheckKeyAt
    | ConvergePath
    | AnnouncePost
    | AnnounceRevision
    | ReleaseImage
    | ReleaseMedia
    | RefreshNeighbours
    | RefreshReferrers
    | UpdateList
    | UpdateMonth
    | UpdatePageList
    | UpdateParts
    | InvalidatePath
    | InvalidateMedia
)

_KNOWN: TypeAdapter[KnownTask] = TypeAdapter(
    Annotated[KnownTask, Discriminator("kind")], config=ConfigDict(defer_build=True)
)


def _read(value: Any) -> KnownTask | UnknownTask:
    try:
        return _KNOWN.validate_python(value)
    except ValidationError:
        return UnknownTask.model_validate(value)


Task = Annotated[KnownTask | UnknownTask, PlainValidator(_read)]


class Outbox(Model):
    """The tasks that one stage owes for one item; `version` grows with every write.

    `overtaken` says that some were called for while others were not done yet: a worker that has
    those in hand may write late.
    """

    version: int = 0
    tasks: tuple[Task, ...] = ()
    overtaken: bool = False

    @property
    def known(self) -> tuple[KnownTask, ...]:
        """The tasks that are to be done."""
        return tuple(task for task in self.tasks if not isinstance(task, UnknownTask))

    def add(self, *tasks: Task) -> "Outbox":
        """The outbox with these tasks besides, each once; a new version even when none is new."""
        both = tuple(dict.fromkeys((*self.tasks, *tasks)))
        return Outbox(version=self.version + 1, tasks=both, overtaken=self.overtaken)

    def overtake(self, *tasks: Task) -> "Outbox":
        """The outbox with what a change calls for, done or not what the one before called for."""
        overtaken = self.overtaken or bool(self.known)
        return self.add(*tasks).model_copy(update={"overtaken": overtaken})

    def clear(self, done: Iterable[Task]) -> "Outbox":
        """The outbox without the tasks that were done."""
        left = set(self.tasks) - set(done)
        tasks = tuple(task for task in self.tasks if task in left)
        return Outbox(version=self.version + 1, tasks=tasks)

    def stored(self) -> dict[str, Any]:
        """The outbox as the table holds it, unknown tasks to the letter."""
        tasks = [
            dict(task) if isinstance(task, UnknownTask) else task.model_dump(mode="json")
            for task in self.tasks
        ]
        overtaken = {"overtaken": True} if self.overtaken else {}
        return {"version": self.version, "tasks": tasks} | overtaken
