"""What an importer meets again and again in one export: told once, with all its places."""

from collections.abc import Mapping
from typing import NamedTuple

from presswork_cli.moving.blog import Note

_MOST_PLACES = 20

Place = int | str
"""A line of an export; where it has none that anybody looks at, what an item is called there."""


class Said(NamedTuple):
    """What is said of something that is met, and the cure; `{name}` stands for what it is called.

    `{places}` stands for where it is met, `{count}` for how often.
    """

    message: str
    fix: str


class Mentions:
    """What was met, by rule and name; each is one note."""

    def __init__(self, said: Mapping[str, Said]) -> None:
        self._said = said
        self._places: dict[tuple[str, str], list[Place | None]] = {}

    def add(self, rule: str, place: Place | None = None, name: str = "") -> None:
        """Something that is met at a place; None where that says nothing."""
        self._places.setdefault((rule, name), []).append(place)

    def notes(self, file: str) -> list[Note]:
        """A note of each rule and name, in the order in which they were met first."""
        return [self._note(file, *each, places) for each, places in self._places.items()]

    def _note(self, file: str, rule: str, name: str, places: list[Place | None]) -> Note:
        said = self._said[rule]
        known = list(dict.fromkeys(each for each in places if each is not None))
        message = said.message.format(name=name, places=_spelled(known), count=len(places))
        first = next(iter(known), None)
        line = first if isinstance(first, int) else None
        return Note(file, f"moving.{rule}", message, said.fix, line)


def _spelled(places: list[Place]) -> str:
    shown = [str(each) for each in places[:_MOST_PLACES]]
    more = len(places) - len(shown)
    listed = f"{', '.join(shown)} and {more} more" if more else _and(shown)
    if places and isinstance(places[0], int):
        return f"line {listed}" if len(places) == 1 else f"lines {listed}"
    return listed


def _and(shown: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
