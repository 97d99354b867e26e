"""What each file of a content folder becomes, when all of them are there at once: pure.

Who comes first keeps a path, an alias or an explicit id, and who comes later waits. Files of a
folder come in the order of their keys, authors' before webhooks'; whoever is known to hold a claim
already keeps it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Protocol

from presswork import content
from presswork.authority import AUTHORS, NOBODY, AsAuthors, authority_of, may_have
from presswork.content import Parsed, links
from presswork.errors import Rejected
from presswork.post import UP, Error, LinkTarget, Status
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
        return claims_of(post, post.id != content.derived_id(self.key), self.status)

    @property
    def target(self) -> LinkTarget | None:
        """What others may link to: the post, if readers see it."""
        if self.parsed is None or self.status not in UP:
            return None
        post = self.parsed.post
        return LinkTarget(post=post.id, source=self.key, path=post.path)

    @property
    def handles(self) -> tuple[str, ...]:
        """What others may link to it by."""
        return () if self.parsed is None else links.handles_of(self.key, self.parsed.post)


class Claimant(Protocol):
    """A source that needs something for itself alone."""

    @property
    def key(self) -> str:
        """The key of the source."""

    @property
    def claims(self) -> Sequence[str]:
        """What it needs."""


class Placed(Protocol):
    """A post by where it stands."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def path(self) -> str:
        """The path of its page."""

    @property
    def aliases(self) -> Sequence[str]:
        """Other paths that lead to it."""


def claims_of(post: Placed, is_named: bool, status: Status) -> tuple[str, ...]:
    """The paths that a post of this status needs, and its id first, if its author named it."""
    explicit = (post.id,) if is_named else ()
    return (*explicit, post.path, *post.aliases) if status in SHOWS_ITS_PATH else explicit


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
    as_authors: AsAuthors = NOBODY,
) -> list[Outcome]:
    """The outcomes in the order of their keys, those without all of their claims waiting.

    `holders` tells by claim which key holds it already, `last_holders` which held it last of those
    that nobody holds: these are kept for their own authority, and for authors. `as_authors` are the
    sources that rank with authors.
    """
    outcomes = list(outcomes)
    why = waits(outcomes, holders=holders, last_holders=last_holders, as_authors=as_authors)
    resolved = (
        replace(each, status=Status.WAITING, error=why[each.key]) if each.key in why else each
        for each in outcomes
    )
    return sorted(resolved, key=attrgetter("key"))


def waits(
    claimants: Iterable[Claimant],
    *,
    holders: Mapping[str, str] | None = None,
    last_holders: Mapping[str, str] | None = None,
    as_authors: AsAuthors = NOBODY,
) -> dict[str, Error]:
    """Why each waits that does not get all of its claims, by its key."""
    holder_of, kept_for = dict(holders or {}), last_holders or {}
    why: dict[str, Error] = {}

    def lost(claim: str, key: str) -> Error | None:
        """Why a key cannot have a claim, if it cannot."""
        holder = holder_of.get(claim)
        if holder not in (None, key):
            return content.claim_held(claim, key, holder, as_authors)
        last = kept_for.get(claim, key)
        if holder is not None or may_have(key, last, as_authors):
            return None
        return content.claim_kept(claim, last, as_authors)

    def turn(each: Claimant) -> tuple[bool, str]:
        return authority_of(each.key, as_authors) != AUTHORS, each.key

    for each in sorted(claimants, key=turn):
        claims, key = each.claims, each.key
        error = next(filter(None, (lost(claim, key) for claim in claims)), None)
        if error is None:
            holder_of |= dict.fromkeys(claims, key)
        else:
            why[key] = error
    return why
