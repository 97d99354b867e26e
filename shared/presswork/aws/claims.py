"""Who holds each path and explicit id, and who waits for it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from presswork.aws.table import Attr, Check, ConditionBase, Delete, Put, Table, Wanted, Write
from presswork.state import Holder

_HOLDER = "HOLDER"


@dataclass(frozen=True)
class Claims:
    """Items `CLAIM#<path or id>`: `HOLDER`, a `Holder`; `WAIT#<hash of key>` with `key`."""

    table: Table

    def read(self, name: str) -> Holder | None:
        """The holder of a claim, present or last."""
        return self.table.read(self.wanted(name))

    @staticmethod
    def wanted(name: str) -> Wanted[Holder | None]:
        """The item of a claim, to be read together with others."""
        return Wanted(
            f"CLAIM#{name}", _HOLDER, lambda item: Holder.model_validate(item) if item else None
        )

    def waiters(self, name: str, *, limit: int | None = None) -> Iterator[str]:
        """The keys that wait for a claim."""
        for item in self.table.query(f"CLAIM#{name}", prefix="WAIT#", limit=limit):
            yield str(item["key"])

    def put(self, name: str, old: Holder | None, new: Holder) -> Write:
        """Writes a holder, provided that the claim is as read."""
        item = {"PK": f"CLAIM#{name}", "SK": _HOLDER}
        return Put(item | new.model_dump(mode="json", exclude_none=True), _as_read(old))

    def check(self, name: str, old: Holder | None) -> Write:
        """Holds a transaction to the claim being as read."""
        return Check(f"CLAIM#{name}", _HOLDER, _as_read(old))

    def forget(self, name: str, old: Holder) -> Write:
        """Takes a claim away, provided that it is as read."""
        return Delete(f"CLAIM#{name}", _HOLDER, _as_read(old))

    def wait(self, name: str, key: str) -> Write:
        """Makes a key wait for a claim."""
        return Put({"PK": f"CLAIM#{name}", "SK": _waiter(key), "key": key})

    def stop_waiting(self, name: str, key: str) -> Write:
        """Ends a key's wait."""
        return Delete(f"CLAIM#{name}", _waiter(key))

    def end_wait(self, name: str, key: str) -> Write:
        """Ends a key's wait, provided that it still waits."""
        return Delete(f"CLAIM#{name}", _waiter(key), Attr("PK").exists())


def _waiter(key: str) -> str:
    return f"WAIT#{hashlib.sha256(key.encode()).hexdigest()}"


def _as_read(holder: Holder | None) -> ConditionBase:
    if holder is None:
        return Attr("PK").not_exists()
    author = Attr("author")
    return (
        Attr("post").eq(holder.post)
        & Attr("source").eq(holder.source)
        & Attr("held").eq(holder.held)
        & (author.eq(holder.author) if holder.author else author.not_exists())
    )
