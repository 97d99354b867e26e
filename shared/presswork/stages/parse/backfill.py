"""A backfill sends all that the site shows through parse again, for a new build.

It goes by pages with a cursor on the bulk queue, so that today's post never waits behind it. Should
the settings change again meanwhile, the backfill that follows them takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from presswork.aws.buckets import ContentBucket
from presswork.aws.lists import GONE
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.clock import utc_now
from presswork.content import is_static, may_be_post
from presswork.messages import BackfillPage, Hint, MakePath, Message, PublishBase, RerenderPost
from presswork.site_keys import OF_EVERY_SITE
from presswork.stages.parse.theme import SiteTheme
from presswork.state import BackfillState

PAGE = 500
STALE = timedelta(minutes=15)
"""How long a backfill may be silent before another one takes its place."""


@dataclass(frozen=True)
class Backfill:
    """The part of parse that goes through everything, one page for each message."""

    content: ContentBucket
    stores: Stores
    bulk: Queue
    index: Queue
    theme: SiteTheme
    pages: Queue
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            content=ContentBucket.from_env(),
            stores=Stores.from_env(),
            bulk=Queue.from_env("PARSE_BULK_QUEUE_URL"),
            index=Queue.from_env("INDEX_QUEUE_URL"),
            theme=SiteTheme.from_env(),
            pages=Queue.from_env("RENDER_QUEUE_URL"),
        )

    def page(self, page: BackfillPage) -> None:
        """Sends on one page of keys, then of posts that are gone, and what is left to itself."""
        sites, backfills = self.stores.sites, self.stores.backfills
        if sites.read().build != page.build:
            return  # the backfill of newer settings is on its way
        before = backfills.read()
        if before is None or before.build != page.build:
            before = BackfillState(build=page.build, at=self.clock())
        elif page.is_first and self.clock() - before.at < STALE:
            return  # it began already
        elif page.is_first:  # it was lost on its way
            page = page.model_copy(update={"after": before.cursor, "gone": before.gone})
        if page.is_first:
            self.theme.put_assets()
            self.theme.debounce()  # other software may find fault with it
            self.index.send(PublishBase(build=page.build))
            self._paths()
            before = before.model_copy(update={"sent": 0, "done": False})
        messages, last = self._gone(page) if page.gone else self._keys(page)
        self.bulk.send_all(messages)
        following = page.model_copy(update={"after": last, "gone": page.gone or not last})
        is_last = page.gone and not last
        if is_last:
            sites.backfilled(page.build)
        else:
            self.bulk.send(following)
        backfills.note(
            BackfillState(
                build=page.build,
                cursor=following.after,
                gone=following.gone,
                sent=before.sent + len(messages),
                at=self.clock(),
                done=is_last,
            )
        )

    def _paths(self) -> None:
        """Has what every site has made, and the stubs that the settings ask for, or asked for."""
        state = self.stores.sites.read()
        stubs = dict.fromkeys((*state.redirected, *state.site.redirects))
        self.pages.send_all(MakePath(path=path, bulk=True) for path in (*OF_EVERY_SITE, *stubs))
        if stubs:
            self.stores.sites.redirected(state.site.redirects)

    def _keys(self, page: BackfillPage) -> tuple[list[Message], str]:
        """A hint for each post and static file of a page of the bucket, and where the next is."""
        keys = self.content.keys(after=page.after, limit=PAGE)
        hints: list[Message] = [
            Hint(key=key, bulk=True) for key in keys if may_be_post(key) or is_static(key)
        ]
        return hints, keys[-1] if len(keys) == PAGE else ""

    def _gone(self, page: BackfillPage) -> tuple[list[Message], str]:
        """The posts whose pages say that they are gone, a page of them."""
        ids = list(self.stores.lists.members(GONE, after=page.after, limit=PAGE))
        messages: list[Message] = [RerenderPost(post=id) for id in ids]
        return messages, ids[-1] if len(ids) == PAGE else ""
