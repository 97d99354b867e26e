"""theme/**: looks at the files of the theme, and puts the newest good set of them in force."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Self

from presswork.aws.buckets import ContentBucket, ListedObject, SiteBucket
from presswork.aws.changed import Changed
from presswork.aws.queues import Backfill, Dress, Queue
from presswork.aws.sites import Broken, Sites, SiteState
from presswork.aws.table import Table
from presswork.aws.themes import Themes
from presswork.aws.topic import Topic
from presswork.clock import utc_now
from presswork.errors import RetryLater
from presswork.events import Event, Type
from presswork.post import Error
from presswork.theme_files import PREFIX, BrokenTheme

DEBOUNCE = 5
"""Seconds that settings and themes wait for further changes."""

ROUNDS = 8


@dataclass(frozen=True)
class SiteTheme:
    """The part of parse that looks at `theme/`: a new theme sends everything through again."""

    content: ContentBucket
    site: SiteBucket
    table: Table
    topic: Topic
    bulk: Queue
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            site=SiteBucket.from_env(),
            table=Table.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
        )

    def notice(self) -> None:
        """Has the theme looked at a little later: its files come one by one."""
        files = _files()
        self.bulk.send(Dress(dress=files.told(files.listing(self.content))), delay=DEBOUNCE)

    def look(self, dress: str) -> None:
        """Commits the theme; a broken one leaves that in force, and is announced.

        Files that are no longer those of `dress` were changed since: that is noticed by itself.
        """
        files = _files()
        for _ in range(ROUNDS):
            listing = files.listing(self.content)
            if files.told(listing) != dress:
                return
            state = Sites(self.table).read()
            if state.theme_seen != dress:
                try:
                    state = self._commit(state, listing, dress)
                except Changed:
                    continue
            if state.swept != state.furnishing:  # also when a worker died before it sent this
                self.bulk.send(Backfill(sweep=state.furnishing))
            if state.theme_error is not None:
                self._announce(state, state.theme_error)
            return
        raise RetryLater(f"{PREFIX} kept changing for {ROUNDS} rounds")

    def put_assets(self) -> None:
        """Puts the assets of the theme in force on the site, as far as they are not there."""
        state, files = Sites(self.table).read(), _files()
        assets = files.versions(self.content, Themes(self.table).versions(state.theme))
        files.put(self.site, state.site.overrides, assets)

    def _commit(self, before: SiteState, listing: Sequence[ListedObject], dress: str) -> SiteState:
        """Puts the files in force, or notes what is wrong; Changed when they were meanwhile."""
        theme, error = before.theme, None
        try:
            theme = self._accept(before, listing)
        except BrokenTheme as broken:
            error = Broken(file=broken.file, error=Error.of(broken))
        after = before.model_copy(
            update={
                "revision": before.revision + (theme != before.theme),
                "lock": before.lock + 1,
                "theme": theme,
                "theme_error": error,
                "theme_seen": dress,
            }
        )
        Sites(self.table).commit(after)
        return after

    def _accept(self, before: SiteState, listing: Sequence[ListedObject]) -> str:
        """Puts on the site, and remembers, what pages will need of a theme that works."""
        files = _files()
        found = files.find(self.content, listing, before.site)
        if not found.overrides.digest:
            return ""
        data = {name: each.data for name, each in found.assets.items()}
        files.put(self.site, found.overrides, data)
        versions = {name: each.version_id for name, each in found.assets.items()}
        Themes(self.table).write(found.overrides, versions)
        return str(found.overrides.digest)

    def _announce(self, state: SiteState, broken: Broken) -> None:
        event = Event.of(
            Type.REJECTED, post="", key=broken.file, revision=state.lock, now=self.clock()
        )
        self.topic.announce(event)


def _files() -> ModuleType:
    from presswork.stages.parse import theme_files  # noqa: PLC0415 - it says why

    return theme_files
