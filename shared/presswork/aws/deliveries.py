"""What was announced to whom: a promise kept without end, so that nobody is told twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from presswork.aws.conflicts import Changed
from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, Delete, Item, Put, Table, Update, Write
from presswork.post import Model
from presswork.state import Delivery, Progress

CHANNELS = ("mail", "hook")
AN_HOUR = 5


def digest_list(channel: str) -> str:
    """The work list of posts put off to a channel's next digest."""
    return f"digest:{channel}"


class Note(Model):
    """That something was told: on the channel `subject`, or in a mail of that subject."""

    subject: str
    progress: Progress = Progress.SENT
    time: datetime


@dataclass(frozen=True)
class DeliveryLog:
    """Items `POST#<id>` and `CLAIM#<path>` / `TOLD#<channel>`: the fields of `Delivery`, no TTL.

    `TOLD#<channel>` / `<hour>` counts what was told in that hour; `LIST#digest:<channel>` holds
    what was put off.
    """

    table: Table

    def read(self, post: str, path: str, channel: str) -> Delivery | None:
        """The announcement made of a post, or of its path by another post."""
        for pk in _partitions(post, path):
            item = self.table.get(pk, f"TOLD#{channel}")
            if item is not None:
                return Delivery.model_validate(item)
        return None

    def promise(self, post: str, path: str, channel: str, now: datetime) -> Delivery | None:
        """Promises an announcement, a sixth in an hour for the next digest; None if one stands."""
        while self.read(post, path, channel) is None:
            hour = now.replace(minute=0, second=0, microsecond=0)
            counter = self.table.get(f"TOLD#{channel}", stamp(hour))
            if counter is not None and int(counter["count"]) >= AN_HOUR:
                progress = Progress.PUT_OFF
                due = hour + timedelta(hours=1)
                extra = Lists(self.table).put_work(digest_list(channel), due, post, post)
            else:
                progress = Progress.SENDING
                extra = _count(channel, hour, counter)
            delivery = Delivery(post=post, path=path, channel=channel, progress=progress, time=now)
            try:
                self.table.write(*self._put(delivery), extra)
            except Changed:
                continue
            return delivery
        return None

    def resume(self, delivery: Delivery, now: datetime) -> bool:
        """Takes up an announcement that failed or was left; False when another worker did."""
        moved = {"progress": Progress.SENDING.value, "time": stamp(now)}
        condition = Attr("progress").eq(delivery.progress.value) & Attr("time").eq(
            stamp(delivery.time)
        )
        writes = [
            Update(pk, f"TOLD#{delivery.channel}", moved, condition)
            for pk in _partitions(delivery.post, delivery.path)
        ]
        try:
            self.table.write(*writes)
        except Changed:
            return False
        return True

    def finish(self, delivery: Delivery, progress: Progress) -> None:
        """Notes how the announcement ended."""
        moved = {"progress": progress.value}
        sk = f"TOLD#{delivery.channel}"
        partitions = _partitions(delivery.post, delivery.path)
        self.table.write(*(Update(pk, sk, moved) for pk in partitions))

    def is_first(
        self, subject: str, now: datetime, *, post: str | None = None, channel: str | None = None
    ) -> bool:
        """Whether something told at most once was not told before; from now on it was."""
        pk, sk = _once(subject, post, channel)
        item = {"PK": pk, "SK": sk, "time": stamp(now)}
        try:
            self.table.write(Put(item, Attr("PK").not_exists()))
        except Changed:
            return False
        return True

    def forget(self, subject: str, *, post: str | None = None, channel: str | None = None) -> None:
        """Takes a note of `is_first` back: nothing was told after all."""
        self.table.write(Delete(*_once(subject, post, channel)))

    def deferred(self, post: str, channel: str) -> Delivery | None:
        """The announcement of a post that waits for a digest."""
        item = self.table.get(f"POST#{post}", f"TOLD#{channel}")
        delivery = None if item is None else Delivery.model_validate(item)
        return delivery if delivery and delivery.progress is Progress.PUT_OFF else None

    def notes(self, post: str) -> Iterator[Note]:
        """All that was told of a post, on channels and to its author."""
        for item in self.table.query(f"POST#{post}", prefix="TOLD#"):
            yield Note.model_validate({"subject": str(item["SK"]).removeprefix("TOLD#"), **item})

    def _put(self, delivery: Delivery) -> list[Write]:
        fields = delivery.model_dump(mode="json") | {"time": stamp(delivery.time)}
        return [
            Put({"PK": pk, "SK": f"TOLD#{delivery.channel}"} | fields, Attr("PK").not_exists())
            for pk in _partitions(delivery.post, delivery.path)
        ]


def _once(subject: str, post: str | None, channel: str | None) -> tuple[str, str]:
    """Where a note stands: with a post, with a channel, or with the site."""
    named = f"POST#{post}" if post else f"TOLD#{channel}"
    return named if post or channel else "SITE", f"TOLD#{subject}"


def _partitions(post: str, path: str) -> tuple[str, str]:
    return f"POST#{post}", f"CLAIM#{path}"


def _count(channel: str, hour: datetime, counter: Item | None) -> Write:
    count = int(counter["count"]) if counter else 0
    condition = Attr("count").eq(count) if counter else Attr("PK").not_exists()
    kept_until = int((hour + timedelta(days=2)).timestamp())
    item = {"PK": f"TOLD#{channel}", "SK": stamp(hour), "count": count + 1, "ttl": kept_until}
    return Put(item, condition)
