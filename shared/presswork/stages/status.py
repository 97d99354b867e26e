"""status: tells a sender what became of the version of a post that it sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from urllib.parse import quote

from presswork.aws.clients import variable
from presswork.aws.posts import Posts
from presswork.aws.secrets import Secrets
from presswork.aws.sources import Sources
from presswork.clock import utc_now
from presswork.http_api import Refusal
from presswork.post import UP, Error, Model, Status
from presswork.state import PostState, Source
from presswork.status_links import Expired, StatusLink

__all__ = ["Outcome", "OutcomeStatus", "Refusal", "StatusReader", "outcome_of"]


class OutcomeStatus(StrEnum):
    """What became of a version: on its way, at an end, or in the place of another.

    `ACCEPTED` has yet to come to its end; `REPLACED` had to make room for a later one.
    """

    ACCEPTED = "accepted"
    LIVE = "live"
    UNLISTED = "unlisted"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    WAITING = "waiting"
    REJECTED = "rejected"
    REMOVED = "removed"
    SKIPPED = "skipped"
    REPLACED = "replaced"


class Outcome(Model):
    """What a sender is told.

    `url` is where readers see the post now, also if that is its last good version. `error` says why
    a version was rejected, or who has what it waits for, with line and cure. `due` is when a
    scheduled post appears.
    """

    key: str
    status: OutcomeStatus
    url: str | None = None
    error: Error | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class StatusReader:
    """Who has a signed address reads of one key, and of no other."""

    sources: Sources
    posts: Posts
    secrets: Secrets
    secret_name: str
    site_url: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it."""
        return cls(
            sources=Sources.from_env(),
            posts=Posts.from_env(),
            secrets=Secrets.from_env(),
            secret_name=variable("STATUS_SECRET"),
            site_url=variable("SITE_URL"),
        )

    def read(self, token: str) -> Outcome:
        """What became of the version that a token stands for; Refusal where it stands for none."""
        secret = self.secrets.read(self.secret_name)
        try:
            link = StatusLink.read(token, secret, self.clock()) if secret else None
        except Expired as error:
            why = "This address was good for seven days: send the post again for a new one."
            raise Refusal(410, why) from error
        if link is None:
            why = "There is no such status: take the status_url of an answer of the webhook whole."
            raise Refusal(404, why)
        source = self.sources.read(link.key)
        post = self.posts.read(source.post) if source and source.post else None
        return outcome_of(link, source, post, self.site_url)


def outcome_of(
    link: StatusLink, source: Source | None, post: PostState | None, site_url: str
) -> Outcome:
    """What became of a version, by what the table knows of its key."""
    if source is None:
        return Outcome(key=link.key, status=OutcomeStatus.ACCEPTED)
    if source.version_id != link.version_id:
        return Outcome(key=link.key, status=_of_another(link, source))
    if post is not None and post.source != link.key:
        post = None
    live = post.live if post is not None and post.live is not None and post.live.up else None
    return Outcome(
        key=link.key,
        status=_status(source, post),
        url=site_url + quote(live.path) if live is not None else None,
        error=source.error,
        due=source.due if source.status is Status.SCHEDULED else None,
    )


def _of_another(link: StatusLink, source: Source) -> OutcomeStatus:
    """What a look that found another version tells: whether it began after this one was there."""
    if source.looked is None or source.looked < link.written:
        return OutcomeStatus.ACCEPTED
    return OutcomeStatus.REMOVED if source.version_id is None else OutcomeStatus.REPLACED


def _status(source: Source, post: PostState | None) -> OutcomeStatus:
    """How far the version has come that the newest look found."""
    live = post.live if post is not None and post.live is not None and post.live.up else None
    accepted = post.accepted if post is not None else None
    match source.status:
        case Status.REJECTED | Status.WAITING | Status.SKIPPED:
            return OutcomeStatus(source.status.value)
        case status if status in UP:
            if live is None or accepted is None or live.revision < accepted.revision:
                return OutcomeStatus.ACCEPTED
            return OutcomeStatus(status.value)
        case _ if live is not None or (post is not None and post.pending_index.known):
            return OutcomeStatus.ACCEPTED  # its page, or a list, is yet to be taken down
        case Status.GONE:
            return OutcomeStatus.REMOVED
        case status:
            return OutcomeStatus(status.value)
