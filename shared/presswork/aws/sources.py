"""What the newest look at each key of ContentBucket found."""

from dataclasses import dataclass
from typing import Self

from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, Put, Table, Update, Wanted, Write
from presswork.state import Source
from presswork.tasks import CheckKeyAt

_SK = "SRC"


@dataclass(frozen=True)
class Sources:
    """Items `SRC#<key>` / `SRC`: the fields of `Source`; `lock_version` guards every write."""

    table: Table

    @classmethod
    def from_env(cls) -> Self:
        """What the table named by TABLE_NAME knows of each key."""
        return cls(Table.from_env())

    def read(self, key: str) -> Source | None:
        """What is known of a key, or None if it was never looked at."""
        return self.table.read(self.wanted(key))

    @staticmethod
    def wanted(key: str) -> Wanted[Source | None]:
        """The item of a key, to be read together with others."""
        return Wanted(f"SRC#{key}", _SK, lambda item: Source.model_validate(item) if item else None)

    def put(self, source: Source) -> Write:
        """Writes the outcome of a look, provided that no other look was finished meanwhile."""
        as_read = Attr("lock_version").eq(source.lock_version - 1)
        unlocked = Attr("lock_version").not_exists() if source.lock_version == 1 else as_read
        fields = source.model_dump(mode="json", exclude={"pending"})
        fields["pending"] = source.pending.stored()
        return Put({"PK": f"SRC#{source.key}", "SK": _SK} | fields, unlocked)

    def clear(self, source: Source) -> None:
        """Takes the tasks of a look away, now that they are done; not the look that is to come.

        Nothing happens when a later look was finished meanwhile: it has them done again.
        """
        done = [task for task in source.pending.known if not isinstance(task, CheckKeyAt)]
        if not done:
            return
        values = {"pending": source.pending.clear(done).stored()}
        unlocked = Attr("lock_version").eq(source.lock_version)
        try:
            self.table.write(Update(f"SRC#{source.key}", _SK, values, unlocked))
        except Changed:
            return
