"""The media of the site: made once per content, kept while a post shows them.

How the steps of collection race with use is told in docs/images.md, "When media are taken away".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from presswork import imaging
from presswork.aws.buckets import SiteBucket
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.aws.media import MediaItems
from presswork.aws.parallel import in_parallel
from presswork.aws.uses import Uses
from presswork.errors import RetryLater
from presswork.post import Picture
from presswork.site_keys import MEDIA
from presswork.state import MediaItem, MediaState

GRACE = timedelta(hours=48)
"""How long media stay that nobody uses any more."""

DELETING = timedelta(minutes=10)
"""How long one worker may take to delete: longer than any function runs."""

_NONE: Mapping[str, MediaItem | None] = MappingProxyType({})

_SUBTYPES = {"jpg": "jpeg", "svg": "svg+xml"}


@dataclass(frozen=True)
class MediaLibrary:
    """The media of the site: their files in SiteBucket, and what the table knows of them."""

    items: MediaItems
    site: SiteBucket

    def has(self, hash: str) -> bool:
        """Whether these media were made, by any recipe, whatever is to become of them."""
        return self.items.read(hash) is not None

    def uses(self, hash: str) -> Uses:
        """Who shows these media."""
        return self.items.uses(hash)

    def find(
        self, hash: str, *, whole: bool = False, known: Mapping[str, MediaItem | None] = _NONE
    ) -> MediaItem | None:
        """Media that may be used, set back if they were doomed; None if they are not there.

        With `whole` the site's bucket is asked for their files. Who relies on them has noted the
        use before; `known` are media as they were read since. Raises RetryLater while they are
        deleted.
        """
        read = [known[hash]] if hash in known else []

        def attempt() -> MediaItem | None:
            item = read.pop() if read else self.items.read(hash)
            if item is not None and item.state is MediaState.DELETING:
                raise RetryLater(f"media {hash} are being deleted")
            if item is not None and item.state is MediaState.DOOMED:
                self.items.revive(item)
                raise Changed  # read it as it is now
            return None if item is not None and whole and not self._is_whole(item) else item

        return retry_on_conflict(f"media {hash}", attempt)

    def put(
        self,
        made: imaging.Media,
        size: int,
        recipe: str,
        known: MediaItem | None = None,
        *,
        beside: Callable[[], object] | None = None,
    ) -> None:
        """Puts the files of media on the site, then remembers them; no harm if they are.

        Files of an earlier recipe stay: pages that are yet to be made again show them. `known` is
        what was read of the media before they were made, `beside` what else is to be done before
        they are remembered.
        """
        files: dict[int, dict[str, str]] = {}
        calls = [] if beside is None else [beside]
        for name, data in made.files.items():
            width, _, format = name.partition(".")
            key = f"{MEDIA}{made.hash}/{recipe}/{name}"
            type = f"image/{_SUBTYPES.get(format, format)}"
            calls.append(partial(self.site.put_media, key, data, type))
            files.setdefault(int(width), {})[format] = key
        in_parallel(calls)
        picture = Picture(
            width=made.width, height=made.height, files=files, placeholder=made.placeholder
        )
        item = MediaItem(
            hash=made.hash,
            picture=picture,
            size=size,
            animated=made.animated,
            truncated=made.truncated,
        )
        self._remember(item, recipe, known)

    def _remember(self, made: MediaItem, recipe: str, known: MediaItem | None) -> None:
        is_known = known is None or known.state is not MediaState.DELETING
        read = [known] if is_known else []

        def attempt() -> None:
            known = read.pop() if read else self.items.read(made.hash)
            if known is None:
                self.items.create(made)
            elif not _is_done(known, recipe):
                self.items.remake(known, made)

        retry_on_conflict(f"media {made.hash}", attempt)

    def put_file(self, hash: str, key: str, data: bytes, mime: str) -> None:
        """Puts a file that is no image on the site, for readers to save, then remembers it.

        Its name is that of its address; nothing of it is shown or run there.
        """
        self.site.put_media(key, data, mime, disposition="attachment")
        nothing = Picture(width=0, height=0, files={})
        try:
            self.items.create(MediaItem(hash=hash, picture=nothing, size=len(data)))
        except Changed:
            return

    def holds(self, key: str) -> bool:
        """Whether a file stands on the site; the same bytes may have other names there."""
        return key in self.site.keys(key)

    def withdraw(self, hash: str, post: str, generation: int, now: datetime) -> bool:
        """A post uses these media no more; if nobody does, they go at once. Whether they go.

        What another worker began to delete is left to it, and to maintain if it died.
        """
        self.release(hash, post, generation, now, grace=timedelta(0))
        try:
            self.collect(hash, now)
        except RetryLater:
            return True
        return not self.has(hash)

    def release(
        self, hash: str, post: str, generation: int, now: datetime, *, grace: timedelta = GRACE
    ) -> None:
        """A post uses these media no more; if nobody does, they are looked at again in 48 hours."""
        self.uses(hash).remove(post, generation)

        def attempt() -> None:
            item = self.items.read(hash)
            if item is not None and item.state is MediaState.KEPT and not self._is_used(hash):
                self.items.doom(item, now + grace)

        retry_on_conflict(f"media {hash}", attempt)

    def collect(self, hash: str, now: datetime) -> None:
        """Deletes doomed media whose time has come, unless somebody uses them again.

        Raises RetryLater while another worker may be deleting them.
        """
        item = self.items.read(hash)
        if item is None or item.until is None:
            return
        if item.until > now:
            if item.state is MediaState.DELETING:
                raise RetryLater(f"media {hash} are being deleted by another worker")
            return
        try:
            if item.state is MediaState.DOOMED and self._is_used(hash):
                self.items.revive(item)
                return
            condemned = self.items.condemn(item, now + DELETING)
        except Changed:
            return  # somebody took them back, or another worker deletes them
        for key in self.site.keys(f"{MEDIA}{hash}/"):
            self.site.delete(key)
        self.items.delete(condemned)

    def _is_whole(self, item: MediaItem) -> bool:
        wanted = {key for files in item.picture.files.values() for key in files.values()}
        return not wanted or wanted <= set(self.site.keys(f"{MEDIA}{item.hash}/"))

    def _is_used(self, hash: str) -> bool:
        return next(self.uses(hash).posts(limit=1), None) is not None


def _is_done(known: MediaItem, recipe: str) -> bool:
    """Whether there is nothing to remember; who meets media being deleted waits for their end."""
    return known.state is MediaState.DELETING or is_made_by(recipe, known.picture)


def is_made_by(recipe: str, picture: Picture) -> bool:
    """Whether the files of a picture are those of a recipe; one without files is made by any."""
    keys = (key for files in picture.files.values() for key in files.values())
    return all(f"/{recipe}/" in key for key in keys)
