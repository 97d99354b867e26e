"""The settings in force."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, ConditionBase, Item, Put, Table, Update, Wanted
from presswork.errors import RetryLater
from presswork.state import BuildId, SiteState

_PK, _SK = "SITE", "META"

IMPORTING = "importing"
"""The attribute of the item while a state is imported: the digest of its file."""


@dataclass(frozen=True)
class Sites:
    """The item `SITE` / `META`: the fields of `SiteState`; absent means all defaults.

    While it says `importing`, the table is no state to work from, and no stage does: each reads the
    site before it writes.
    """

    table: Table

    def read(self) -> SiteState:
        """The settings in force, and which theme is; RetryLater while a state is imported."""
        return self.table.read(self.wanted())

    @staticmethod
    def wanted() -> Wanted[SiteState]:
        """The item, to be read together with others."""
        return Wanted(_PK, _SK, _state)

    def base_published(self, build: BuildId) -> None:
        """Notes what the base pages were last made with, unless other settings are in force now.

        Those have a message of their own, which may have been done before.
        """
        values = {"base_published": build.model_dump(mode="json")}
        in_force = _is("revision", build.settings) & _is("rebuild", build.rebuild)
        with suppress(Changed):
            self.table.write(Update(_PK, _SK, values, in_force))

    def backfilled(self, build: BuildId) -> None:
        """Notes what every post was last sent through the stages for."""
        self.table.write(Update(_PK, _SK, {"backfilled": build.model_dump(mode="json")}))

    def redirected(self, paths: Iterable[str]) -> None:
        """Notes the addresses at which redirects may have left a stub."""
        self.table.write(Update(_PK, _SK, {"redirected": list(paths)}))

    def commit(self, state: SiteState) -> None:
        """Puts settings in force; raises Changed when another look was finished meanwhile."""
        as_read = Attr("lock_version").eq(state.lock_version - 1)
        unlocked = Attr("lock_version").not_exists() if state.lock_version == 1 else as_read
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json"), unlocked))


def _is(name: str, number: int) -> ConditionBase:
    return Attr(name).eq(number) | Attr(name).not_exists()


def _state(item: Item | None) -> SiteState:
    if item is not None and IMPORTING in item:
        raise RetryLater("a state is being imported: `presswork import-state` ends it")
    return SiteState() if item is None else SiteState.model_validate(item)
