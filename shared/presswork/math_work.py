r"""How much of a formula its library reads twice, pure.

What stands behind a bracket that nothing closes it reads twice, and so the argument of a command
such as `\pmod`: the work doubles with every one of these. A bracket that is an argument, as in
`\hat )`, neither closes another nor is closed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from presswork.patterns import late

Arguments = Callable[[str], int | None]
"""How many arguments a command takes, by its name; None where that is not known."""

_UNKNOWN = 4
_OPENING = "⌈⌊⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼"
_CLOSING = "".join(chr(ord(bracket) + 1) for bracket in _OPENING)
_SIDES = (
    "brace|Brace|brack|ang|angle|Angle|vert|Vert|floor|ceil|group|moustache|paren|corner",
    "brack|bracket|angle|parenthesis|corner",
)
_ANY = r"\s*(?:\\[A-Za-z]+|\\?.)"
_READING_AGAIN = r"(?:pmod|pod|mathchoice|[Bb]ra|[Kk]et|[Bb]raket|[Ss]et)(?![A-Za-z])"
_INNER = rf"(?:(?!\\{_READING_AGAIN})[^{{}}])"
_GREEK = (
    "[Aa]lpha|[Bb]eta|[Gg]amma|[Dd]elta|[Ee]psilon|[Zz]eta|[Ee]ta|[Tt]heta|[Ii]ota|[Kk]appa|[Ll]ambda|"
    "[Mm]u|[Nn]u|[Xx]i|[Pp]i|[Rr]ho|[Ss]igma|[Tt]au|[Uu]psilon|[Pp]hi|[Cc]hi|[Pp]si|[Oo]mega|varphi"
)
_PLAIN = rf"[^\W_]|\\(?:{_GREEK})(?![A-Za-z])|\{{(?:{_INNER}|\{{{_INNER}*+\}})*+\}}"


def _names(side: str) -> str:
    corners = f"ul?{side}corner|l{side}corner"
    return rf"\\(?:{side}(?:{_SIDES[0]})|{side}{side}(?:{_SIDES[1]})|{corners})(?![A-Za-z])"


_OPEN = rf"[(\[{_OPENING}]|\\\{{|\\[Bb]igg?l(?![A-Za-z]){_ANY}|{_names('l')}"
_AGAIN = rf"\\(?P<again>{_READING_AGAIN})(?!\s*(?:{_PLAIN}))"
_TWICE = late(rf"{_OPEN}|{_AGAIN}", re.DOTALL)
_TOKEN = late(
    rf"""(?P<nothing>%[^\n]*+\n?|\s++|'|\\[,;:!>\s])
    |(?P<cell>&|\\\\(?:\s*\[\s*-?[\d.]+\s*[a-z][a-z]\s*\])?)
    |(?P<start>\\left(?![A-Za-z]){_ANY}|\\begin(?![A-Za-z])(?:\s*\{{[^{{}}]*+\}})?|\{{)
    |(?P<end>\\right(?![A-Za-z]){_ANY}|\\end(?![A-Za-z])(?:\s*\{{[^{{}}]*+\}})?|\}})
    |(?P<sized>\\(?:[Bb]igg?m?|middle)(?![A-Za-z]){_ANY})
    |(?P<open>{_OPEN})
    |(?P<close>[)\]{_CLOSING}]|\\\}}|\\[Bb]igg?r(?![A-Za-z]){_ANY}|{_names("r")})
    |(?P<root>\\(?:sqrt|xleftarrow|xrightarrow)\s*\[[^\[\]{{}}()\\%]*+\])
    |{_AGAIN}
    |\\(?P<command>[A-Za-z]+\*?)
    |(?P<script>[_^])
    |\\?.""",
    re.DOTALL | re.VERBOSE,
)


@dataclass
class _Group:
    """A group that is being read: its brackets without an end, and arguments that are missing.

    What is `sure` can no longer be closed.
    """

    opening: str = ""
    left: int = 0
    sure: int = 0
    largest: int = 0
    total: int = 0
    owed: int = 0

    def end_cell(self) -> None:
        """Nothing is read again beyond a cell."""
        cell = self.left + self.sure
        self.largest, self.total = max(self.largest, cell), self.total + cell
        self.left = self.sure = self.owed = 0

    def left_behind(self, end: str) -> int:
        """What it adds to the group around it; all of its cells, if it has not its own end."""
        self.end_cell()
        is_table = self.opening.startswith("\\begin") and end.startswith("\\end")
        return self.largest if is_table else self.total

    def take(self, arguments: int = 0) -> None:
        """Reads something that is an argument where one is missing, and has some itself."""
        self.owed = max(self.owed - 1, 0) + arguments

    def read(self, kind: str) -> None:
        """Reads a bracket, the sign of a cell or a script, or anything else that stands alone."""
        match kind:
            case "cell" if self.opening.startswith("\\begin"):
                self.end_cell()
            case "script":
                self.owed += 1
            case "open" if not self.owed:
                self.left += 1
            case "close" if not self.owed:
                self.left = max(self.left - 1, 0)
            case _:
                self.sure += kind == "open"
                self.take(kind == "root")


def read_twice(tex: str, arguments: Arguments) -> int:
    """How many parts of a formula may be read twice, each with all such parts behind it.

    Where it is not sure, it counts too many.
    """
    most = sum(1 for _ in _TWICE.finditer(tex))
    return min(most, _left(tex, arguments)) if most else 0


def _left(tex: str, arguments: Arguments) -> int:
    groups = [_Group()]
    for token in _TOKEN.finditer(tex):
        group, kind = groups[-1], token.lastgroup or ""
        if kind == "start":
            groups.append(_Group(token[0]))
        elif kind == "end" and len(groups) > 1:
            groups[-2].sure += groups.pop().left_behind(token[0])
            groups[-1].take()
        elif kind in ("again", "command"):
            known = arguments(token[kind])
            group.sure += kind == "again"
            group.take(_UNKNOWN if known is None else known)
        elif kind != "nothing":
            group.read(kind)
    while len(groups) > 1:
        groups[-2].sure += groups.pop().left_behind("")
    return groups[0].left + groups[0].sure
