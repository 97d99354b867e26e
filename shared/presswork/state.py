"""The words for what the table remembers; `presswork.aws.table` says how they are stored."""

from datetime import datetime

from pydantic import Field

from presswork.post import Card, Error, Image, Model, Status


class Source(Model):
    """What the newest look at one key of ContentBucket found.

    `lock` grows by one at every look. `version_id` and `etag` are those of the bytes looked at,
    None when the object was absent. `post` is the id of the post this key feeds, `former` of those
    it fed before. `waits_on` names the claim that another post holds. `wake` holds claims given up
    and keys handed over whose waiters have yet to be sent through parse. `due` is when the key is
    to be looked at again: the date of a scheduled post, the end of a live one.
    """

    key: str
    lock: int = 0
    status: Status = Status.GONE
    version_id: str | None = None
    etag: str | None = None
    sequencer: str | None = None
    error: Error | None = None
    post: str | None = None
    former: tuple[str, ...] = ()
    waits_on: str | None = None
    wake: tuple[str, ...] = ()
    gone_since: datetime | None = None
    due: datetime | None = None


class Accepted(Model):
    """The newest revision that readers are to see (status live) or no longer to see (any other)."""

    revision: int
    status: Status
    source: str
    version_id: str | None
    fingerprint: str
    path: str
    has_images: bool


class Ready(Model):
    """The images of revision `revision`, by `ImageRef.id`, as far as they have come.

    `turn` counts the times they were brought up to date; `healed` says that the last time brought
    an owed image home. `left` names what the post used before and has yet to let go of:
    `image:<id>` and `media:<sha256>`. `rebuild` is the newest one in which all of its media were
    seen to be on the site.
    """

    revision: int
    turn: int = 0
    rebuild: int = 0
    healed: bool = False
    images: dict[str, Image] = Field(default_factory=dict)
    left: tuple[str, ...] = ()


class Live(Model):
    """What readers see now: the live half of a post. With `up` false it is what they saw last.

    `n` counts the changes of the live half. `furnishing` names the settings and the software that
    its pages and cards were made with. `lists` are the names of the lists its card stands in.
    """

    n: int
    up: bool
    revision: int
    turn: int
    source: str
    version_id: str
    fingerprint: str
    path: str
    lists: tuple[str, ...]
    card: Card
    furnishing: str = ""


class PostState(Model):
    """Everything the table knows of one post: its newest revision, and its live half.

    `revision` grows when meaning or status changed; `announced` is the newest revision announced.
    `paths` are all paths it holds or held; `touched` the lists that index has yet to bring up to
    date, `turning` what it found to do besides, where a period came to be split or whole;
    `beside` the places beside which render has yet to make pages again. `first_date` is the
    instant of the first look, a promise for a post without a date.
    `lists` maps the name of each list of the newest revision to its words for readers.
    """

    id: str
    source: str
    status: Status
    revision: int = 0
    announced: int = 0
    fingerprint: str = ""
    error: Error | None = None
    version_id: str | None = None
    title: str = ""
    date: datetime | None = None
    first_date: datetime
    accepted: Accepted | None = None
    ready: Ready | None = None
    live: Live | None = None
    paths: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    turning: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
