"""How far the newest sweep of the content has come."""

from dataclasses import dataclass
from datetime import datetime

from presswork.aws.table import Put, Table
from presswork.post import Model

_PK, _SK = "SITE", "SWEEP"


class BackfillState(Model):
    """A sweep for one `furnishing`: `sent` posts were sent on by `at`, the last one `cursor`."""

    furnishing: str
    cursor: str = ""
    sent: int = 0
    at: datetime
    done: bool = False


@dataclass(frozen=True)
class Backfills:
    """The item `SITE` / `SWEEP`: the fields of `BackfillState`; a note, which nothing relies on."""

    table: Table

    def read(self) -> BackfillState | None:
        """The newest sweep."""
        item = self.table.get(_PK, _SK)
        return None if item is None else BackfillState.model_validate(item)

    def note(self, state: BackfillState) -> None:
        """Writes how far a sweep has come."""
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json")))
