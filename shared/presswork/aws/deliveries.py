"""What was announced to whom: a promise kept without end, so that nobody is told twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from presswork.aws.changed import Changed
from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, Delete, Item, Put, Table, Update, Write
from presswork.post import Model

CHANNELS = ("mail", "hook")
AN_HOUR = 5


def digest_list(channel: str) -> str:
    """The work list of posts put off to a channel's next digest."""
    return f"digest:{channel}"


class Progress(StrEnum):
    """How far an announcement has come; put off means to the next digest."""

    SENDING = "sending"
    FAILED = "failed"
    SENT = "sent"
    REFUSED = "refused"
    PUT_OFF = "put off"


class Delivery(Model):
    """One announcement of a post on one channel, the path it had, and when it was last begun."""

    post: str
    path: str
    channel: str
    progress: Progress
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

    def begin(self, post: str, path: str, channel: str, now: datetime) -> Delivery | None:
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
            telling = Delivery(post=post, path=path, channel=channel, progress=progress, time=now)
            try:
                self.table.write(*self._put(telling), extra)
            except Changed:
                continue
            return telling
        return None

    def again(self, telling: Delivery, now: datetime) -> bool:
        """Takes up an announcement that failed or was left; False when another worker did."""
        moved = {"progress": Progress.SENDING.value, "time": stamp(now)}
        condition = Attr("progress").eq(telling.progress.value) & Attr("time").eq(
            stamp(telling.time)
        )
        writes = [
            Update(pk, f"TOLD#{telling.channel}", moved, condition)
            for pk in _partitions(telling.post, telling.path)
        ]
        try:
            self.table.write(*writes)
        except Changed:
            return False
        return True

    def move(self, telling: Delivery, progress: Progress) -> None:
        """Notes how the announcement ended."""
        moved = {"progress": progress.value}
        sk = f"TOLD#{telling.channel}"
        partitions = _partitions(telling.post, telling.path)
        self.table.write(*(Update(pk, sk, moved) for pk in partitions))

    def once(self, pk: str, what: str, now: datetime) -> bool:
        """Notes that something was told that is told at most once; False when it was before."""
        item = {"PK": pk, "SK": f"TOLD#{what}", "time": stamp(now)}
        try:
            self.table.write(Put(item, Attr("PK").not_exists()))
        except Changed:
            return False
        return True

    def undo(self, pk: str, what: str) -> None:
        """Forgets a note of `once`: nothing was told after all."""
        self.table.write(Delete(pk, f"TOLD#{what}"))

    def put_off(self, post: str, channel: str) -> Delivery | None:
        """The announcement of a post that waits for a digest."""
        item = self.table.get(f"POST#{post}", f"TOLD#{channel}")
        telling = None if item is None else Delivery.model_validate(item)
        return telling if telling and telling.progress is Progress.PUT_OFF else None

    def _put(self, telling: Delivery) -> list[Write]:
        fields = telling.model_dump(mode="json") | {"time": stamp(telling.time)}
        return [
            Put({"PK": pk, "SK": f"TOLD#{telling.channel}"} | fields, Attr("PK").not_exists())
            for pk in _partitions(telling.post, telling.path)
        ]


def _partitions(post: str, path: str) -> tuple[str, str]:
    return f"POST#{post}", f"CLAIM#{path}"


def _count(channel: str, hour: datetime, counter: Item | None) -> Write:
    count = int(counter["count"]) if counter else 0
    condition = Attr("count").eq(count) if counter else Attr("PK").not_exists()
    kept_until = int((hour + timedelta(days=2)).timestamp())
    item = {"PK": f"TOLD#{channel}", "SK": stamp(hour), "count": count + 1, "ttl": kept_until}
    return Put(item, condition)
