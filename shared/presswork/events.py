"""What happened to a post, as every stage and every subscriber hears it.

One envelope with the field names of CloudEvents 1.0 (section "Context Attributes"), and of its
extension "Correlation". Events are hints: they carry ids, never content, and a receiver reads the
state before it acts.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from presswork.post import Model


class Type(StrEnum):
    """The kinds of event, in the past tense."""

    PARSED = "post.parsed"
    READY = "post.ready"
    LIVE = "post.live"
    LISTED = "post.listed"
    HEALED = "post.healed"
    REMOVED = "post.removed"
    REJECTED = "post.rejected"
    WAITING = "post.waiting"


class Data(Model):
    """Which post, from which source key; `reason` says why a removed post went.

    `bulk` says that it is one of many, of a backfill or an import, for which nobody waits.
    """

    post: str
    key: str
    revision: int
    reason: str | None = None
    bulk: bool = False


class Event(Model):
    """One CloudEvent; `id` is the same whenever the same thing is announced again.

    `correlationid` is that of the upload which caused it, as far as that is known.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: Literal["presswork"] = "presswork"
    type: Type
    subject: str
    time: datetime
    data: Data
    correlationid: str | None = None

    @classmethod
    def of(
        cls,
        type: Type,
        *,
        post: str,
        key: str,
        revision: int,
        generation: int = 0,
        reason: str | None = None,
        correlationid: str | None = None,
        bulk: bool = False,
        now: datetime,
    ) -> "Event":
        """An event about `post`; `generation` tells apart repeated happenings to one revision."""
        return cls(
            id=f"{post}.{revision}.{generation}.{type.value}",
            type=type,
            subject=key,
            time=now.astimezone(UTC).replace(microsecond=0),
            data=Data(post=post, key=key, revision=revision, reason=reason, bulk=bulk),
            correlationid=correlationid,
        )
