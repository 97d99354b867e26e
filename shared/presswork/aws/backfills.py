"""How far the newest sweep of the content has come."""

from dataclasses import dataclass
from datetime import datetime

from presswork.aws.table import Put, Table
from presswork.post import Model

_PK, _SK = "SITE", "SWEEP"


class SweepState(Model):
    """A sweep for one `furnishing`: `sent` posts were sent on by `at`, the last one `cursor`."""

    furnishing: str
    cursor: str = ""
    sent: int = 0
    at: datetime
    done: bool = False


@dataclass(frozen=True)
class Sweeps:
    """The item `SITE` / `SWEEP`: the fields of `SweepState`; a note, which nothing relies on."""

    table: Table

    def read(self) -> SweepState | None:
        """The newest sweep."""
        item = self.table.get(_PK, _SK)
        return None if item is None else SweepState.model_validate(item)

    def note(self, state: SweepState) -> None:
        """Writes how far a sweep has come."""
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json")))
