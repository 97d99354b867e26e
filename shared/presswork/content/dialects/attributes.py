"""Lists of attributes in braces: of kramdown (`{: .x}`), Pandoc, goldmark and others (`{.x}`)."""

import re
from dataclasses import dataclass, field

from presswork.patterns import late

_ITEM = late(
    r"""\s*+(?:
        \.(?P<name>-?\w[\w:-]*+)
        |\#(?P<id>[^\s\#{}"'=<>]++)
        |(?P<key>[\w@][\w:.-]*+)\s*+=\s*+
            (?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|(?P<bare>[^\s"'{}]++))
        |(?P<word>[\w][\w-]*+|-)(?![\w=])
    )""",
    re.VERBOSE | re.DOTALL,
)
LONGEST = 500
"""How many characters a list may have."""


@dataclass(frozen=True)
class Attributes:
    """What a list gives: an id, classes, values by name, and bare words."""

    id: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the list is one beyond doubt: it names an id, a class or a quoted value."""
        return bool(self.id or self.classes or self.values)


def attributes_of(text: str) -> Attributes | None:
    """The attributes that a text between braces gives; None where it is anything else."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    id, at = "", 0
    classes: list[str] = []
    values: dict[str, str] = {}
    words: list[str] = []
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            return None
        at = item.end()
        if item["name"]:
            classes.append(item["name"])
        elif item["id"]:
            id = item["id"]
        elif item["key"]:
            values[item["key"].lower()] = item["double"] or item["single"] or item["bare"] or ""
        else:
            words.append(item["word"])
    return Attributes(values.pop("id", id), tuple(classes), values, tuple(words))
