"""`import-state`: a stack made of a state again, and of the buckets that belong to it.

While the table is written its item of the site says so, and no stage works. Until then all can be
done again from the beginning; from then on `SITE` / `IMPORT` tells which file it was.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from presswork.aws.queues import Queue
from presswork.aws.sites import IMPORTING
from presswork.aws.table import Item, Put, Table
from presswork.messages import Hint
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing import terminal
from presswork_cli.printing.answers import ImportAnswer
from presswork_cli.recovery import buckets, whole_table
from presswork_cli.recovery.buckets import Bucket, Filled
from presswork_cli.recovery.promises import (
    IMPORT,
    SITE,
    is_post,
    key_of,
    last_good,
    restored,
    restored_site,
    sources,
)
from presswork_cli.recovery.state_file import StateFile

_LOCKED = -1
"""A version of the site's item that no look has read: none can be committed over it."""
_SAID_EVERY = 1000

LONGEST_WORK = 90
"""Seconds that a function may run at most: images, in template.yaml."""


@dataclass(frozen=True)
class Wishes:
    """What an import is asked for besides the state itself."""

    content_from: str | None = None
    vault_from: str | None = None
    undelete_since: datetime | None = None
    replace: bool = False
    tell: bool = False


@dataclass
class StateImport:
    """One state on its way into one stack."""

    stack: Stack
    state: StateFile
    wishes: Wishes
    now: datetime
    undeleted: int = 0
    lost: tuple[str, ...] = ()

    @cached_property
    def table(self) -> Table:
        """The stack's table."""
        return Table(self.stack.client("dynamodb"), self.stack.outputs.Table)

    @cached_property
    def old(self) -> Bucket | None:
        """The bucket whose posts are to be copied, if one was named."""
        name = self.wishes.content_from
        return None if name is None else Bucket.listed(self.stack.client("s3"), name)

    def run(self) -> ImportAnswer:
        """Writes the table, copies what the buckets lack, and has looked at what went meanwhile."""
        mark = self.table.get(*IMPORT) or {}
        is_this = mark.get("file") == self.state.digest and IMPORTING not in self._site()
        is_done = bool(mark.get("done"))
        if is_this and not (is_done and self.wishes.replace):
            self.undeleted, self.lost = int(mark.get("undeleted", 0)), tuple(mark.get("lost", ()))
            if is_done and self.old is None and self.wishes.vault_from is None:
                terminal.say("this state is here already: nothing was changed")
                return self._answer(self._own(), Filled(), Filled())
            terminal.say("the table is as the state has it; its buckets come now")
            return self._bring_files()
        self._check_table()
        self._check_bucket()
        self._write_table()
        return self._bring_files()

    @property
    def _content(self) -> str:
        return self.stack.outputs.ContentBucket

    def _site(self) -> Item:
        return self.table.get(*SITE) or {}

    def _check_table(self) -> None:
        """Failure where the table holds a state that nobody said is to go."""
        importing = self._site().get(IMPORTING)
        if self.wishes.replace or importing == self.state.digest:
            return
        if importing is not None:
            raise Failure(
                "the import of another file has not ended: give it again, or have this one take "
                "its place with --replace",
                Exit.USAGE,
            )
        if whole_table.holds_state(self.table):
            raise Failure(
                f"the table {self.table.name} is not empty: export what it holds, then import with "
                "--replace, which takes all of that away",
                Exit.USAGE,
            )

    def _own(self) -> Bucket:
        return Bucket.listed(self.stack.client("s3"), self._content)

    def _check_bucket(self) -> None:
        """Failure where all that the state is about would be taken for deleted."""
        keys, own = sources(self.state.items), self._own()
        there = own.versions if self.wishes.undelete_since is not None else own.newest
        if keys and not keys & (there.keys() | (self.old.newest if self.old else {}).keys()):
            raise Failure(
                f"none of the {len(keys)} posts of this state is in s3://{own.name}, and all would "
                "be taken for deleted: name the bucket that has them with --content-from, or put "
                "them back first",
                Exit.USAGE,
            )

    def _write_table(self) -> None:
        """The table as the state has it, by the VersionIds of now.

        What was deleted is brought back meanwhile: nobody is to look at it by the table of before.
        Who read that table before the note was written may still write, until its time is over.
        """
        table, wishes = self.table, self.wishes
        table.write(
            Put(_item(SITE) | {IMPORTING: self.state.digest, "lock_version": _LOCKED}),
        )
        terminal.say(f"waiting {LONGEST_WORK} s for what the stages have in hand")
        time.sleep(LONGEST_WORK)
        whole_table.clear(table)
        if wishes.undelete_since is not None:
            self.undeleted = buckets.undelete(
                self.stack.client("s3"), self._content, wishes.undelete_since
            )
        versions = buckets.carry_last_good(last_good(self.state.items), self._own(), self.old)
        others = (item for item in self.state.items if key_of(item) != SITE)
        told = (each for item in others for each in restored(item, versions, tell=wishes.tell))
        whole_table.fill(table, self._counted(told))
        site = next((item for item in self.state.items if key_of(item) == SITE), _item(SITE))
        site = restored_site(site, versions, None if wishes.tell else self.now)
        self.lost = tuple(sorted({key for (key, _), id in versions.items() if id is None}))
        table.write(Put(site), Put(self._mark(done=False)))

    def _mark(self, *, done: bool) -> Item:
        """What tells how far the import of this file is, and what came of it."""
        found = {"undeleted": self.undeleted, "lost": list(self.lost)}
        return _item(IMPORT) | {"file": self.state.digest, "done": done} | found

    def _counted(self, items: Iterable[Item]) -> Iterator[Item]:
        for number, item in enumerate(items, start=1):
            if number % _SAID_EVERY == 0:
                terminal.say(f"{number} of {len(self.state.items)} items")
            yield item

    def _bring_files(self) -> ImportAnswer:
        """What the buckets lack; then hints for what is gone since, of which no event tells."""
        s3, outputs = self.stack.client("s3"), self.stack.outputs
        copied, originals = Filled(), Filled()
        if self.wishes.vault_from is not None:
            vault = Bucket.listed(s3, self.wishes.vault_from)
            own_vault = Bucket.listed(s3, outputs.VaultBucket)
            originals = buckets.fill(own_vault, vault, _saying("originals copied"))
        own = self._own()
        if self.old is not None:
            copied = buckets.fill(own, self.old, _saying("files copied"))
        gone = sorted(sources(self.state.items) - own.newest.keys())
        queue = Queue(self.stack.client("sqs"), self.stack.resource("ParseBulkQueue"))
        queue.send_all(Hint(key=key) for key in gone)
        is_whole = not copied.failed and not originals.failed
        if self.table.get(*IMPORT) != (mark := self._mark(done=is_whole)):
            self.table.write(Put(mark))
        return self._answer(own, copied, originals)

    def _answer(self, own: Bucket, copied: Filled, originals: Filled) -> ImportAnswer:
        return ImportAnswer(
            table=self.table.name,
            items=len(self.state.items),
            posts=sum(map(is_post, self.state.items)),
            undeleted=self.undeleted,
            copied=copied.copied,
            originals=originals.copied,
            gone=tuple(sorted(sources(self.state.items) - own.newest.keys())),
            lost=self.lost,
            newer=copied.newer,
            failed={**originals.failed, **copied.failed},
        )


def _item(key: tuple[str, str]) -> dict[str, Any]:
    pk, sk = key
    return {"PK": pk, "SK": sk}


def _saying(what: str) -> Any:
    def say(number: int) -> None:
        if number % _SAID_EVERY == 0:
            terminal.say(f"{number} {what}")

    return say
