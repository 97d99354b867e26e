"""The words for a post: what an author wrote, understood."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from presswork.authority import AUTHORS, authority_of
from presswork.deferred import Deferred
from presswork.errors import Rejected


class Model(Deferred, BaseModel):  # ruff knows a model by the second
    """A frozen value: equal by content, safe to share."""

    model_config = ConfigDict(frozen=True)


class Status(StrEnum):
    """What became of a source at its newest look."""

    LIVE = "live"
    UNLISTED = "unlisted"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    WAITING = "waiting"
    REJECTED = "rejected"
    GONE = "gone"
    SKIPPED = "skipped"


UP = frozenset({Status.LIVE, Status.UNLISTED})
"""The outcomes of a look by which a post has a page that readers can see."""


class Visibility(StrEnum):
    """Who finds a post that is no draft: everybody, or who knows its address."""

    PUBLIC = "public"
    UNLISTED = "unlisted"


class Error(Model):
    """Why a source was rejected, where, and the way out; `line` and `column` count from 1."""

    rule: str
    line: int | None = None
    column: int | None = None
    message: str
    fix: str

    @classmethod
    def of(cls, rejected: Rejected) -> "Error":
        """The record of a `Rejected`."""
        return cls(
            rule=rejected.rule,
            line=rejected.line,
            column=rejected.column,
            message=rejected.message,
            fix=rejected.fix,
        )


class Repair(Model):
    """One kind of mending done to a source, how often, and its first instance before and after."""

    rule: str
    line: int | None = None
    count: int = 1
    before: str | None = None
    after: str | None = None


class PostWarning(Model):
    """What readers may not see as the author meant it: left as it was, how often, and the cure.

    `line` is that of the first instance, counted from 1.
    """

    rule: str
    line: int | None = None
    count: int = 1
    message: str
    fix: str


class ImageRef(Model):
    """One distinct image of a post.

    `url` is canonical: absolute, unwrapped from proxies, cache-busters dropped; of an image that
    stands in the source itself it is `ni:///sha-256;…`, made of its bytes. `seen` holds each
    spelling found in the source, in order, proxies included: the fetch ladder falls back on them.
    """

    url: str
    seen: tuple[str, ...]
    alt: str = ""

    @property
    def id(self) -> str:
        """The identity of the image: the sha256 of its canonical URL, in hex."""
        return image_id(self.url)


def image_id(url: str) -> str:
    """The identity of the image with this canonical URL: the URL's sha256, in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


class Heading(Model):
    """A heading of a post's text; `id` is the anchor it has on the page, `level` 1 to 6."""

    level: int
    id: str
    text: str


class Post(Model):
    """A post as its readers get it; the public data form of `index.json` and of the command line.

    `date`, `publish_at`, `updated` and `expires` are UTC instants of whole seconds; `publish_at`
    stands where the post is to appear at another time than its date. An unlisted post has a page
    and stands in no list. `noindex` keeps search engines from it, and `sitemap` is false where
    the sitemap leaves it out. `categories` are paths from
    the root: a chain is `(("a", "b"),)`, parallel ones are `(("a",), ("b",))`. `path` is the page's
    URL path, not percent-encoded: it ends in a slash or in `.html`. `page` says that it stands in
    no list of posts, and its page without a date. `cover` and `images[].url` are canonical URLs.
    `toc` holds the headings in order. `series` names the sequence of posts that this one is a part
    of; `weight` orders posts that the date does not, light ones first. `canonical` is the full
    address of the same text elsewhere, which search engines are to keep.
    `revision` is the fingerprint: hex, equal for equal meaning. `html` is safe.
    """

    id: str
    title: str
    date: datetime
    updated: datetime | None = None
    expires: datetime | None = None
    publish_at: datetime | None = None
    draft: bool = False
    visibility: Visibility = Visibility.PUBLIC
    noindex: bool = False
    sitemap: bool = True
    page: bool = False
    path: str
    slug: str
    lang: str
    authors: tuple[str, ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    series: str | None = None
    weight: int | None = None
    summary: str = ""
    words: int = 0
    reading_minutes: int = 0
    cover: str | None = None
    images: tuple[ImageRef, ...] = ()
    toc: tuple[Heading, ...] = ()
    aliases: tuple[str, ...] = ()
    canonical: str | None = None
    extra: dict[str, Any] = {}
    revision: str = ""
    html: str = ""

    @property
    def appears(self) -> datetime:
        """The instant from which readers may see it: the later of its date and `publish_at`."""
        return max(self.date, self.publish_at or self.date)

    def status(self, now: datetime) -> Status:
        """What becomes of it at an instant, if it holds its claims: whoever lacks one waits."""
        return status_at(now, self.draft, self.visibility, self.appears, self.expires)


def status_at(
    now: datetime,
    draft: bool,
    visibility: Visibility,
    appears: datetime,
    expires: datetime | None,
) -> Status:
    """What becomes of a post at an instant, if it holds its claims."""
    if draft:
        return Status.DRAFT
    if expires is not None and expires <= now:
        return Status.EXPIRED
    if appears > now:
        return Status.SCHEDULED
    return Status.UNLISTED if visibility is Visibility.UNLISTED else Status.LIVE


class Picture(Model):
    """A rehosted image as pages show it: natural size in pixels, and its files.

    `files` maps a width in pixels to the site keys of that width by format, for example
    `{800: {"webp": "-/media/<sha256>/<recipe>/800.webp", "jpeg": "-/media/…/800.jpeg"}}`.
    `placeholder` is its average colour, `#rrggbb`, or empty where nobody knows it.
    """

    width: int
    height: int
    files: dict[int, dict[str, str]]
    placeholder: str = ""


class ImageState(StrEnum):
    """How far an image has come home; owed means waiting to be fetched again."""

    REHOSTED = "rehosted"
    OWED = "owed"
    REFUSED = "refused"
    LOST = "lost"


class Image(Model):
    """The state of one image of a post, or of another file that its author links to.

    Exactly when it is rehosted one of two stands: `picture`, or `file`, the site key of what is no
    image. `media` is then the sha256 of its original, in hex.
    """

    state: ImageState
    picture: Picture | None = None
    media: str | None = None
    file: str | None = None


def images_by_url(post: Post, images: Mapping[str, Image]) -> dict[str, Image]:
    """The images of a post by canonical URL, as pages ask for them, from those by identity."""
    return {ref.url: images[ref.id] for ref in post.images if ref.id in images}


class LinkTarget(Model):
    """A post that others may link to: its id, the key of its source, and the path of its page."""

    post: str
    source: str
    path: str

    @property
    def rank(self) -> tuple[int, int, str]:
        """Where it stands among those of one name: authors' first, then the least deep."""
        return int(authority_of(self.source) != AUTHORS), self.source.count("/"), self.source


class Card(Model):
    """A post as lists show it: at most 1 KB as JSON; `cover` is the site key of a small image.

    `sitemap` is false where the sitemap leaves it out.
    """

    id: str
    path: str
    title: str
    date: datetime
    lang: str
    summary: str = ""
    cover: str | None = None
    sitemap: bool = True
