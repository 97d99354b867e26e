"""What stages send to queues, each message with its `kind`; one of no known kind is an error."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, TypeAdapter, ValidationError

from presswork.post import Model
from presswork.state import BuildId


class UnknownMessage(Exception):
    """A message that no stage knows, or not this one: in the end the DLQ has it."""


MANY_POSTS = 20
"""What one message sends on for more posts than these is bulk work."""


class StageMessage(Model):
    """What all messages have: `correlationid` is that of the upload which caused it, if known.

    `bulk` marks it as one of many, before which goes what an author waits for.
    """

    bulk: bool = False
    correlationid: str | None = None

    def caused_by(self, correlationid: str | None) -> Self:
        """The message as one that an upload causes, unless it names another."""
        if correlationid is None or self.correlationid is not None:
            return self
        return self.model_copy(update={"correlationid": correlationid})


class Hint(StageMessage):
    """Something happened to a key of ContentBucket: look at it; no order of hints is believed.

    `sequencer` is S3's, for who explains a post; `uploaded` is when S3 says that it happened.
    """

    kind: Literal["hint"] = "hint"
    key: str
    sequencer: str | None = None
    uploaded: datetime | None = None

    def caused_by(self, correlationid: str | None) -> Self:  # noqa: ARG002 - see below
        """The hint as it is: what is found at its own key names the upload."""
        return self


class CheckTheme(StageMessage):
    """Look at the theme, if `files` is still the digest of its files."""

    kind: Literal["check_theme"] = "check_theme"
    files: str


class RerenderPost(StageMessage):
    """Have a post rendered again, if it was made with other settings or other software."""

    kind: Literal["rerender_post"] = "rerender_post"
    bulk: bool = True
    post: str


class BackfillPage(StageMessage):
    """Send on a page of all that the site shows, from `after` on, for the build `build`.

    First go the keys of ContentBucket, then the posts that are `gone`.
    """

    kind: Literal["backfill_page"] = "backfill_page"
    bulk: bool = True
    build: BuildId
    after: str = ""
    gone: bool = False

    @property
    def is_first(self) -> bool:
        """Whether nothing was sent on yet."""
        return not self.after and not self.gone


class RetryImage(StageMessage):
    """Fetch an owed image again; with `anew` also if it was refused or given up.

    With `refresh` the origin of one that is home is asked whether it changed.
    """

    kind: Literal["retry_image"] = "retry_image"
    url: str
    anew: bool = False
    refresh: bool = False


class CollectMedia(StageMessage):
    """Take media away if nobody shows them."""

    kind: Literal["collect_media"] = "collect_media"
    bulk: bool = True
    media: str


class RefreshPostImages(StageMessage):
    """Bring the images of a post up to date; `hop` counts continuations."""

    kind: Literal["refresh_post_images"] = "refresh_post_images"
    post: str
    hop: int = 0


class CopyFile(StageMessage):
    """Make the object of a static file what the file is now."""

    kind: Literal["copy_file"] = "copy_file"
    key: str


class MakePath(StageMessage):
    """Make the objects of a path, whoever holds it."""

    kind: Literal["make_path"] = "make_path"
    path: str


class RefreshLinks(StageMessage):
    """Bring a page of those posts up to date that link by `handle`, from `after` on."""

    kind: Literal["refresh_links"] = "refresh_links"
    handle: str
    after: str = ""


class RefreshPostLinks(StageMessage):
    """Look where the links of a post to other sources lead now."""

    kind: Literal["refresh_post_links"] = "refresh_post_links"
    post: str


class PublishBase(StageMessage):
    """Make what a site has before its first post, for the build `build`."""

    kind: Literal["publish_base"] = "publish_base"
    build: BuildId


class MakeLists(StageMessage):
    """Make lists again whose members moved, or had no documents yet; `hop` counts how often."""

    kind: Literal["make_lists"] = "make_lists"
    lists: tuple[str, ...]
    hop: int


class ListPosts(StageMessage):
    """Bring the lists of posts up to date that a batch had no time for."""

    kind: Literal["list_posts"] = "list_posts"
    posts: tuple[str, ...]


class InvalidateSite(StageMessage):
    """Have the caches forget all that they took `before` an instant, once for all who ask so."""

    kind: Literal["invalidate_site"] = "invalidate_site"
    before: datetime


class SendDigest(StageMessage):
    """Tell at once, on a channel, what was put off until an instant."""

    kind: Literal["send_digest"] = "send_digest"
    channel: str
    until: datetime


class RemindAuthor(StageMessage):
    """Tell the author if this revision of a post still waits."""

    kind: Literal["remind_author"] = "remind_author"
    post: str
    revision: int


class TellAuthor(StageMessage):
    """Tell the author what keeps a post, a file, the settings or the theme from going live.

    `version` is that of the error, if it was told of before: nothing else is told then.
    """

    kind: Literal["tell_author"] = "tell_author"
    post: str
    key: str
    revision: int
    version: str = ""


class TellWhenQuiet(StageMessage):
    """Tell followers of a post if this is still its newest revision; `since` it was to be told."""

    kind: Literal["tell_when_quiet"] = "tell_when_quiet"
    post: str
    revision: int
    since: datetime


Message = (
    Hint
    | CheckTheme
    | RerenderPost
    | BackfillPage
    | RetryImage
    | CollectMedia
    | RefreshPostImages
    | CopyFile
    | MakePath
    | RefreshLinks
    | RefreshPostLinks
    | PublishBase
    | MakeLists
    | ListPosts
    | InvalidateSite
    | SendDigest
    | RemindAuthor
    | TellAuthor
    | TellWhenQuiet
)

_MESSAGE: TypeAdapter[Message] = TypeAdapter(
    Annotated[Message, Discriminator("kind")], config=ConfigDict(defer_build=True)
)


def read(body: Mapping[str, Any]) -> Message:
    """The message that a stage sent; raises UnknownMessage for anything else."""
    try:
        return _MESSAGE.validate_python(body)
    except ValidationError as error:
        raise UnknownMessage(f"no stage knows the message {dict(body)!r}") from error


def unknown(stage: str, message: object) -> UnknownMessage:
    """What a stage raises for a message that is another's."""
    return UnknownMessage(f"{stage} does not know the message {message!r}")
