"""The members of each list, in the order of their dates; and work that falls due at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from presswork.aws.table import Attr, Check, Delete, Item, Put, Table, Write
from presswork.post import Card

GONE = "gone"
"""The list of posts that were live and are no more; members are ids alone."""

DUE = "due"
"""The work list of posts that are to be looked at when their time has come."""


def stamp(time: datetime) -> str:
    """A UTC instant in fixed width, so that text order is time order."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def place(date: datetime, id: str) -> str:
    """Where a post stands in each of its lists: their sort key."""
    return f"{stamp(date)}#{id}"


@dataclass(frozen=True)
class Lists:
    """Items `LIST#<list>` / `<date>#<id>`: `card` (the fields of `Card`), `words` and `mark`.

    A mark changes with all that readers see of its post. `leads` says that the list is the one
    that the post's related ones are taken from.
    Work lists (`due`, `owed`) have the time of the work as date, and `key` or `url` as content;
    `LIST#months` / `<YYYY-MM>` names the months that have members.
    """

    table: Table

    def newest(self, name: str, limit: int | None = None) -> Iterator[Item]:
        """The members of a list, newest first."""
        return self.table.query(f"LIST#{name}", newest_first=True, limit=limit)

    def key(self, name: str, card: Card) -> tuple[str, str]:
        """Where a card stands: the list's partition, and the sort key of its date."""
        return f"LIST#{name}", place(card.date, card.id)

    def newer(self, name: str, at: str, limit: int) -> Iterator[Item]:
        """The members next to a place, the nearest first."""
        return self.table.query(f"LIST#{name}", above=at, limit=limit)

    def older(self, name: str, at: str, limit: int) -> Iterator[Item]:
        """The members next to a place on its other side, the nearest first."""
        return self.table.query(f"LIST#{name}", below=at, newest_first=True, limit=limit)

    def put_member(self, name: str, card: Card, words: str, mark: str, *, leads: bool) -> Write:
        """Adds a card to a list, or brings it up to date."""
        pk, sk = self.key(name, card)
        return Put(
            {
                "PK": pk,
                "SK": sk,
                "card": card.model_dump(mode="json"),
                "words": words,
                "mark": mark,
                "leads": leads,
            }
        )

    def delete_member(self, name: str, card: Card) -> Write:
        """Takes a card out of a list."""
        return Delete(*self.key(name, card))

    def has_month(self, month: str) -> bool:
        """Whether the list of months names this one."""
        return self.table.get("LIST#months", month) is not None

    def put_month(self, month: str) -> Write:
        """Names a month that has members."""
        return Put({"PK": "LIST#months", "SK": month})

    def check_month(self, month: str) -> Write:
        """Holds a transaction to a month being named."""
        return Check("LIST#months", month, Attr("PK").exists())

    def delete_month(self, month: str) -> Write:
        """Forgets a month that has no members left."""
        return Delete("LIST#months", month)

    def previous_month(self, month: str) -> str | None:
        """The newest month with members before this one."""
        earlier = self.table.query("LIST#months", below=month, newest_first=True, limit=1)
        return next((str(item["SK"]) for item in earlier), None)

    def next_month(self, month: str) -> str | None:
        """The oldest month with members after this one."""
        later = self.table.query("LIST#months", above=month, limit=1)
        return next((str(item["SK"]) for item in later), None)

    def months(self) -> tuple[str, ...]:
        """The months that have members, oldest first."""
        return tuple(str(item["SK"]) for item in self.table.query("LIST#months"))

    def put_gone(self, id: str) -> Write:
        """Notes a post whose pages say that it is gone."""
        return Put({"PK": f"LIST#{GONE}", "SK": id})

    def delete_gone(self, id: str) -> Write:
        """Strikes out a post that is live again."""
        return Delete(f"LIST#{GONE}", id)

    def members(self, name: str, *, after: str, limit: int) -> Iterator[str]:
        """The sort keys of a list behind one of them, in their order."""
        for item in self.table.query(f"LIST#{name}", above=after or "\0", limit=limit):
            yield str(item["SK"])

    def put_work(self, name: str, time: datetime, id: str, content: str) -> Write:
        """Notes work that falls due at a time."""
        item = {"PK": f"LIST#{name}", "SK": f"{stamp(time)}#{id}", "content": content}
        return Put(item)

    def delete_work(self, name: str, time: datetime, id: str) -> Write:
        """Strikes out work that was done or put off."""
        return Delete(f"LIST#{name}", f"{stamp(time)}#{id}")

    def delete(self, item: Item) -> Write:
        """Strikes out work as it was read."""
        return Delete(str(item["PK"]), str(item["SK"]))

    def due(self, name: str, now: datetime, limit: int | None = None) -> Iterator[Item]:
        """The work that is due at `now`, oldest first."""
        return self.table.query(f"LIST#{name}", below=f"{stamp(now)}#~", limit=limit)
