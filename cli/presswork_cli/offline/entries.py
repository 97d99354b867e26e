"""What the plan of a site knows of each post: no text of it, so that a hundred thousand have room.

Each value is told by its digest: two that are told alike have the same pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from presswork import site
from presswork.post import Card, Image, Post
from presswork.settings import Site

PERIOD = "period:"
"""What the name of a list by time begins with."""


@dataclass(frozen=True)
class RenderedPost:
    """A post that readers see, and its images by their addresses, as far as they have come."""

    post: Post
    images: Mapping[str, Image] = field(default_factory=dict)


class ListedCard:
    """A card as JSON, which is made a card where a list is rendered; told by its digest."""

    def __init__(self, digest: str, json: Callable[[], str]) -> None:
        self.digest = digest
        self._json = json

    @classmethod
    def of(cls, json: str) -> "ListedCard":
        """The card of this JSON."""
        return cls(sha256(json.encode()).hexdigest()[:16], lambda: json)

    def __repr__(self) -> str:
        """What it is told by."""
        return self.digest

    @cached_property
    def card(self) -> Card:
        """The card itself."""
        return Card.model_validate_json(self._json())


class Entry(NamedTuple):
    """A post in the plan: where it stands, the lists it is in, and the digest of all it shows.

    `date` is its instant in UTC, as texts of such are sorted. `lists` have their words.
    """

    id: str
    date: str
    path: str
    aliases: tuple[str, ...]
    lists: Mapping[str, str]
    series: str | None
    tag: str | None
    listed: ListedCard
    digest: str

    def __repr__(self) -> str:
        """What it is told by."""
        return self.digest

    @property
    def period(self) -> str:
        """The smallest period it is in, which begins with its day on the site; empty for a page."""
        name = next((name for name in self.lists if name.startswith(PERIOD)), "")
        return name.removeprefix(PERIOD)


def entry_of(settings: Site, rendered: RenderedPost) -> Entry:
    """The entry of a post and its images."""
    post, images = rendered.post, rendered.images
    whole = post.model_dump_json() + repr(sorted(images.items()))
    around = site.lists_around(settings, post)
    return Entry(
        id=post.id,
        date=post.date.astimezone(UTC).isoformat(),
        path=post.path,
        aliases=post.aliases,
        lists=site.lists_of(settings, post),
        series=around.series,
        tag=around.tag,
        listed=ListedCard.of(site.card(post, images).model_dump_json()),
        digest=sha256(whole.encode()).hexdigest()[:32],
    )
