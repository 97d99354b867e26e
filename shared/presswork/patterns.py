"""Regular expressions that are compiled when they are first used.

Reading a post knows some three hundred, and few posts need half of them; compiling all takes a
quarter of the time that a function takes to start.
"""

import re
from typing import Any, AnyStr, cast


class LatePattern:
    """What a pattern is to who uses it; the methods that were asked for once are its own."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """What the compiled pattern has by this name."""
        found = getattr(self.compiled(), name)
        setattr(self, name, found)
        return found

    def compiled(self) -> "re.Pattern[Any]":
        """The pattern itself; the module `re` remembers it."""
        return re.compile(self.pattern, self._flags)


def late(pattern: AnyStr, flags: int = 0) -> "re.Pattern[AnyStr]":
    """A pattern that is compiled when it is first used."""
    return cast("re.Pattern[AnyStr]", LatePattern(pattern, flags))
