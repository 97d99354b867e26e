"""The words for what the table remembers; the stores of `presswork.aws` say where it stands."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import Field

from presswork import software
from presswork.authority import AUTHORS, authority_of
from presswork.post import UP, Card, Error, Image, ImageRef, ImageState, Model, Picture, Status
from presswork.settings import Site
from presswork.tasks import AnnouncePost, CheckKeyAt, Outbox

KEEPS_WHAT_IS_LIVE = frozenset({Status.REJECTED, Status.WAITING})
"""The outcomes of a look that leave readers what they see."""

SHOWS_ITS_PATH = UP | {Status.SCHEDULED}
"""The outcomes of a look by which a post holds its paths and shows its images."""


_DIGEST_LENGTH = 16


class BuildId(Model):
    """What objects of the site are made with: equal builds make equal bytes of equal inputs.

    `settings` is the revision of settings and theme, `rebuild` counts the times that an operator
    had the site made again, `software` is a digest of what makes the bytes.
    """

    settings: int = 0
    rebuild: int = 0
    software: str = Field(default_factory=software.digest)

    def __str__(self) -> str:
        """The build in short, for people and for digests."""
        again = f".{self.rebuild}" if self.rebuild else ""
        return f"{self.settings}{again}/{self.software}"


class Source(Model):
    """What the newest look at one key of ContentBucket found.

    `lock_version` grows by one at every look, which began at `looked`. `version_id` and `etag` are
    those of the bytes looked at; None when the object was absent. `post` is the id of the post this
    key feeds. `waits_on` names the claim that another post holds. `pending` is cleared by parse.
    """

    key: str
    lock_version: int = 0
    status: Status = Status.GONE
    version_id: str | None = None
    etag: str | None = None
    looked: datetime | None = None
    sequencer: str | None = None
    error: Error | None = None
    post: str | None = None
    waits_on: str | None = None
    gone_since: datetime | None = None
    pending: Outbox = Field(default_factory=Outbox)

    @property
    def due(self) -> datetime | None:
        """When the key is to be looked at again: a scheduled post's date, a live one's end."""
        return next((task.at for task in self.pending.tasks if isinstance(task, CheckKeyAt)), None)

    @property
    def posts(self) -> tuple[str, ...]:
        """The ids of the post that the key feeds, and of those that it fed before."""
        before = [task.post for task in self.pending.tasks if isinstance(task, AnnouncePost)]
        return tuple(dict.fromkeys([*([self.post] if self.post else []), *before]))


class Accepted(Model):
    """The newest revision that readers are to see (status live) or no longer to see (any other).

    `correlationid` is that of the upload which made it; `uploaded` is when, unless something else
    than an upload did, such as the clock or new settings.
    """

    revision: int
    status: Status
    source: str
    version_id: str | None
    fingerprint: str
    path: str
    has_images: bool
    correlationid: str | None = None
    uploaded: datetime | None = None


class Ready(Model):
    """The images of revision `revision`, by `ImageRef.id`, as far as they have come.

    `generation` counts the times they were brought up to date, also to none; `healed` says that the
    last time brought an owed image home. `rebuild` is the newest one in which all of its media were
    seen to be on the site.
    """

    revision: int
    generation: int = 0
    rebuild: int = 0
    healed: bool = False
    images: dict[str, Image] = Field(default_factory=dict)


class Live(Model):
    """What readers see now: the live half of a post. With `up` false it is what they saw last.

    `version` counts the changes of the live half, but for a `version_id` whose bytes mean the same.
    `generation` is that of the images it shows, `build` what its pages and cards were made with.
    `lists` are the names of the lists its card stands in; without any it is no news. `appeared` is
    when the post was to appear, None where that is the date on its card. `handles` are what others
    may call it in a link, `links` is the digest of where its own links lead, `document` that of its
    `index.json`.
    """

    version: int
    up: bool
    revision: int
    generation: int
    source: str
    version_id: str
    fingerprint: str
    path: str
    lists: tuple[str, ...]
    card: Card
    appeared: datetime | None = None
    build: BuildId = Field(default_factory=BuildId)
    handles: tuple[str, ...] = ()
    links: str = ""
    document: str = ""


class SourceLinks(Model):
    """Where the links of a post to other sources lead.

    `handles` are what it asked for, each noted in the index of links; `addresses` are references to
    pages, by the address in the text, of those that were found. `version` grows with each change.
    """

    version: int = 0
    handles: tuple[str, ...] = ()
    addresses: dict[str, str] = Field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A digest of where the links lead, in hex; empty where none leads anywhere."""
        if not self.addresses:
            return ""
        text = json.dumps(self.addresses, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


class PostState(Model):
    """Everything the table knows of one post: its newest revision, and its live half.

    `revision` grows when meaning, status or source changed. `paths` are all paths it holds or held.
    `first_date` is the instant of the first look, a promise for a post without a date. Each of the
    four outboxes is cleared by the stage of its name.
    """

    id: str
    source: str
    status: Status
    revision: int = 0
    fingerprint: str = ""
    error: Error | None = None
    version_id: str | None = None
    title: str = ""
    date: datetime | None = None
    first_date: datetime
    accepted: Accepted | None = None
    ready: Ready | None = None
    live: Live | None = None
    links: SourceLinks = Field(default_factory=SourceLinks)
    paths: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    pending_parse: Outbox = Field(default_factory=Outbox)
    pending_images: Outbox = Field(default_factory=Outbox)
    pending_render: Outbox = Field(default_factory=Outbox)
    pending_index: Outbox = Field(default_factory=Outbox)


class Holder(Model):
    """The post a claim belongs to; with `held` false it held it last.

    `author` is the key of the author's post that had it before a source's did: to authors it
    returns.
    """

    post: str
    source: str
    held: bool
    author: str | None = None

    @property
    def kept_for(self) -> str:
        """A key of those who may have the claim once it is free."""
        return self.author or self.source

    def after(self, before: "Holder | None") -> "Holder":
        """This holder, with what is to be known of the one before it."""
        if before is None or authority_of(self.source) == AUTHORS:
            return self
        was_an_authors = authority_of(before.source) == AUTHORS
        author = before.source if was_an_authors else before.author
        return self.model_copy(update={"author": author})


class ListMember(Model):
    """A post as a list holds it: its card, and the list's words for readers.

    `subcategories` maps the lists of the categories right below a category's that the post stands
    in to their words. `version` is that of the post's live half, which grows with all that changes,
    and `document` the digest of its `index.json`, empty where older software did not note it.
    `feeds_related` says that the list is the one that the post's related ones are taken from.
    """

    card: Card
    words: str
    version: int = 0
    document: str = ""
    feeds_related: bool = False
    subcategories: Mapping[str, str] = {}


class BrokenThemeFile(Model):
    """What is wrong with a theme, and in which of its files."""

    file: str
    error: Error


class SiteState(Model):
    """The settings in force, the error that keeps newer ones from it, and what was made of them.

    `theme` is the digest of the theme in force, `theme_error` what keeps a newer one from it, and
    `theme_seen` tells the files that were looked at last. `rebuild` counts the times that an
    operator had the site made again. `base_published` and `backfilled` are the builds that the base
    pages were last made with, and that every post was last sent through the stages for.
    `redirected` are the addresses at which `redirects` may have left a stub. Posts that appeared
    by `told_before` are told to nobody any more: the state that was imported does not say of whom.
    """

    revision: int = 0
    rebuild: int = 0
    lock_version: int = 0
    version_id: str | None = None
    site: Site = Field(default_factory=Site)
    error: Error | None = None
    theme: str = ""
    theme_error: BrokenThemeFile | None = None
    theme_seen: str = ""
    base_published: BuildId | None = None
    backfilled: BuildId | None = None
    redirected: tuple[str, ...] = ()
    told_before: datetime | None = None

    @property
    def build(self) -> BuildId:
        """What every object is to be made with."""
        return BuildId(settings=self.revision, rebuild=self.rebuild)

    @property
    def is_rebuilding(self) -> bool:
        """Whether the newest rebuild has yet to send every post through the stages."""
        return self.rebuild > (self.backfilled.rebuild if self.backfilled else 0)

    def effective(self, site_url: str) -> Site:
        """The settings, with the address the site was deployed at where they name none."""
        return self.site.model_copy(update={"base_url": self.site.base_url or site_url})


class BackfillState(Model):
    """A backfill for one build: `sent` posts were sent on by `at`.

    The next page begins behind `cursor`, of the keys, or of the posts that are `gone`.
    """

    build: BuildId
    cursor: str = ""
    gone: bool = False
    sent: int = 0
    at: datetime
    done: bool = False


class DeadLetterState(Model):
    """Since when each dead-letter queue is seen to hold messages; the operator was `told` last."""

    version: int = 0
    told: datetime | None = None
    since: Mapping[str, datetime] = {}


MOST_SPELLINGS = 8
LONGEST_SPELLING = 2048


class RemoteImage(Model):
    """One canonical URL: its state, and if it is owed, the tries so far and the next's time.

    `seen` are the spellings to fall back on. `media` is the sha256 of the bytes once they came
    home. `absent_since` is when all places first answered that there is none. `since` is when it
    was refused or lost, `reason` why it is not here. `asked` is the URL that gave it, with `etag`
    and `last_modified`; `visited` is when its origin was last asked whether it changed.
    `leased_until` keeps others from fetching at the same time; compare it, do not trust TTL.
    `lock_version` grows with each write.
    """

    url: str
    seen: tuple[str, ...] = ()
    state: ImageState = ImageState.OWED
    media: str | None = None
    attempts: int = 0
    next_try: datetime | None = None
    absent_since: datetime | None = None
    since: datetime | None = None
    visited: datetime | None = None
    asked: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    leased_until: datetime | None = None
    lock_version: int = 0

    @classmethod
    def of(cls, ref: ImageRef) -> Self:
        """An image as a post names it; of its spellings, those that a fetch can fall back on."""
        seen = [url for url in ref.seen if len(url) <= LONGEST_SPELLING]
        return cls(url=ref.url, seen=tuple(seen[:MOST_SPELLINGS]))

    @property
    def ref(self) -> ImageRef:
        """The image as posts named it."""
        return ImageRef(url=self.url, seen=self.seen)

    def is_leased(self, now: datetime) -> bool:
        """Whether a worker may be fetching it."""
        return self.leased_until is not None and self.leased_until > now


class MediaState(StrEnum):
    """Whether media may be used: kept and doomed ones yes, those being deleted no more."""

    KEPT = "kept"
    DOOMED = "doomed"
    DELETING = "deleting"


class MediaItem(Model):
    """The picture made of the bytes of one sha256, and `size`, how many bytes they are.

    `until` is when doomed media are looked at again, or when the work of a worker that deletes them
    is given up. `lock_version` grows with each change of state.
    """

    hash: str
    picture: Picture
    size: int
    animated: bool = False
    truncated: bool = False
    state: MediaState = MediaState.KEPT
    until: datetime | None = None
    lock_version: int = 0


class Progress(StrEnum):
    """How far a telling has come.

    `SENDING` was promised, and may have been sent; `FAILED` was surely not, and is tried again;
    `PUT_OFF` waits for the next digest. The others are its end: `IN_DOUBT` may have been sent, to
    receivers that know no repetition; `GIVEN_UP` was not, for days.
    """

    SENDING = "sending"
    FAILED = "failed"
    PUT_OFF = "put off"
    SENT = "sent"
    REFUSED = "refused"
    IN_DOUBT = "in doubt"
    GIVEN_UP = "given up"


SETTLED = frozenset({Progress.SENT, Progress.REFUSED, Progress.IN_DOUBT, Progress.GIVEN_UP})
"""The ends of a telling."""


class Subject(Model):
    """What is told once: `name` says on which channel, or in which mail to an author.

    It is of a post with the path that it had, of the `posts` of a digest, or of the site.
    """

    name: str
    post: str = ""
    path: str = ""
    channel: str = ""
    posts: tuple[str, ...] = ()

    @classmethod
    def announcement(cls, post: str, path: str, channel: str) -> Self:
        """A new post, on a channel: neither it nor its path is told of again."""
        return cls(name=channel, post=post, path=path, channel=channel)

    @classmethod
    def digest(cls, channel: str, posts: tuple[str, ...] = ()) -> Self:
        """What a channel was not told of post by post; there is one digest at a time."""
        return cls(name="digest", channel=channel, posts=posts)

    @classmethod
    def author_mail(cls, version: str, post: str = "") -> Self:
        """An error of a version of a post, or of the site, for its author."""
        return cls(name=f"author#{version}", post=post)


class Delivery(Model):
    """How far a telling has come, when it was last begun, and `since` when it was first."""

    subject: Subject
    progress: Progress
    time: datetime
    since: datetime
