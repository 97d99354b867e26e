"""How far the newest backfill has come."""

from dataclasses import dataclass

from presswork.aws.table import Put, Table
from presswork.state import BackfillState

_PK, _SK = "SITE", "BACKFILL"


@dataclass(frozen=True)
class Backfills:
    """The item `SITE` / `BACKFILL`: the fields of `BackfillState`; no page is left out for it."""

    table: Table

    def read(self) -> BackfillState | None:
        """The newest backfill."""
        item = self.table.get(_PK, _SK)
        return None if item is None else BackfillState.model_validate(item)

    def note(self, state: BackfillState) -> None:
        """Writes how far a backfill has come."""
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json")))
