"""The stores of the table, handed to each stage, and the transaction over several of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from presswork.aws.backfills import Backfills
from presswork.aws.claims import Claims
from presswork.aws.dead_letters import DeadLetterLog
from presswork.aws.deliveries import DeliveryLog
from presswork.aws.files import Files
from presswork.aws.images import Images
from presswork.aws.invalidations import Invalidations
from presswork.aws.links import Links
from presswork.aws.lists import Lists
from presswork.aws.media import MediaItems
from presswork.aws.posts import Posts
from presswork.aws.sites import Sites
from presswork.aws.sources import Sources
from presswork.aws.table import MOST_WRITES, Table, Write
from presswork.aws.themes import Themes
from presswork.state import PostState, SiteState

__all__ = ["MOST_WRITES", "Stores", "Write"]


@dataclass(frozen=True)
class Stores:
    """One store for each kind of item; what belongs together is written by `write`."""

    table: Table

    @classmethod
    def from_env(cls) -> Self:
        """The stores of the table named by TABLE_NAME."""
        return cls(Table.from_env())

    def write(self, *writes: Write) -> None:
        """All of the writes, or none: raises Changed when a condition does not hold."""
        self.table.write(*writes)

    def post_and_site(self, id: str) -> tuple[PostState | None, SiteState]:
        """A post and the settings in force, as they are now, in one call."""
        return self.table.read_all(self.posts.wanted(id), self.sites.wanted())

    def holds(self, pk: str, sk: str) -> bool:
        """Whether the table holds an item under these keys."""
        return self.table.get(pk, sk) is not None

    @cached_property
    def posts(self) -> Posts:
        """Everything remembered of each post."""
        return Posts(self.table)

    @cached_property
    def sources(self) -> Sources:
        """What the newest look at each key found."""
        return Sources(self.table)

    @cached_property
    def claims(self) -> Claims:
        """Who holds each path and explicit id, and who waits for it."""
        return Claims(self.table)

    @cached_property
    def lists(self) -> Lists:
        """The members of each list, and work that falls due."""
        return Lists(self.table)

    @cached_property
    def links(self) -> Links:
        """What sources are known by, and who links to them."""
        return Links(self.table)

    @cached_property
    def sites(self) -> Sites:
        """The settings in force."""
        return Sites(self.table)

    @cached_property
    def themes(self) -> Themes:
        """The themes that are or were in force."""
        return Themes(self.table)

    @cached_property
    def backfills(self) -> Backfills:
        """How far the newest backfill has come."""
        return Backfills(self.table)

    @cached_property
    def images(self) -> Images:
        """How far each image of the world has come."""
        return Images(self.table)

    @cached_property
    def media(self) -> MediaItems:
        """What the bytes of each original became."""
        return MediaItems(self.table)

    @cached_property
    def files(self) -> Files:
        """Which images are made of each file of ContentBucket."""
        return Files(self.table)

    @cached_property
    def dead_letters(self) -> DeadLetterLog:
        """What the operator was told of dead letters."""
        return DeadLetterLog(self.table)

    @cached_property
    def invalidations(self) -> Invalidations:
        """How many paths the caches were asked to forget."""
        return Invalidations(self.table)

    @cached_property
    def deliveries(self) -> DeliveryLog:
        """What was announced to whom."""
        return DeliveryLog(self.table)
