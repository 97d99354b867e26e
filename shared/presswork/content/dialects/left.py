"""What a translation leaves as it is: collected, and told once for each name with its lines."""

from dataclasses import dataclass, field

from presswork.content.dialects.origin import Origin

_MOST_LINES = 100


@dataclass
class Left:
    """Marks that no table knows, by name; `before` lines stand in front of the text they are in."""

    origin: Origin
    before: int = 0
    _lines: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)

    def add(self, rule: str, name: str, said: str, fix: str, line: int) -> None:
        """Counts one, of which something is `said`; `line` is that of the text, from 0."""
        lines = self._lines.setdefault((rule, name, said, fix), [])
        lines.append(self.origin.first_line + self.before + line)

    def tell(self) -> None:
        """Warns of all: once for each name, for the cure is one, with the lines."""
        for (rule, name, said, fix), lines in self._lines.items():
            message = f"{name} {_spelled(list(dict.fromkeys(lines)))} {said}"
            for _ in lines:
                self.origin.log.add_warning(rule, message, fix, line=lines[0])


def _spelled(lines: list[int]) -> str:
    shown = [str(line) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        return f"on lines {', '.join(shown)} and {len(lines) - _MOST_LINES} more"
    return (
        f"on line {shown[0]}"
        if len(shown) == 1
        else (f"on lines {', '.join(shown[:-1])} and {shown[-1]}")
    )
