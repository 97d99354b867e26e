"""What `explain` answers to programs: the receipt of one post, and the state it was read from."""

from datetime import datetime
from typing import Literal

from presswork.post import Error, Model
from presswork_cli.printing.answers import ImageAnswer


class SourceReceipt(Model):
    """What the newest look at the post's key found, and whether the key still holds that.

    `looks` counts them. `sequencer` is S3's, of the event that led to it; no decision rests on it.
    """

    key: str
    looks: int = 0
    version_id: str | None = None
    etag: str | None = None
    sequencer: str | None = None
    gone_since: datetime | None = None
    due: datetime | None = None
    is_current: bool = True


class UploadReceipt(Model):
    """What an upload led to stands in the logs under `correlation_id`; `logs` is how to see it."""

    what: str
    correlation_id: str
    logs: str


class PostReceipt(Model):
    """The newest revision, and how far it has come; `fingerprint` tells what it means."""

    id: str
    title: str
    date: datetime | None
    first_date: datetime
    revision: int
    fingerprint: str
    version_id: str | None
    accepted: int | None
    ready: int | None
    generation: int | None


class LiveReceipt(Model):
    """What readers see, or saw last; `is_current` tells settings, theme and software apart."""

    up: bool
    n: int
    revision: int
    url: str
    version_id: str
    fingerprint: str
    build: str
    is_current: bool


class ClaimReceipt(Model):
    """A path or an id: whether a post holds it or held it last, which key feeds that, who waits."""

    name: str
    held: bool
    source: str
    is_own: bool
    waiters: tuple[str, ...] = ()


class NeighbourReceipt(Model):
    """A post that the page leads to, and as what."""

    role: str
    path: str
    title: str


class DeliveryReceipt(Model):
    """An announcement: on which channel, how far it came, and when it was begun."""

    channel: str
    progress: str
    time: datetime


class ObjectReceipt(Model):
    """An object of the site, what it comes of, and whether it is as the stages would make it now.

    `state` is equal, different, missing or left over.
    """

    key: str
    of: str
    state: str


class ItemReceipt(Model):
    """An item of the table that the post is read from or written to, and whether it is there."""

    pk: str
    sk: str
    there: bool


class ExplainAnswer(Model):
    """`explain --json`.

    `why` is the reason of the status in a sentence. `pending` tells what stages have yet to do.
    """

    format: Literal[1] = 1
    site: str
    status: str
    why: str
    error: Error | None = None
    source: SourceReceipt
    post: PostReceipt | None = None
    live: LiveReceipt | None = None
    claims: tuple[ClaimReceipt, ...] = ()
    images: tuple[ImageAnswer, ...] = ()
    lists: tuple[str, ...] = ()
    beside: tuple[NeighbourReceipt, ...] = ()
    uploads: tuple[UploadReceipt, ...] = ()
    told: tuple[DeliveryReceipt, ...] = ()
    pending: tuple[str, ...] = ()
    objects: tuple[ObjectReceipt, ...] = ()
    items: tuple[ItemReceipt, ...] = ()
