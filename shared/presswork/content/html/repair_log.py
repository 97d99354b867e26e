"""What was mended in a source, as its author will read it."""

from dataclasses import dataclass

from presswork.post import Repair

_LONGEST = 200


@dataclass
class _Tally:
    line: int | None
    before: str | None
    after: str | None
    count: int = 0


class RepairLog:
    """Collects mendings: one `Repair` for each rule, in the order of their first application."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        self._tallies: dict[str, _Tally] = {}

    def add(
        self, rule: str, *, before: str | None = None, after: str | None = None, sign: str = ""
    ) -> None:
        """Counts a mending; the first of a rule is shown, on the line where `sign` first stands."""
        tally = self._tallies.get(rule)
        if tally is None:
            tally = _Tally(self._line_of(sign), _shortened(before), _shortened(after))
            self._tallies[rule] = tally
        tally.count += 1

    def repairs(self) -> tuple[Repair, ...]:
        """All that was mended."""
        return tuple(
            Repair(
                rule=rule,
                line=tally.line,
                count=tally.count,
                before=tally.before,
                after=tally.after,
            )
            for rule, tally in self._tallies.items()
        )

    def _line_of(self, sign: str) -> int | None:
        found = self._text.find(sign) if sign else -1
        return self._first_line + self._text.count("\n", 0, found) if found >= 0 else None


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
