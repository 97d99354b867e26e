"""The settings in force."""

from dataclasses import dataclass

from presswork.aws.table import Attr, Put, Table
from presswork.post import Error, Model
from presswork.settings import Site

_PK, _SK = "SITE", "META"


class SiteState(Model):
    """The settings in force, their revision, and the error that keeps a newer file from force."""

    revision: int = 0
    lock: int = 0
    version_id: str | None = None
    site: Site = Site()
    error: Error | None = None

    def effective(self, site_url: str) -> Site:
        """The settings, with the address the site was deployed at where they name none."""
        return self.site.model_copy(update={"base_url": self.site.base_url or site_url})


@dataclass(frozen=True)
class Sites:
    """The item `SITE` / `META`: the fields of `SiteState`; absent means all defaults."""

    table: Table

    def read(self) -> SiteState:
        """The settings in force."""
        item = self.table.get(_PK, _SK)
        return SiteState() if item is None else SiteState.model_validate(item)

    def commit(self, state: SiteState) -> None:
        """Puts settings in force; raises Changed when another look was finished meanwhile."""
        unlocked = Attr("lock").not_exists() if state.lock == 1 else Attr("lock").eq(state.lock - 1)
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json"), unlocked))
