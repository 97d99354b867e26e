"""What each file of a content folder becomes, when all of them are there at once: pure.

Who comes first keeps a path, an alias or an explicit id, and who comes later waits. Files of a
folder come in the order of their keys; whoever is known to hold a claim already keeps it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from presswork import content
from presswork.content import Parsed
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork.settings import Site


@dataclass(frozen=True)
class Outcome:
    """What a file says: its post, or why there is none."""

    key: str
    status: Status
    parsed: Parsed | None = None
    error: Error | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        """The explicit id and the paths that the post needs for itself alone, the id first."""
        if self.parsed is None:
            return ()
        post = self.parsed.post
        named = () if post.id == content.derived_id(self.key) else (post.id,)
        shown = self.status in (Status.LIVE, Status.SCHEDULED)
        return (*named, post.path, *post.aliases) if shown else named


def read(key: str, data: bytes, site: Site, *, uploaded: datetime, now: datetime) -> Outcome:
    """What a file says by itself at an instant."""
    if not content.is_post(key, data):
        return Outcome(key, Status.SKIPPED)
    try:
        parsed = content.parse(data, key, site, uploaded=uploaded)
    except Rejected as rejected:
        return Outcome(key, Status.REJECTED, error=Error.of(rejected))
    post = parsed.post
    if post.draft:
        status = Status.DRAFT
    elif post.expires is not None and post.expires <= now:
        status = Status.EXPIRED
    else:
        status = Status.SCHEDULED if post.date > now else Status.LIVE
    return Outcome(key, status, parsed)


def resolve_claims(
    outcomes: Iterable[Outcome], *, holders: Mapping[str, str] | None = None
) -> list[Outcome]:
    """The outcomes in the order of their keys, those without all of their claims waiting.

    `holders` tells by claim which key holds it already.
    """
    taken = dict(holders or {})
    settled = []
    for outcome in sorted(outcomes, key=lambda each: each.key):
        held = next((c for c in outcome.claims if taken.get(c, outcome.key) != outcome.key), None)
        if held is None:
            taken |= dict.fromkeys(outcome.claims, outcome.key)
            settled.append(outcome)
        else:
            error = _held(held, taken[held])
            settled.append(replace(outcome, status=Status.WAITING, error=error))
    return settled


def _held(claim: str, holder: str) -> Error:
    return Error(
        rule="claim.held",
        message=f"{claim} belongs to {holder}.",
        fix=f"Give this post another slug, path or id, or remove {holder}.",
    )
