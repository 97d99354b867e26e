"""What happens to a message for parse: who looks at the key it is about, or what else is done."""

from dataclasses import dataclass
from typing import Self

from presswork.events import Event
from presswork.messages import BackfillPage, CheckTheme, Hint, Message, RerenderPost, unknown
from presswork.stages.parse import settings
from presswork.stages.parse.backfill import Backfill
from presswork.stages.parse.own_files import NO_POST, OwnFiles
from presswork.stages.parse.settings import SiteSettings
from presswork.stages.parse.stage import Parse
from presswork.stages.parse.theme import SiteTheme
from presswork.theme_files import PREFIX


@dataclass(frozen=True)
class KeyRouter:
    """The whole of parse: settings, a theme, posts, files beside posts, and backfills."""

    parse: Parse
    settings: SiteSettings
    theme: SiteTheme
    files: OwnFiles
    backfill: Backfill

    @classmethod
    def from_env(cls) -> Self:
        """The parts as the template wires them."""
        return cls(
            parse=Parse.from_env(),
            settings=SiteSettings.from_env(),
            theme=SiteTheme.from_env(),
            files=OwnFiles.from_env(),
            backfill=Backfill.from_env(),
        )

    def route(self, message: Event | Message) -> str:
        """Does what a message asks for; the answer is what became of it, in a word."""
        match message:
            case Hint():
                return self._look(message)
            case CheckTheme():
                self.theme.look(message.files)
            case RerenderPost():
                self.parse.rerender(message.post, bulk=message.bulk)
            case BackfillPage():
                self.backfill.page(message)
            case _:
                raise unknown("parse", message)
        return message.kind

    def _look(self, hint: Hint) -> str:
        """Has a key looked at; the answer is what became of it."""
        key = hint.key
        if key == settings.KEY:
            self.settings.look()
            return "settings"
        if key.startswith(PREFIX):
            self.theme.debounce()
            return "theme"
        status = self.parse.look(key, hint.sequencer, hint.uploaded, bulk=hint.bulk)
        if status in NO_POST:
            self.files.look(key)
        return status.value
