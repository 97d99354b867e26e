"""What the newest look at each key of ContentBucket found."""

from dataclasses import dataclass

from presswork.aws.table import Attr, Put, Table, Update, Write
from presswork.state import Source

_SK = "SRC"


@dataclass(frozen=True)
class Sources:
    """Items `SRC#<key>` / `SRC`: the fields of `Source`; `lock` guards every write."""

    table: Table

    def read(self, key: str) -> Source | None:
        """What is known of a key, or None if it was never looked at."""
        item = self.table.get(f"SRC#{key}", _SK)
        return None if item is None else Source.model_validate(item)

    def put(self, source: Source) -> Write:
        """Writes the outcome of a look, provided that no other look was finished meanwhile."""
        unlocked = (
            Attr("lock").not_exists() if source.lock == 1 else Attr("lock").eq(source.lock - 1)
        )
        item = {"PK": f"SRC#{source.key}", "SK": _SK} | source.model_dump(mode="json")
        return Put(item, unlocked)

    def settled(self, source: Source) -> Write:
        """Forgets whom to wake and what was left, provided that no later look was finished."""
        return Update(
            f"SRC#{source.key}", _SK, {"wake": [], "former": []}, Attr("lock").eq(source.lock)
        )
