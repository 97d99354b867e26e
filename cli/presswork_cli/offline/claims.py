"""What each file of a content folder becomes, when all of them are there at once: pure.

Who comes first keeps a path, an alias or an explicit id, and who comes later waits. Files of a
folder come in the order of their keys, authors' before webhooks'; whoever is known to hold a claim
already keeps it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from presswork import content
from presswork.authority import may_have, source_of
from presswork.content import Parsed
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork.settings import Site
from presswork.state import SHOWS_ITS_PATH


@dataclass(frozen=True)
class Outcome:
    """What a file says: its post, or why there is none.

    `reason` says why what looks like a post is none.
    """

    key: str
    status: Status
    parsed: Parsed | None = None
    error: Error | None = None
    reason: str | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        """The explicit id and the paths that the post needs for itself alone, the id first."""
        if self.parsed is None:
            return ()
        post = self.parsed.post
        explicit = () if post.id == content.derived_id(self.key) else (post.id,)
        holds_paths = self.status in SHOWS_ITS_PATH
        return (*explicit, post.path, *post.aliases) if holds_paths else explicit


def read(
    key: str, data: bytes, site: Site, theme: str, *, uploaded: datetime, now: datetime
) -> Outcome:
    """What a file says by itself at an instant; `theme` is the digest of the theme in force."""
    if not content.is_post(key, data):
        return Outcome(key, Status.SKIPPED, reason=content.why_skipped(key, data))
    try:
        parsed = content.parse(data, key, site, uploaded=uploaded, theme=theme)
    except Rejected as rejected:
        return Outcome(key, Status.REJECTED, error=Error.of(rejected))
    return Outcome(key, parsed.post.status(now), parsed)


def resolve_claims(
    outcomes: Iterable[Outcome],
    *,
    holders: Mapping[str, str] | None = None,
    last_holders: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """The outcomes in the order of their keys, those without all of their claims waiting.

    `holders` tells by claim which key holds it already, `last_holders` which held it last of those
    that nobody holds: these are kept for their own authority, and for authors.
    """
    holder_of, kept_for = dict(holders or {}), last_holders or {}
    resolved = []
    for outcome in sorted(outcomes, key=lambda each: (source_of(each.key) is not None, each.key)):
        key = outcome.key
        error = next(
            filter(None, (_lost(c, key, holder_of, kept_for) for c in outcome.claims)), None
        )
        if error is None:
            holder_of |= dict.fromkeys(outcome.claims, key)
            resolved.append(outcome)
        else:
            resolved.append(replace(outcome, status=Status.WAITING, error=error))
    return sorted(resolved, key=attrgetter("key"))


def _lost(
    claim: str, key: str, holder_of: Mapping[str, str], kept_for: Mapping[str, str]
) -> Error | None:
    """Why a key cannot have a claim, if it cannot."""
    if holder_of.get(claim, key) != key:
        return content.claim_held(claim, key, holder_of[claim])
    last = kept_for.get(claim, key)
    return None if claim in holder_of or may_have(key, last) else content.claim_kept(claim, last)
