"""What was mended in a source, and what was left that readers may not see as it was meant."""

from dataclasses import dataclass

from presswork.invisible import spelled_out, visible
from presswork.post import PostWarning, Repair

_LONGEST = 200


@dataclass
class _Tally:
    line: int | None
    before: str | None
    after: str | None
    count: int = 0


@dataclass
class _Left:
    line: int | None
    fix: str
    count: int = 0


class RepairLog:
    """Collects repairs, one for each rule, and warnings, one for each rule and message.

    Both stand in the order of their first instance.
    """

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        self._tallies: dict[str, _Tally] = {}
        self._left: dict[tuple[str, str], _Left] = {}
        self._mended: list[str] = []

    def add(
        self,
        rule: str,
        *,
        before: str | None = None,
        after: str | None = None,
        sign: str = "",
        line: int | None = None,
    ) -> None:
        """Counts a mending; the first of a rule is shown, on `line`, or where `sign` stands."""
        tally = self._tallies.get(rule)
        if tally is None:
            found = self._line_of(sign) if line is None else line
            tally = _Tally(found, _shortened(before), _shortened(after))
            self._tallies[rule] = tally
        tally.count += 1
        if before is not None:
            self._mended.append(before)

    def visible(self, text: str, line: int | None) -> str:
        """A name that people compare by eye without the signs in it that nobody sees."""
        seen = visible(text)
        if seen != text:
            self.add("invisible-sign", before=spelled_out(text), after=seen, line=line)
        return seen

    def add_warning(
        self, rule: str, message: str, fix: str, *, sign: str = "", line: int | None = None
    ) -> None:
        """Counts what was left; the first stands on `line`, or where `sign` stands in the body."""
        left = self._left.get((rule, message))
        if left is None:
            left = _Left(self._line_of(sign) if line is None else line, fix)
            self._left[rule, message] = left
        left.count += 1

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

    def warnings(self) -> tuple[PostWarning, ...]:
        """All that was left."""
        return tuple(
            PostWarning(rule=rule, line=left.line, count=left.count, message=message, fix=left.fix)
            for (rule, message), left in self._left.items()
        )

    def mended(self) -> tuple[str, ...]:
        """All that stood where something was mended, whole."""
        return tuple(self._mended)

    def _line_of(self, sign: str) -> int | None:
        found = self._text.find(sign) if sign else -1
        return self._first_line + self._text.count("\n", 0, found) if found >= 0 else None


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
