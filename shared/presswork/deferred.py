"""Models that are built when they are first used.

A function starts without building those that it has no use for. What pydantic makes of a model
takes ten times as long as the class itself.
"""

from threading import RLock
from typing import Any

from pydantic import BaseModel, ConfigDict

_BUILDING = RLock()


class Deferred(BaseModel):
    """A model that is built when it is first used, once, whatever threads use it at that time."""

    model_config = ConfigDict(defer_build=True)

    # pydantic builds by this, and up to 2.13 in as many threads as ask for it: one of them may then
    # find the class between two states, and check by the rules of another.
    @classmethod
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Builds the model, unless another thread has."""
        with _BUILDING:
            return super().model_rebuild(**options)
