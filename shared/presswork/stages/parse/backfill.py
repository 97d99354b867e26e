"""sweep: sends all that the site shows through parse again, for new settings or new software.

It goes by pages with a cursor on the bulk queue, so that today's post never waits behind it. Should
the settings change again meanwhile, the sweep that follows them takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from presswork.aws.backfills import Backfills, BackfillState
from presswork.aws.buckets import ContentBucket
from presswork.aws.lists import GONE, Lists
from presswork.aws.queues import Afresh, Backfill, Furnish, Hint, Queue
from presswork.aws.sites import Sites
from presswork.aws.table import Table
from presswork.clock import utc_now
from presswork.content import is_static, may_be_post
from presswork.post import Model
from presswork.stages.parse.theme import SiteTheme

PAGE = 500
STALE = timedelta(minutes=15)
"""How long a sweep may be silent before another one takes its place."""


@dataclass(frozen=True)
class BackfillStage:
    """The part of parse that goes through everything, one page for each message."""

    content: ContentBucket
    table: Table
    bulk: Queue
    index: Queue
    theme: SiteTheme
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            table=Table.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
            index=Queue.from_env("INDEX_QUEUE_URL"),
            theme=SiteTheme.from_env(),
        )

    def page(self, sweep: Backfill) -> None:
        """Sends on one page of keys, then of posts that are gone, and what is left to itself."""
        sites, sweeps = Sites(self.table), Backfills(self.table)
        if sites.read().furnishing != sweep.sweep:
            return  # the sweep of newer settings is on its way
        before = sweeps.read()
        if before is None or before.furnishing != sweep.sweep:
            before = BackfillState(furnishing=sweep.sweep, at=self.clock())
        elif sweep.is_first and self.clock() - before.at < STALE:
            return  # it began already
        if sweep.is_first:
            self.theme.put_assets()
            self.theme.notice()  # other software may find fault with it
            self.index.send(Furnish(furnish=sweep.sweep))
            before = before.model_copy(update={"sent": 0, "done": False})
        messages, last = self._gone(sweep) if sweep.gone else self._keys(sweep)
        self.bulk.send_all(messages)
        if last:
            self.bulk.send(sweep.model_copy(update={"after": last}))
        elif not sweep.gone:
            self.bulk.send(sweep.model_copy(update={"after": "", "gone": True}))
        else:
            sites.swept(sweep.sweep)
        sweeps.note(
            BackfillState(
                furnishing=sweep.sweep,
                cursor=last or sweep.after,
                sent=before.sent + len(messages),
                at=self.clock(),
                done=sweep.gone and not last,
            )
        )

    def _keys(self, sweep: Backfill) -> tuple[list[Model], str]:
        """A hint for each post and static file of a page of the bucket, and where the next is."""
        keys = self.content.keys(after=sweep.after, limit=PAGE)
        hints: list[Model] = [Hint(key=key) for key in keys if may_be_post(key) or is_static(key)]
        return hints, keys[-1] if len(keys) == PAGE else ""

    def _gone(self, sweep: Backfill) -> tuple[list[Model], str]:
        """The posts whose pages say that they are gone, a page of them."""
        ids = list(Lists(self.table).members(GONE, after=sweep.after, limit=PAGE))
        messages: list[Model] = [Afresh(afresh=id) for id in ids]
        return messages, ids[-1] if len(ids) == PAGE else ""
