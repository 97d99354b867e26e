"""How many paths the caches were asked to forget in an hour: each is paid for by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from presswork.aws.conflicts import Changed
from presswork.aws.lists import stamp
from presswork.aws.table import Attr, Put, Table

AN_HOUR = 9
"""How many paths an hour has room for: all of three posts with two images each."""

_PK = "INVALIDATIONS"
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Invalidations:
    """The items `INVALIDATIONS` / `<hour>`: the number of `paths`; they go by TTL after a day."""

    table: Table

    def has_room(self, paths: int, now: datetime) -> bool:
        """Whether the hour has room for so many more paths; if so they are counted.

        Who meets another worker there is told that it has none: many are at work.
        """
        if paths > AN_HOUR:
            return False
        hour = now.replace(minute=0, second=0, microsecond=0)
        counter = self.table.get(_PK, stamp(hour))
        before = 0 if counter is None else int(counter["paths"])
        if before + paths > AN_HOUR:
            return False
        item = {"PK": _PK, "SK": stamp(hour), "paths": before + paths}
        as_read = Attr("PK").not_exists() if counter is None else Attr("paths").eq(before)
        try:
            self.table.write(Put(item | {"ttl": int((hour + _KEPT).timestamp())}, as_read))
        except Changed:
            return False
        return True
