"""What happens to a message for render: a post is rendered, a file copied, links looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from presswork.events import Event, Type
from presswork.messages import (
    CopyFile,
    MakePath,
    Message,
    RefreshLinks,
    RefreshPostLinks,
    unknown,
)
from presswork.stages.render.stage import Begun, Prospect, Render
from presswork.stages.render.static_files import StaticFiles


@dataclass(frozen=True)
class Rendering:
    """A message that was begun, and what is left to be done for it."""

    message: Event | Message
    left: Begun | None = None

    @property
    def uploaded(self) -> datetime | None:
        """When a post was uploaded that went live."""
        return self.left.uploaded if isinstance(self.left, Prospect) else None


@dataclass(frozen=True)
class RenderRouter:
    """The whole of render: posts, and files that no post is made of."""

    render: Render
    files: StaticFiles

    @classmethod
    def from_env(cls) -> Self:
        """The parts as the template wires them."""
        render = Render.from_env()
        return cls(render, StaticFiles.from_env(render))

    def route(self, message: Event | Message) -> None:
        """Does what a message asks for."""
        self.finish([self.begin(message)])

    def finish(self, begun: Sequence[Rendering]) -> None:
        """Does what is left to be done for messages: pages that are beside several posts once."""
        if left := [each.left for each in begun if each.left is not None]:
            self.render.finish(left)

    def begin(self, message: Event | Message) -> Rendering:
        """Does what a message asks for, but for what others of its batch may ask for as well."""
        match message:
            case Event(type=Type.READY):
                left = self.render.begin(message.data.post, bulk=message.data.bulk)
                return Rendering(message, left)
            case CopyFile():
                self.files.copy(message.key, bulk=message.bulk)
            case MakePath():
                self.render.make(message.path)
            case RefreshLinks():
                self.render.links.send_on(message)
            case RefreshPostLinks():
                self.render.refresh_links(message.post, bulk=message.bulk)
            case _:
                raise unknown("render", message)
        return Rendering(message)
