"""A key of ContentBucket that something happened to, and who looks at it."""

from dataclasses import dataclass
from typing import Self

from presswork.stages.parse import settings
from presswork.stages.parse.own_files import NO_POST, OwnFiles
from presswork.stages.parse.settings import SiteSettings
from presswork.stages.parse.stage import Parse
from presswork.stages.parse.theme import SiteTheme
from presswork.theme_files import PREFIX


@dataclass(frozen=True)
class Look:
    """The whole of parse for one key: settings, a theme, a post, or a file beside posts."""

    parse: Parse
    settings: SiteSettings
    theme: SiteTheme
    files: OwnFiles

    @classmethod
    def from_env(cls) -> Self:
        """The parts as the template wires them."""
        return cls(
            parse=Parse.from_env(),
            settings=SiteSettings.from_env(),
            theme=SiteTheme.from_env(),
            files=OwnFiles.from_env(),
        )

    def at(self, key: str, sequencer: str | None) -> str:
        """Has a key looked at; the answer is what became of it, in a word."""
        if key == settings.KEY:
            self.settings.look()
            return "settings"
        if key.startswith(PREFIX):
            self.theme.notice()
            return "theme"
        status = self.parse.look(key, sequencer)
        if status in NO_POST:
            self.files.look(key)
        return status.value
