"""The settings in force."""

from dataclasses import dataclass

from presswork import __version__
from presswork.aws.table import Attr, Put, Table, Update
from presswork.aws.themes import Themes
from presswork.post import Error, Model
from presswork.settings import Site

_PK, _SK = "SITE", "META"


class Broken(Model):
    """What is wrong with a theme, and in which of its files."""

    file: str
    error: Error


class SiteState(Model):
    """The settings in force, the error that keeps newer ones from it, and what was made of them.

    `theme` is the digest of the theme in force, `theme_error` what keeps a newer one from it, and
    `theme_seen` tells the files that were looked at last. `rebuild` counts the times that an
    operator had the site made again.
    """

    revision: int = 0
    rebuild: int = 0
    lock: int = 0
    version_id: str | None = None
    site: Site = Site()
    error: Error | None = None
    theme: str = ""
    theme_error: Broken | None = None
    theme_seen: str = ""
    furnished: str = ""
    swept: str = ""

    @property
    def furnishing(self) -> str:
        """The settings, the theme and the software that every object is to be made with.

        That, and the rebuild that it is to be made in.
        """
        again = f".{self.rebuild}" if self.rebuild else ""
        return f"{self.revision}{again}/{__version__}"

    def is_rebuilding(self, furnishing: str) -> bool:
        """Whether what was made so has yet to be made again by the newest rebuild."""
        _, _, rebuild = furnishing.partition("/")[0].partition(".")
        return self.rebuild > int(rebuild or 0)

    def effective(self, site_url: str) -> Site:
        """The settings, with the address the site was deployed at where they name none."""
        return self.site.model_copy(update={"base_url": self.site.base_url or site_url})


@dataclass(frozen=True)
class Sites:
    """The item `SITE` / `META`: the fields of `SiteState`; absent means all defaults."""

    table: Table

    def read(self) -> SiteState:
        """The settings in force, with the theme in force."""
        item = self.table.get(_PK, _SK)
        state = SiteState() if item is None else SiteState.model_validate(item)
        site = state.site.with_overrides(Themes(self.table).read(state.theme))
        return state.model_copy(update={"site": site})

    def furnished(self, furnishing: str) -> None:
        """Notes what home and error pages were last made with."""
        self.table.write(Update(_PK, _SK, {"furnished": furnishing}))

    def swept(self, furnishing: str) -> None:
        """Notes what every post was last sent through the stages for."""
        self.table.write(Update(_PK, _SK, {"swept": furnishing}))

    def commit(self, state: SiteState) -> None:
        """Puts settings in force; raises Changed when another look was finished meanwhile."""
        unlocked = Attr("lock").not_exists() if state.lock == 1 else Attr("lock").eq(state.lock - 1)
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json"), unlocked))
