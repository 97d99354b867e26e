"""theme/**: looks at the files of the theme, and puts the newest good set of them in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Self

from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.conflicts import retry_on_conflict
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.aws.topic import Topic
from presswork.events import Type
from presswork.messages import BackfillPage, CheckTheme
from presswork.object import ListedObject
from presswork.post import Error
from presswork.state import BrokenThemeFile, SiteState
from presswork.theme_files import PREFIX, BrokenTheme

DEBOUNCE = 5
"""Seconds that settings and themes wait for further changes."""


@dataclass(frozen=True)
class SiteTheme:
    """The part of parse that looks at `theme/`: a new theme sends everything through again."""

    content: ContentBucket
    site: SiteBucket
    stores: Stores
    topic: Topic
    bulk: Queue

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            site=SiteBucket.from_env(),
            stores=Stores.from_env(),
            topic=Topic.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
        )

    def debounce(self) -> None:
        """Has the theme looked at a little later: its files come one by one."""
        files = _files()
        digest = files.digest(files.listing(self.content))
        self.bulk.send(CheckTheme(files=digest), delay=DEBOUNCE)

    def look(self, digest: str) -> None:
        """Commits the theme; a broken one leaves that in force, and is announced.

        Files that are no longer those of the digest were changed since: that is seen to by itself.
        """
        state = retry_on_conflict(PREFIX, lambda: self._commit(digest))
        if state is None:
            return
        if state.backfilled != state.build:  # also when a worker died before it sent this
            self.bulk.send(BackfillPage(build=state.build))
        if state.theme_error is not None:
            file = state.theme_error.file
            self.topic.announce(Type.REJECTED, key=file, revision=state.lock_version)

    def put_assets(self) -> None:
        """Puts the assets of the theme in force on the site, as far as they are not there."""
        state, files = self.stores.sites.read(), _files()
        themes = self.stores.themes
        assets = files.versions(self.content, themes.versions(state.theme))
        files.put(self.site, themes.read(state.theme), assets)

    def _commit(self, digest: str) -> SiteState | None:
        """Puts the files in force, or notes what is wrong; Changed when they were meanwhile."""
        files = _files()
        listing = files.listing(self.content)
        if files.digest(listing) != digest:
            return None
        before = self.stores.sites.read()
        if before.theme_seen == digest:
            return before
        theme, error = before.theme, None
        try:
            theme = self._accept(before, listing)
        except BrokenTheme as broken:
            error = BrokenThemeFile(file=broken.file, error=Error.of(broken))
        after = before.model_copy(
            update={
                "revision": before.revision + (theme != before.theme),
                "lock_version": before.lock_version + 1,
                "theme": theme,
                "theme_error": error,
                "theme_seen": digest,
            }
        )
        self.stores.sites.commit(after)
        return after

    def _accept(self, before: SiteState, listing: Sequence[ListedObject]) -> str:
        """Puts on the site, and remembers, what pages will need of a theme that works."""
        files = _files()
        found = files.find(self.content, listing, before.site)
        if not found.theme.digest:
            return ""
        data = {name: each.data for name, each in found.assets.items()}
        files.put(self.site, found.theme, data)
        versions = {name: each.version_id for name, each in found.assets.items()}
        self.stores.themes.write(found.theme, versions)
        return str(found.theme.digest)


def _files() -> ModuleType:
    from presswork.stages.parse import theme_files  # noqa: PLC0415 - it says why

    return theme_files
