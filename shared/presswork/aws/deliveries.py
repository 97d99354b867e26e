"""What was told to whom: a promise kept without end, so that nobody is told twice."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from presswork import messages
from presswork.aws.conflicts import Changed
from presswork.aws.lists import Lists, stamp
from presswork.aws.table import Attr, ConditionBase, Delete, Item, Put, Table, Update, Wanted, Write
from presswork.messages import Message
from presswork.post import Model
from presswork.state import SETTLED, Delivery, Progress, Subject

CHANNELS = ("mail", "hook")
AN_HOUR = 5

UNSETTLED = "telling"
"""The work list of what was begun and has not come to an end, with the message that begins it."""

LEFT_TO_SQS = timedelta(minutes=45)
"""How long what fails is left to its message, which comes ten times, six minutes apart.

After that it is acknowledged, so that it is no dead letter: maintain has it told again.
"""


def digest_list(channel: str) -> str:
    """The work list of posts put off to a channel's next digest."""
    return f"digest:{channel}"


class Note(Model):
    """That something was told: on the channel `subject`, or in a mail of that subject."""

    subject: str
    progress: Progress = Progress.SENT
    time: datetime


@dataclass(frozen=True)
class Hour:
    """When an hour began, and the item that counts what was told in it on a channel, as read."""

    begun: datetime
    counter: Item | None


@dataclass(frozen=True)
class DeliveryLog:
    """Items `TOLD#<name>` of each telling: the fields of `Subject` and of `Delivery`, no TTL.

    That of a post on a channel stands in `POST#<id>` and in `CLAIM#<path>`; a digest's is in
    `TOLD#<channel>`, an author's mail in `POST#<id>` or `SITE`. `LIST#telling` holds the message
    that begins each one anew, until it is settled. `TOLD#<channel>` / `<hour>` counts what was told
    in that hour; `LIST#digest:<channel>` holds what was put off.
    """

    table: Table

    def read(self, subject: Subject) -> Delivery | None:
        """How far it has come: of a post, or of its path by another post."""
        for pk in _partitions(subject):
            item = self.table.get(pk, f"TOLD#{subject.name}")
            if item is not None:
                return _delivery(subject, item)
        return None

    def untold(self, subjects: Iterable[Subject], now: datetime) -> dict[Subject, Hour]:
        """Those of which nothing is noted, each with the hour of its channel; read in one call."""
        subjects = tuple(subjects)
        notes = [(pk, f"TOLD#{each.name}") for each in subjects for pk in _partitions(each)]
        begun = _hour(now)
        counters = [(f"TOLD#{each.channel}", stamp(begun)) for each in subjects]
        found = dict(zip((*notes, *counters), self.table.get_many(*notes, *counters), strict=True))
        return {
            each: Hour(begun, found[f"TOLD#{each.channel}", stamp(begun)])
            for each in subjects
            if not any(found[pk, f"TOLD#{each.name}"] for pk in _partitions(each))
        }

    def promise(
        self, subject: Subject, now: datetime, again: Message, hour: Hour | None = None
    ) -> Delivery | None:
        """Promises to tell, of a sixth post in an hour in the next digest; None if that was done.

        `again` is what has it told if this worker dies. `hour` is as it was read before, if it was.
        """
        while True:
            extra, progress = self._room(subject, now, again, hour)
            delivery = Delivery(subject=subject, progress=progress, time=now, since=now)
            try:
                self.table.write(*_puts(delivery), *extra)
            except Changed:
                if self.read(subject) is not None:
                    return None
                hour = None
            else:
                return delivery

    def _room(
        self, subject: Subject, now: datetime, again: Message, hour: Hour | None
    ) -> tuple[list[Write], Progress]:
        """What is written besides a promise, which is put off when the hour has no room for it."""
        lists = Lists(self.table)
        if subject.posts:  # they stand in the digest's own list until it is settled
            return [], Progress.SENDING
        work = lists.put_work(UNSETTLED, now, _id(subject), again.model_dump_json())
        if not subject.channel:
            return [work], Progress.SENDING
        channel, begun = subject.channel, _hour(now)
        if hour is None or hour.begun != begun:
            hour = Hour(begun, self.table.get(f"TOLD#{channel}", stamp(begun)))
        counter = hour.counter
        if counter is not None and int(counter["count"]) >= AN_HOUR:
            due = begun + timedelta(hours=1)
            work = lists.put_work(digest_list(channel), due, subject.post, subject.post)
            return [work], Progress.PUT_OFF
        return [work, _count(channel, begun, counter)], Progress.SENDING

    def resume(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Takes up what failed or was left; None when another worker did."""
        as_read = Attr("progress").eq(delivery.progress.value)
        taken = delivery.model_copy(update={"progress": Progress.SENDING, "time": now})
        try:
            self._move(taken, as_read & Attr("time").eq(stamp(delivery.time)))
        except Changed:
            return None
        return taken

    def finish(self, delivery: Delivery, progress: Progress) -> None:
        """Notes how far it came, unless another worker has taken it up since."""
        moved = delivery.model_copy(update={"progress": progress})
        work = Lists(self.table).delete_work(UNSETTLED, delivery.since, _id(delivery.subject))
        settled = [work] if progress in SETTLED else []
        try:
            self._move(moved, Attr("time").eq(stamp(delivery.time)), *settled)
        except Changed:
            return

    def _move(self, delivery: Delivery, condition: ConditionBase, *more: Write) -> None:
        subject = delivery.subject
        values = {name: _stored(delivery)[name] for name in ("progress", "time", "since")}
        writes = [
            Update(pk, f"TOLD#{subject.name}", values, condition) for pk in _partitions(subject)
        ]
        self.table.write(*writes, *more)

    def forget(self, delivery: Delivery) -> None:
        """Takes a note away, unless another worker has taken it up since.

        Nothing was told after all; or a digest was, and each of its posts has noted that.
        """
        subject = delivery.subject
        as_read = Attr("PK").not_exists() | Attr("time").eq(stamp(delivery.time))
        notes = [Delete(pk, f"TOLD#{subject.name}", as_read) for pk in _partitions(subject)]
        work = Lists(self.table).delete_work(UNSETTLED, delivery.since, _id(subject))
        try:
            self.table.write(*notes, work)
        except Changed:
            return

    def deferred(self, post: str, channel: str) -> Delivery | None:
        """The announcement of a post that waits for a digest."""
        delivery = self.of_post(post, channel)
        return delivery if delivery and delivery.progress is Progress.PUT_OFF else None

    def of_post(self, post: str, channel: str) -> Delivery | None:
        """The announcement of a post on a channel, whatever path it had."""
        return self.table.read(self.wanted(post, channel))

    @staticmethod
    def wanted(post: str, channel: str) -> Wanted[Delivery | None]:
        """The note of a post's announcement, to be read together with others."""
        subject = Subject.announcement(post, "", channel)
        return Wanted(
            f"POST#{post}",
            f"TOLD#{channel}",
            lambda item: _delivery(subject, item) if item else None,
        )

    def unsettled(self, before: datetime, limit: int) -> Iterator[Message]:
        """What begins those tellings anew that were promised before, and have no end."""
        for work in Lists(self.table).due(UNSETTLED, before, limit=limit):
            yield messages.read(json.loads(work.content))

    def notes(self, post: str) -> Iterator[Note]:
        """All that was told of a post, on channels and to its author."""
        for item in self.table.query(f"POST#{post}", prefix="TOLD#"):
            yield Note.model_validate({"subject": str(item["SK"]).removeprefix("TOLD#"), **item})


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _partitions(subject: Subject) -> tuple[str, ...]:
    """Where a telling is noted: each of them may be looked it up by."""
    if subject.path:
        return f"POST#{subject.post}", f"CLAIM#{subject.path}"
    if subject.post:
        return (f"POST#{subject.post}",)
    return (f"TOLD#{subject.channel}" if subject.channel else "SITE",)


def _id(subject: Subject) -> str:
    return f"{_partitions(subject)[0]}#{subject.name}"


def _delivery(subject: Subject, item: Item) -> Delivery:
    """A telling as it is noted; notes of older software say less."""
    noted = {name: item[name] for name in ("post", "path", "posts") if name in item}
    return Delivery(
        subject=Subject.model_validate(subject.model_dump() | noted),
        progress=Progress(item.get("progress", Progress.SENT)),
        time=item["time"],
        since=item.get("since", item["time"]),
    )


def _stored(delivery: Delivery) -> dict[str, object]:
    times = {"time": stamp(delivery.time), "since": stamp(delivery.since)}
    progress = {"progress": delivery.progress.value}
    return delivery.subject.model_dump(mode="json", exclude={"name"}) | progress | times


def _puts(delivery: Delivery) -> list[Write]:
    sk = f"TOLD#{delivery.subject.name}"
    return [
        Put({"PK": pk, "SK": sk} | _stored(delivery), Attr("PK").not_exists())
        for pk in _partitions(delivery.subject)
    ]


def _count(channel: str, hour: datetime, counter: Item | None) -> Write:
    count = int(counter["count"]) if counter else 0
    condition = Attr("count").eq(count) if counter else Attr("PK").not_exists()
    kept_until = int((hour + timedelta(days=2)).timestamp())
    item = {"PK": f"TOLD#{channel}", "SK": stamp(hour), "count": count + 1, "ttl": kept_until}
    return Put(item, condition)
