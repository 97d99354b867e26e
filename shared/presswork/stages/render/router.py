"""What happens to a message for render: a post is rendered, a file copied, links looked at."""

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
from presswork.stages.render.stage import Render
from presswork.stages.render.static_files import StaticFiles


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

    def route(self, message: Event | Message) -> datetime | None:
        """Does what a message asks for; the answer is when a post was uploaded that went live."""
        match message:
            case Event(type=Type.READY):
                return self.render.render(message.data.post, bulk=message.data.bulk)
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
        return None
