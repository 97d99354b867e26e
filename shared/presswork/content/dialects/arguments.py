"""What stands in a mark behind its name: words in quotes or without, some of them named."""

import re
from dataclasses import dataclass, field

from presswork.patterns import late

_ARGUMENT = late(
    r"""[\s,|]*+
    (?:(?P<name>[\w-]++)\s*+(?:=|:(?=\s*+["'“”]))\s*+)?+
    (?:"(?P<double>(?:[^"\\]|\\.)*+)" | '(?P<single>(?:[^'\\]|\\.)*+)' | `(?P<back>[^`]*+)`
      | [“”″](?P<curly>[^“”″]*+)[“”″] | (?P<bare>[^\s,]++))""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = late(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Arguments:
    """The arguments of a mark: those without a name in order, and those with one.

    What was written without quotes may be a variable of a template; `bare` has those.
    """

    words: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()

    def get(self, *names: str) -> str:
        """The first of these that is given and not empty; the empty text if none is."""
        return next((self.named[name] for name in names if self.named.get(name)), "")

    def word(self, number: int) -> str:
        """A word by its place; the empty text if there are fewer."""
        return self.words[number] if number < len(self.words) else ""


def arguments_of(given: str) -> Arguments:
    """The arguments in a text; names count without regard to case."""
    words: list[str] = []
    named: dict[str, str] = {}
    bare: set[str] = set()
    for found in _ARGUMENT.finditer(given):
        kind = found.lastgroup or ""
        value = found[kind]
        if kind in ("double", "single") and "\\" in value:
            value = _ESCAPE.sub(r"\1", value)
        name = (found["name"] or "").lower()
        if name:
            named.setdefault(name, value)
        else:
            words.append(value)
        if kind == "bare":
            bare.add(value)
    return Arguments(tuple(words), named, frozenset(bare))
